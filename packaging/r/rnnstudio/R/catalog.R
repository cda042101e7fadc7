# Recipes, data sets, cells, optimizers and saved runs.

rnn_recipes <- function() {
  recipes <- to_r(call_python(rnnstudio_module()$recipes()))
  columns <- c("name", "task", "dataset", "reached", "model_of", "title", "publication", "summary")
  rows_to_frame(lapply(recipes, function(recipe) recipe[columns]))
}

rnn_datasets <- function() rows_to_frame(to_r(call_python(rnnstudio_module()$datasets())))

rnn_cells <- function() rows_to_frame(to_r(call_python(rnnstudio_module()$cells())))

rnn_optimizers <- function() rows_to_frame(to_r(call_python(rnnstudio_module()$optimizers())))

rnn_runs <- function() {
  runs <- to_r(call_python(rnnstudio_module()$runs()))
  metrics <- lapply(runs, function(run) numbers(run$metrics))
  names <- unique(unlist(lapply(metrics, names)))
  rows_to_frame(lapply(seq_along(runs), function(i) {
    others <- runs[[i]][setdiff(names(runs[[i]]), c("metrics", "path", "problem"))]
    c(others, setNames(as.list(metrics[[i]][names]), names), runs[[i]][c("path", "problem")])
  }))
}

rnn_doctor <- function(repair = TRUE) {
  call <- sys.call()
  module <- rnnstudio_module(call)
  if (!isTRUE(repair) && !isFALSE(repair)) {
    stop_in(call, "repair must be TRUE or FALSE; received ", paste(format(repair), collapse = ", "), ".")
  }
  rows_to_frame(to_r(call_python(module$doctor(repair = repair), call)))
}

rnn_fetch <- function(name, verbose = interactive()) {
  module <- rnnstudio_module()
  invisible(to_r(call_python(module$fetch(name, verbose = as.integer(isTRUE(verbose))))))
}

rnn_describe <- function(kind = c("recipe", "dataset", "cell", "optimizer"), name) {
  module <- rnnstudio_module()
  if (missing(name)) {
    stop_in(sys.call(), "name must be given, such as rnn_describe(\"cell\", \"lstm\").")
  }
  description <- to_r(call_python(module$describe(kind[1], name)))
  description$settings <- rows_to_frame(lapply(description$settings, function(setting) {
    setting$default <- format_value(setting$default)
    setting[c("name", "default", "unit", "allowed", "description")]
  }))
  description$published <- rows_to_frame(description$published)
  description$published_results <- rows_to_frame(lapply(description$published_results, function(result) {
    c(result[c("model", "metric", "value")], result$settings, result[c("note", "source")])
  }))
  structure(description, class = "rnn_description")
}

# Format the value of a setting as R code.
format_value <- function(value) {
  text <- vapply(unlist(value), function(v) {
    if (is.character(v)) encodeString(v, quote = "\"") else format(v, digits = 6)
  }, "")
  if (length(text) == 1) unname(text) else paste0("c(", paste(text, collapse = ", "), ")")
}

print.rnn_description <- function(x, ...) {
  cat(x$kind, " ", x$name, if (!is.null(x$title)) paste0(": ", x$title), "\n", sep = "")
  for (line in c(x$publication, x$summary, x$description, unlist(x$remarks))) cat(strwrap(line, exdent = 2), sep = "\n")
  if (nrow(x$settings)) {
    cat("\nSettings and their defaults:\n")
    for (i in seq_len(nrow(x$settings))) {
      setting <- x$settings[i, ]
      cat(strwrap(paste0(
        setting$name, " = ", setting$default, ": ", setting$description, " Must be ", setting$allowed, "."
      ), indent = 2, exdent = 6), sep = "\n")
    }
  }
  invisible(x)
}

rnn_inspect <- function(x, ...) {
  call <- sys.call()
  module <- rnnstudio_module()
  if (missing(x)) {
    stop_in(call, "x must be given: the path of a file, a data frame or a time series.")
  }
  if (is.ts(x)) {
    dated <- with_dates(x)
    x <- if (is.null(dated)) as.data.frame(x) else dated
    if (is.null(dated) && ncol(x) == 1) names(x) <- "value"
  }
  source <- if (is.data.frame(x)) data_to_python(x, "x", call) else x
  settings <- settings_to_python(list(...), call)
  account <- call_python(do.call(module$inspect, c(list(source), settings), quote = TRUE), call)
  described <- to_r(account$to_dict())
  described$columns <- rows_to_frame(lapply(described$columns, function(column) {
    column[c("name", "kind", "unit", "written", "missing", "distinct", "same_as", "unread")]
  }))
  structure(described, text = to_r(account$`__str__`()), class = "rnn_account")
}

print.rnn_account <- function(x, ...) {
  for (line in strsplit(attr(x, "text"), "\n", fixed = TRUE)[[1]]) {
    is_column <- startsWith(line, "  ") # their parts stand below each other
    cat(if (is_column) line else strwrap(line, exdent = 2), sep = "\n")
  }
  invisible(x)
}

as.data.frame.rnn_account <- function(x, row.names = NULL, optional = FALSE, ...) x$columns
