# Runs: what R holds of them, and the network in Python.

as_run <- function(python, call) {
  force(python) # its error is that of another call of Python
  summary <- call_python(to_r(python$summary()), call)
  experiment <- python$experiment
  texts <- function(values) as.character(unlist(to_r(builtins()$list(values))))
  structure(
    list(
      name = summary$run,
      path = summary$path,
      recipe = summary$recipe,
      dataset = summary$dataset,
      cell = to_r(experiment$model$cell),
      units = to_r(experiment$model$units),
      layers = to_r(experiment$model$layers),
      bidirectional = to_r(experiment$model$bidirectional),
      task = to_r(python$info$task),
      classes = texts(python$info$classes),
      features = texts(python$info$input_names),
      series = texts(python$info$series),
      drawn = texts(python$info$drawn_names),
      roles = to_r(python$info$roles_text),
      unit = to_r(python$info$unit),
      outcome = summary$outcome,
      updates = summary$updates,
      seconds = summary$seconds,
      updates_per_second = summary$updates_per_second,
      device = summary$device,
      parameters = summary$parameters,
      metrics = numbers(summary$metrics),
      weights_update = summary$weights_update,
      kept_updates = as.numeric(unlist(summary$kept_updates)),
      chosen_on_test = summary$chosen_on_test,
      footnote = to_r(python$footnote),
      baseline = lapply(summary$baseline, numbers),
      positive_class = summary$positive_class,
      class_metrics = rows_to_frame(summary$by_class),
      by_series = series_to_frame(summary$by_series),
      by_target = rows_to_frame(summary$by_target),
      by_step = series_to_frame(summary$by_step),
      comparison = comparison_from_python(python),
      conclusions = as.character(unlist(summary$conclusions)),
      suggestions = summary$suggestions,
      choices = choices_to_frame(summary$automatic),
      published = rows_to_frame(summary$published),
      published_results = series_to_frame(summary$published_results),
      warnings = counted_from_one(as.character(unlist(summary$warnings))),
      history = frame_from_python(call_python(python$history(), call)),
      python = python
    ),
    class = "rnn_run"
  )
}

# Return the settings that were chosen from the training set, with values as R code and the reasons.
choices_to_frame <- function(choices) {
  rows_to_frame(lapply(choices, function(choice) {
    choice$value <- format_value(choice$value)
    choice[c("setting", "value", "reason")]
  }))
}

# Return the metrics of each of several series, a row for each; a series without windows in the test set has NA.
series_to_frame <- function(rows) {
  names <- unique(unlist(lapply(rows, names)))
  filled <- lapply(rows, function(row) setNames(lapply(names, function(name) row[[name]]), names))
  rows_to_frame(filled)
}

# Return the comparison of a run with its best baseline, or NULL where they share no metric.
comparison_from_python <- function(python) {
  comparison <- call_python(python_function("core.baselines", "compare_with_baseline")(python$metrics, python$baseline))
  names <- c("metric", "value", "baseline", "baseline_value", "skill")
  if (!is.null(to_r(comparison))) setNames(lapply(names, function(name) to_r(comparison[[name]])), names)
}

# Return the run or group in Python.
python_predictor <- function(run, call) {
  if (!inherits(run, "rnn_group")) {
    return(python_run(run, call))
  }
  if (is_python(run$python) && !reticulate::py_is_null_xptr(run$python)) {
    return(run$python)
  }
  if (nzchar(run$path) && file.exists(run$path)) {
    return(call_python(rnnstudio_module(call)$load(run$path), call))
  }
  stop_in(
    call, "The networks of this group no longer exist, because R's own files do not store them. Train again, and save the ",
    "group."
  )
}

# Return the run in Python. Load it again from its folder in an R session that has only the R part of it.
python_run <- function(run, call = sys.call(sys.parent())) {
  force(call)
  if (inherits(run, "rnn_group")) {
    stop_in(call, "run must be one run; received a group of ", length(run$runs), " runs, which are in the list runs of it.")
  }
  if (!inherits(run, "rnn_run")) {
    stop_in(call, "run must be a run of rnn_train() or rnn_load(); received ", class(run)[1], ".")
  }
  if (is_python(run$python) && !reticulate::py_is_null_xptr(run$python)) {
    return(run$python)
  }
  if (nzchar(run$path) && file.exists(run$path)) {
    return(call_python(rnnstudio_module(call)$load(run$path), call))
  }
  stop_in(
    call, "The network of this run no longer exists, because R's own files do not store it. Train again, then use ",
    "rnn_save() and rnn_load()."
  )
}

