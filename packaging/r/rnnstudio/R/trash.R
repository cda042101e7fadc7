# The trash of the run list.

rnn_delete <- function(run) {
  call <- sys.call()
  module <- rnnstudio_module(call)
  if (inherits(run, c("rnn_run", "rnn_group"))) {
    if (!nzchar(run$path)) {
      stop_in(call, "run must be a saved run or group; this one is not saved.")
    }
    run <- run$path
  }
  if (!is.character(run) || length(run) != 1 || is.na(run)) {
    stop_in(call, "run must be a saved run, its name or its path; received ", paste(format(run), collapse = ", "), ".")
  }
  invisible(to_r(call_python(module$delete(run), call)))
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
