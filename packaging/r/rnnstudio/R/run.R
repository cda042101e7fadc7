# A run: what R knows of it, and the network in Python to ask.

as_run <- function(python, call) {
  about <- asking(plain(python$summary()), call)
  experiment <- python$experiment
  structure(
    list(
      name = about$run,
      path = about$path,
      recipe = about$recipe,
      dataset = about$dataset,
      cell = plain(experiment$model$cell),
      units = plain(experiment$model$units),
      layers = plain(experiment$model$layers),
      bidirectional = plain(experiment$model$bidirectional),
      task = plain(python$info$task),
      classes = as.character(unlist(plain(builtins()$list(python$info$classes)))),
      features = as.character(unlist(plain(builtins()$list(python$info$features)))),
      unit = plain(python$info$unit),
      outcome = about$outcome,
      updates = about$updates,
      seconds = about$seconds,
      updates_per_second = about$updates_per_second,
      device = about$device,
      parameters = about$parameters,
      metrics = numbers(about$metrics),
      baseline = lapply(about$baseline, numbers),
      published = rows_to_frame(about$published),
      warnings = as.character(unlist(about$warnings)),
      history = frame_from_python(asking(python$history(), call)),
      python = python
    ),
    class = "rnn_run"
  )
}

numbers <- function(values) vapply(values, function(v) if (is.null(v)) NA_real_ else as.numeric(v), 0)

# The run in Python; read again from its folder in an R that has only the R part of it.
live <- function(run, call = sys.call(sys.parent())) {
  force(call)
  if (!inherits(run, "rnn_run")) {
    refuse(call, "run must be a run of rnn_train() or rnn_load(); received ", class(run)[1], ".")
  }
  if (is_python(run$python) && !reticulate::py_is_null_xptr(run$python)) {
    return(run$python)
  }
  if (nzchar(run$path) && dir.exists(run$path)) {
    return(asking(studio(call)$load(run$path), call))
  }
  refuse(
    call, "The network of this run is gone: R's own files do not keep it. Train again, and use rnn_save() and rnn_load()."
  )
}

print.rnn_run <- function(x, ...) {
  cat("<rnn_run ", if (nzchar(x$name)) x$name else "(not saved)", "> ", headline(x), "\n", sep = "")
  shown <- x$metrics
  if (length(shown)) {
    cat(paste0("  ", format(names(shown)), "  ", vapply(shown, format, "", digits = 4)), sep = "\n")
  }
  if (nrow(x$published)) cat("Published numbers beside its own: summary()\n")
  invisible(x)
}

headline <- function(run) {
  paste0(
    if (nzchar(run$recipe)) run$recipe else run$dataset, ": ", if (run$bidirectional) "bidirectional ", run$cell, ", ",
    if (run$layers > 1) paste0(run$layers, " layers of "), run$units, " units; ",
    run$outcome, " after ", format(run$updates, big.mark = ","), " updates in ",
    format(round(run$seconds, 1)), " s on ", run$device
  )
}

summary.rnn_run <- function(object, ...) {
  figures <- object$metrics
  compared <- unique(unlist(lapply(object$baseline, names)))
  rows <- c(list(`this run` = figures[compared]), object$baseline)
  table <- as.data.frame(do.call(rbind, lapply(rows, function(r) setNames(r[compared], compared))))
  structure(
    list(
      headline = headline(object), name = object$name, path = object$path, metrics = figures, compared = table,
      published = object$published, warnings = object$warnings
    ),
    class = "summary.rnn_run"
  )
}

print.summary.rnn_run <- function(x, ...) {
  cat(x$headline, "\n", sep = "")
  if (ncol(x$compared)) {
    held_out <- any(grepl("^(test|val)_", names(x$compared)))
    cat(if (held_out) "\nOn the held-out part, beside naive answers:\n" else "\nBeside naive answers:\n")
    print(x$compared, digits = 4)
  }
  others <- x$metrics[setdiff(names(x$metrics), names(x$compared))]
  told <- paste0(names(others), " ", vapply(others, format, "", digits = 4), collapse = ", ")
  if (length(others)) cat("\n", told, "\n", sep = "")
  if (nrow(x$published)) {
    cat("\nPublished, and this run at the same update:\n")
    print(x$published, digits = 4, row.names = FALSE)
  }
  if (nzchar(x$path)) cat("\nKept as ", x$name, " in ", x$path, "\n", sep = "")
  for (sentence in x$warnings) cat("Note:", sentence, "\n")
  invisible(x)
}