rnn_at <- function(run, update) {
  call <- sys.call()
  check_single(list(update = update), call)
  if (is.character(run)) run <- call_python(rnnstudio_module(call)$load(path.expand(run)), call) else run <- python_run(run, call)
  as_run(call_python(run$at(update), call), call)
}

print.rnn_run <- function(x, ...) {
  cat("<rnn_run ", if (nzchar(x$name)) x$name else "(not saved)", "> ", headline(x), "\n", sep = "")
  if (any(nzchar(x$roles))) cat("  predicts ", x$roles, "\n", sep = "")
  if (length(x$metrics)) {
    names <- marked(names(x$metrics), x$footnote)
    cat(paste0("  ", format(names), "  ", vapply(x$metrics, format, "", digits = 4)), sep = "\n")
  }
  if (any(nzchar(x$footnote))) cat("  ", x$footnote, "\n", sep = "")
  for (sentence in x$conclusions) cat("  ", sentence, "\n", sep = "")
  if (length(x$suggestions)) cat("summary() lists settings that may help.\n")
  if (nrow(x$published)) cat("summary() compares this run with the publication.\n")
  if (nrow(x$published_results)) cat("summary() compares this run with published results on the same test set.\n")
  invisible(x)
}

# Return names of metrics with an asterisk behind those that a choice on the test set affects, which the footnote explains.
marked <- function(names, footnote) {
  affected <- any(nzchar(footnote)) & (grepl("^(best_)?test_", names) | names == "skill")
  paste0(names, ifelse(affected, "*", ""))
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
  compared <- unique(unlist(lapply(object$baseline, names)))
  rows <- c(list(`this run` = object$metrics[compared]), object$baseline)
  table <- as.data.frame(do.call(rbind, lapply(rows, function(metrics) setNames(metrics[compared], compared))))
  structure(
    list(
      headline = headline(object), roles = object$roles, name = object$name, path = object$path,
      metrics = object$metrics, compared = table, comparison = object$comparison,
      conclusions = object$conclusions, suggestions = object$suggestions, choices = object$choices, published = object$published,
      published_results = object$published_results,
      warnings = object$warnings, footnote = object$footnote
    ),
    class = "summary.rnn_run"
  )
}

print.summary.rnn_run <- function(x, ...) {
  cat(x$headline, "\n", sep = "")
  if (any(nzchar(x$roles))) cat("Predicts ", x$roles, ".\n", sep = "")
  if (ncol(x$compared)) {
    splits <- c(test = "test", val = "validation", train = "training")
    split <- splits[names(splits) %in% sub("_.*", "", names(x$compared))][1]
    cat("\nCompared with the baselines (", split, " set):\n", sep = "")
    print(setNames(x$compared, marked(names(x$compared), x$footnote)), digits = 4)
  }
  for (sentence in x$conclusions) cat(sentence, "\n", sep = "")
  for (suggestion in x$suggestions) {
    values <- vapply(suggestion$settings, function(value) paste(format(value), collapse = ", "), "")
    cat("Try ", paste(names(values), values, sep = " = ", collapse = ", "), ": ", suggestion$reason, "\n", sep = "")
  }
  for (i in which(nzchar(x$choices$reason))) {
    choice <- x$choices[i, ]
    cat("Automatic: ", choice$setting, " = ", choice$value, ": ", choice$reason, "\n", sep = "")
  }
  others <- x$metrics[setdiff(names(x$metrics), names(x$compared))]
  text <- paste0(marked(names(others), x$footnote), " ", vapply(others, format, "", digits = 4), collapse = ", ")
  if (length(others)) cat("\n", text, "\n", sep = "")
  if (any(nzchar(x$footnote))) cat(x$footnote, "\n", sep = "")
  if (nrow(x$published)) {
    cat("\nCompared with the publication, at the same updates:\n")
    print(x$published, digits = 4, row.names = FALSE)
  }
  if (nrow(x$published_results)) {
    cat("\nCompared with published results on the same test set:\n")
    columns <- c("model", "metric", "published", "run", "note")
    print(x$published_results[columns], digits = 4, row.names = FALSE)
  }
  if (nzchar(x$path)) cat("\nSaved as ", x$name, " in ", x$path, "\n", sep = "")
  for (sentence in x$warnings) cat("Note:", sentence, "\n")
  invisible(x)
}

