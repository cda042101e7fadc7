# Names and notes of runs, and the trash of the run list.

rnn_delete <- function(run) {
  call <- sys.call()
  module <- rnnstudio_module(call)
  invisible(to_r(call_python(module$delete(saved_place(run, call)), call)))
}

rnn_rename <- function(run, name) {
  call <- sys.call()
  module <- rnnstudio_module(call)
  name <- one_text(name, "name", call)
  invisible(to_r(call_python(module$rename(saved_place(run, call), name), call)))
}

rnn_note <- function(run, text = NULL) {
  call <- sys.call()
  module <- rnnstudio_module(call)
  place <- saved_place(run, call)
  if (is.null(text)) {
    return(to_r(call_python(module$note(place), call)))
  }
  invisible(to_r(call_python(module$note(place, one_text(text, "text", call)), call)))
}

# Return the path of a saved run or group, or the name or path that was given.
saved_place <- function(run, call) {
  if (inherits(run, c("rnn_run", "rnn_group"))) {
    if (!nzchar(run$path)) {
      stop_in(call, "run must be a saved run or group; this one is not saved.")
    }
    run <- run$path
  }
  if (!is.character(run) || length(run) != 1 || is.na(run)) {
    stop_in(call, "run must be a saved run, its name or its path; received ", paste(format(run), collapse = ", "), ".")
  }
  run
}

# Return a text in UTF-8.
one_text <- function(x, name, call) {
  if (!is.character(x) || length(x) != 1 || is.na(x)) {
    stop_in(call, name, " must be a text; received ", paste(format(x), collapse = ", "), ".")
  }
  enc2utf8(x)
}

rnn_trash <- function() rows_to_frame(to_r(call_python(rnnstudio_module()$trash())))

rnn_restore <- function(name) {
  call <- sys.call()
  module <- rnnstudio_module(call)
  if (!is.character(name) || length(name) != 1 || is.na(name)) {
    stop_in(call, "name must be the name of a run in the trash; received ", paste(format(name), collapse = ", "), ".")
  }
  invisible(to_r(call_python(module$restore(name), call)))
}

rnn_empty_trash <- function() {
  call <- sys.call()
  invisible(as.numeric(to_r(call_python(rnnstudio_module(call)$empty_trash(), call))))
}