as.data.frame.rnn_run <- function(x, row.names = NULL, optional = FALSE, what = c("history", "predictions"), ...) {
  call <- sys.call(-1)
  what <- tryCatch(match.arg(what), error = function(e) refuse(call, "what must be \"history\" or \"predictions\"."))
  if (what == "history") x$history else predictions(x, call)
}

# The newest predictions beside the truth; classes as factors in the run's order.
predictions <- function(run, call) {
  told <- asking(live(run, call)$predictions(), call)
  table <- frame_from_python(told)
  if (length(run$classes)) {
    for (column in c("truth", "predicted")) table[[column]] <- factor(table[[column]], run$classes)
  }
  table
}

predict.rnn_run <- function(object, newdata, type = c("response", "prob"), ...) {
  call <- sys.call(-1)
  type <- tryCatch(match.arg(type), error = function(e) refuse(call, "type must be \"response\" or \"prob\"."))
  if (missing(newdata)) {
    refuse(call, "newdata must be given: sequences or a series in the units the run was trained on.")
  }
  if (type == "prob" && !length(object$classes)) {
    refuse(call, "type \"prob\" needs a run that tells classes; this one tells values.")
  }
  if (is.data.frame(newdata) && !is.null(object$terms)) {
    newdata <- features_of(object$terms, newdata, object$features, call)
  }
  python <- live(object, call)
  told <- asking(python$predict(data_to_python(newdata, "newdata", call), probabilities = type == "prob"), call)
  if (plain(builtins()$isinstance(told, builtins()$list))) {
    return(lapply(seq_len(length(told)) - 1L, function(i) answer(told$`__getitem__`(i), object, type)))
  }
  answer(told, object, type)
}

# The columns a formula makes of a data frame, and those that say which sequence a row belongs to.
features_of <- function(terms, newdata, features, call) {
  if (!length(attr(terms, "term.labels"))) {
    return(newdata) # the target told from its own past
  }
  made <- tryCatch(
    columns_of(stats::delete.response(terms), newdata),
    error = function(e) refuse(call, one_line(conditionMessage(e)), ".")
  )
  cbind(made[features], newdata[setdiff(names(newdata), names(made))])
}

answer <- function(told, run, type) {
  values <- array_from_python(told)
  if (type == "prob") {
    if (is.null(dim(values))) {
      return(setNames(values, run$classes))
    }
    dimnames(values) <- c(rep(list(NULL), length(dim(values)) - 1), list(run$classes))
    return(values)
  }
  if (length(run$classes) && is.null(dim(values))) factor(values, levels = run$classes) else values
}

rnn_forecast <- function(run, steps = 20, start = NULL) {
  python <- live(run)
  told <- array_from_python(asking(python$forecast(steps, start)))
  if (is.matrix(told)) colnames(told) <- run$features
  if (is.null(start) && !is.null(run$tsp)) {
    told <- ts(told, start = run$tsp[2] + 1 / run$tsp[3], frequency = run$tsp[3])
  }
  told
}

rnn_save <- function(run, path = NULL, overwrite = FALSE) {
  python <- live(run)
  asking(python$save(path, overwrite = isTRUE(overwrite)))
  run$name <- plain(python$name)
  run$path <- plain(python$path)
  run$python <- python
  invisible(run)
}

rnn_load <- function(run = "latest") {
  module <- studio()
  found <- asking(module$load(run))
  as_run(found, sys.call())
}

rnn_export <- function(run, path) {
  python <- live(run)
  invisible(plain(asking(python$export(path))))
}