as.data.frame.rnn_run <- function(x, row.names = NULL, optional = FALSE,
                                  what = c("history", "predictions", "operating_points"), ...) {
  call <- sys.call(-1)
  what <- tryCatch(match.arg(what), error = function(e) {
    stop_in(
      call, "what must be \"history\", \"predictions\" or \"operating_points\"; received ",
      paste(format(what), collapse = ", "), "."
    )
  })
  switch(what,
    history = x$history,
    predictions = predictions(x, call),
    operating_points = frame_from_python(call_python(python_run(x, call)$operating_points(), call))
  )
}

# Return the table of all predictions on the held-out set; classes are factors in the order of the run.
predictions <- function(run, call) {
  python <- python_run(run, call)
  with_classes(frame_from_python(call_python(python$predictions(), call)), run)
}

# Return the table of what plots draw: of a large set a part, and several lines of a series.
plot_table <- function(run, call) {
  python <- python_run(run, call)
  with_classes(frame_from_python(call_python(python$plot_table(), call)), run)
}

with_classes <- function(table, run) {
  if (length(run$classes)) {
    for (column in c("truth", "prediction")) table[[column]] <- factor(table[[column]], run$classes)
  }
  table
}

predict.rnn_run <- function(object, newdata, type = c("response", "prob"), series = NULL, table = FALSE, ...) {
  call <- sys.call(-1)
  type <- tryCatch(match.arg(type), error = function(e) {
    stop_in(call, "type must be \"response\" or \"prob\"; received ", paste(format(type), collapse = ", "), ".")
  })
  if (missing(newdata)) {
    stop_in(call, "newdata must be given: sequences or a series in the units of the training data.")
  }
  predict_from_python(object, newdata, type, series, table, call, ...)
}

# The generic function passes the same arguments for a group, whose mean of the predictions Python returns.
predict.rnn_group <- predict.rnn_run

# Return the predictions of a run or a group.
predict_from_python <- function(object, newdata, type, series, table, call, ...) {
  if (type == "prob" && !length(object$classes)) {
    stop_in(call, "type = \"prob\" needs a run that predicts classes; this run predicts values.")
  }
  if (is.data.frame(newdata) && !is.null(object$terms)) {
    newdata <- formula_columns(object$terms, newdata, call)
  }
  python <- python_predictor(object, call)
  is_path <- is.character(newdata) && is.null(dim(newdata)) && length(newdata) == 1 && !is.na(newdata)
  dated <- if (!object$task %in% c("classify", "regress_sequence") && (is.matrix(newdata) || length(object$features) == 1)) {
    with_dates(newdata, object$features[1])
  }
  data <- if (is.null(dated)) newdata else dated
  inputs <- if (is_path) path.expand(newdata) else data_to_python(data, "newdata", call)
  if (isTRUE(table)) {
    rows <- call_with_warnings(
      python$predict_table, inputs, probabilities = type == "prob", series = series, ..., call = call
    )
    rows <- frame_from_python(rows)
    if (type == "response" && length(object$classes)) rows$prediction <- factor(rows$prediction, object$classes)
    return(rows)
  }
  predicted <- call_with_warnings(
    python$predict, inputs, probabilities = type == "prob", series = series, ..., call = call
  )
  if (to_r(builtins()$isinstance(predicted, builtins()$list))) {
    return(lapply(seq_len(length(predicted)) - 1L, function(i) {
      prediction_from_python(predicted$`__getitem__`(i), object, type)
    }))
  }
  continue_time(prediction_from_python(predicted, object, type), newdata, object$task)
}

# Return a number for each step, or for each step after a window, of a time series as a time series; anything else as it is.
continue_time <- function(values, newdata, task) {
  if (!is.ts(newdata) || !is.numeric(values) || !is.null(dim(values)) || !(task %in% c("forecast", "regress"))) {
    return(values)
  }
  axis <- tsp(newdata)
  before <- if (task == "forecast") NROW(newdata) - length(values) + 1 else 0
  if (task == "regress" && length(values) != NROW(newdata)) {
    return(values)
  }
  ts(values, start = axis[1] + before / axis[3], frequency = axis[3])
}

# Return the columns that a formula makes of a data frame, and the columns the formula does not use, such as that of the
# sequences.
formula_columns <- function(terms, newdata, call) {
  if (!length(attr(terms, "term.labels"))) {
    return(newdata) # the target is predicted from its own past values
  }
  columns <- tryCatch(
    model_columns(stats::delete.response(terms), newdata),
    error = function(e) stop_in(call, one_line(conditionMessage(e)), ".")
  )
  cbind(columns, newdata[setdiff(names(newdata), names(columns))])
}

