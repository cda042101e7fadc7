# Predictions of a run or group for new data beside the truth in them, and their metrics.

rnn_evaluate <- function(run, newdata, series = NULL, ...) {
  call <- sys.call()
  python <- python_predictor(run, call)
  if (missing(newdata)) {
    stop_in(call, "newdata must be given: a data frame or the path of a file that holds what is predicted, too.")
  }
  is_path <- is.character(newdata) && is.null(dim(newdata)) && length(newdata) == 1 && !is.na(newdata)
  if (!is_path && !is.data.frame(newdata)) {
    dated <- with_dates(newdata, run$features[1])
    newdata <- if (is.null(dated)) newdata else dated
  }
  inputs <- if (is_path) path.expand(newdata) else data_to_python(newdata, "newdata", call)
  result <- call_with_warnings(python$evaluate, inputs, series = series, ..., call = call)
  table <- frame_from_python(result$table)
  if (length(run$classes)) {
    for (column in intersect(c("truth", "prediction"), names(table))) table[[column]] <- factor(table[[column]], run$classes)
  }
  structure(
    list(
      metrics = numbers(to_r(result$metrics)), count = to_r(result$count), table = table,
      notes = as.character(unlist(to_r(builtins()$list(result$notes))))
    ),
    class = "rnn_evaluation"
  )
}

print.rnn_evaluation <- function(x, ...) {
  cat(nrow(x$table), " predictions, compared with ", x$count, " true values", if (x$count) ":", "\n", sep = "")
  if (length(x$metrics)) print(x$metrics, digits = 4)
  for (note in x$notes) cat("Note:", note, "\n")
  invisible(x)
}

as.data.frame.rnn_evaluation <- function(x, row.names = NULL, optional = FALSE, ...) x$table