# Convert a prediction: classes become a factor, and probabilities have the names of the classes.
prediction_from_python <- function(predicted, run, type) {
  values <- array_from_python(predicted)
  if (type == "prob") {
    if (is.null(dim(values))) {
      return(setNames(values, run$classes))
    }
    dimnames(values) <- c(rep(list(NULL), length(dim(values)) - 1), list(run$classes))
    return(values)
  }
  if (length(run$classes) && is.null(dim(values))) factor(values, levels = run$classes) else values
}

rnn_forecast <- function(run, h = NULL, start = NULL, table = FALSE, series = NULL, newdata = NULL, xreg = NULL,
                         until = NULL, refit = NULL, level = NULL, ..., steps) {
  call <- sys.call()
  is_path <- is.character(run) && length(run) == 1 && !is.na(run)
  is_data <- is_path || is.data.frame(run)
  python <- if (!is_data) python_predictor(run, call)
  if (!missing(steps)) {
    warning("steps was renamed to h.", call. = FALSE)
    h <- steps
  }
  if (inherits(until, "Date")) until <- format(until)
  if (inherits(until, "POSIXt")) until <- format(until, "%Y-%m-%d %H:%M:%S")
  known <- if (!is.null(xreg)) plan_to_python(xreg, call)
  if (is_data) {
    x <- if (is_path) path.expand(run) else data_to_python(run, "run", call)
    how <- modifyList(list(until = until, known = known, level = level, refit = refit, verbose = 0), list(...))
    rows <- do.call(call_with_warnings, c(list(rnnstudio_module(call)$forecast, x, h), how, list(call = call)), quote = TRUE)
    return(frame_from_python(rows))
  }
  newer <- if (!is.null(newdata)) newer_to_python(newdata, run, call)
  if (isTRUE(table) || !is.null(level) || length(run$series)) {
    rows <- call_with_warnings(
      python$forecast_table, h, start, series, until = until, input = newer, known = known, refit = refit, level = level,
      ..., call = call
    )
    return(frame_from_python(rows))
  }
  forecast <- call_with_warnings(
    python$forecast, h, start, series, until = until, input = newer, known = known, refit = refit, ..., call = call
  )
  values <- array_from_python(forecast)
  if (is.matrix(values)) colnames(values) <- predicted_names(python, run)
  axis <- if (is.null(newdata)) run$tsp else if (is.ts(newdata)) tsp(newdata)
  if (is.null(start) && !is.null(axis)) {
    values <- ts(values, start = axis[2] + 1 / axis[3], frequency = axis[3])
  }
  values
}

# Return the names of the values that a run predicts.
predicted_names <- function(python, run) {
  names <- as.character(unlist(to_r(builtins()$list(python$info$target_names))))
  if (length(names) == length(run$features)) run$features else names
}

# Convert what is known ahead: a path, a data frame, or numbers with a row for each step.
plan_to_python <- function(xreg, call) {
  is_path <- is.character(xreg) && is.null(dim(xreg)) && length(xreg) == 1 && !is.na(xreg)
  if (is_path) path.expand(xreg) else data_to_python(xreg, "xreg", call)
}

# Convert newer data of one or several series: a path, a time series with its dates, or columns.
newer_to_python <- function(newdata, run, call) {
  if (is.character(newdata) && is.null(dim(newdata)) && length(newdata) == 1 && !is.na(newdata)) {
    return(path.expand(newdata))
  }
  dated <- if (is.matrix(newdata) || length(run$features) == 1) with_dates(newdata, run$features[1])
  data_to_python(if (is.null(dated)) newdata else dated, "newdata", call)
}

rnn_save <- function(run, path = NULL, overwrite = FALSE) {
  python <- python_predictor(run, sys.call())
  call_python(if (inherits(run, "rnn_group")) python$save(path) else python$save(path, overwrite = isTRUE(overwrite)))
  run$name <- to_r(python$name)
  run$path <- to_r(python$path)
  run$python <- python
  invisible(run)
}

rnn_load <- function(run = "latest") {
  call <- sys.call()
  as_result(call_with_warnings(rnnstudio_module()$load, run, call = call), call)
}

rnn_export <- function(run, path, decimal = "point", table = NULL) {
  python <- python_predictor(run, sys.call())
  if (is.null(table)) table <- if (inherits(run, "rnn_group")) "runs" else "history"
  invisible(to_r(call_python(python$export(path, table = table, decimal = decimal))))
}
