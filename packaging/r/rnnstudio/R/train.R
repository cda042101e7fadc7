# rnn_train() and its methods: names, files, arrays, data frames and formulas.

rnn_train <- function(x, ...) UseMethod("rnn_train")

rnn_train.character <- function(x, ..., classes = NULL, initial_weights = NULL, callback = NULL, max_seconds = NULL,
                                verbose = interactive(), save = TRUE) {
  call <- sys.call(-1)
  if (length(x) != 1 || is.na(x)) {
    stop_in(
      call, "x must be one name or path; received ", length(x), " texts. Sequences must be numbers in an array or a list."
    )
  }
  train(x, NULL, list(...), classes, initial_weights, callback, max_seconds, verbose, save, call)
}

rnn_train.default <- function(x, y = NULL, ..., classes = NULL, initial_weights = NULL, callback = NULL,
                              max_seconds = NULL, verbose = interactive(), save = TRUE) {
  call <- sys.call(-1)
  if (missing(x) || is.null(x)) {
    stop_in(
      call, "x must be given: the name of a recipe, such as \"echo\", the path of a file, sequences, a series or a data frame."
    )
  }
  settings <- list(...)
  y <- as_classes(y)
  if (is.null(classes)) {
    classes <- levels_of(y)
  }
  if (is.null(settings$task)) settings$task <- task_of(x, y, settings)
  if (is.ts(x) && is.null(settings$period) && frequency(x) > 1 && frequency(x) == round(frequency(x))) {
    settings$period <- frequency(x) # for the seasonal baseline
  }
  with_dates <- if (is.null(y)) with_dates(x)
  run <- train(
    data_to_python(if (is.null(with_dates)) x else with_dates, "x", call), data_to_python(y, "y", call), settings, classes, initial_weights, callback,
    max_seconds, verbose, save, call
  )
  steps_dropped <- identical(settings$missing, "drop") && (anyNA(x) || anyNA(y))
  if (is.ts(x) && !steps_dropped) {
    is_named <- is.matrix(x) && all(run$features %in% colnames(x))
    run$tsp <- used_tsp(if (is_named) x[, run$features, drop = FALSE] else x, y)
  }
  run
}

# Return start, end and frequency of the steps used: where values are missing at both ends, training cuts them.
used_tsp <- function(x, y) {
  known <- !is.na(as.matrix(x))
  first <- max(apply(known, 2, which.max))
  last <- max(which(rowSums(known) > 0))
  if (NROW(y) == NROW(x)) {
    targets <- which(rowSums(!is.na(as.matrix(y))) > 0)
    first <- max(first, min(targets))
    last <- min(last, max(targets))
  }
  axis <- tsp(x)
  c(axis[1] + (first - 1) / axis[3], axis[2] - (nrow(known) - last) / axis[3], axis[3])
}

rnn_train.data.frame <- function(x, y = NULL, ..., classes = NULL, initial_weights = NULL, callback = NULL,
                                 max_seconds = NULL, verbose = interactive(), save = TRUE) {
  call <- sys.call(-1)
  settings <- list(...)
  target <- if (is.character(settings$target)) intersect(settings$target[1], names(x))
  if (length(target)) x[[target]] <- as_classes(x[[target]])
  y <- as_classes(y)
  truth <- if (!is.null(y)) y else if (length(target)) x[[target]]
  if (is.null(classes)) {
    classes <- levels_of(truth)
  }
  if (is.null(settings$task) && is.null(settings$sequence) && is_class(truth)) {
    settings$task <- "label"
  }
  if (!is.null(y) && is.null(settings$target) && is.null(settings$features) && is.null(settings$sequence)) {
    check_numeric(x, names(x), call, " Remove the column, or name the columns to use with features or target.")
  }
  train(
    data_to_python(x, "x", call), data_to_python(y, "y", call), settings, classes, initial_weights, callback,
    max_seconds, verbose, save, call
  )
}

rnn_train.formula <- function(x, data, ..., classes = NULL, initial_weights = NULL, callback = NULL, max_seconds = NULL,
                              verbose = interactive(), save = TRUE) {
  call <- sys.call(-1)
  if (missing(data) || !is.data.frame(data)) {
    stop_in(call, "data must be a data frame that holds the columns of the formula.")
  }
  settings <- list(...)
  duplicated <- intersect(c("target", "features"), names(settings))
  if (length(duplicated)) {
    stop_in(call, duplicated[1], " must be left out: the formula defines it.")
  }
  # These columns are not features.
  identifiers <- setdiff(unlist(settings[c("sequence", "group", "series", "time")]), c("none", ""))
  check_columns_exist(identifiers, data, "data", call)
  parsed <- tryCatch(
    {
      columns <- data[setdiff(names(data), identifiers)]
      terms <- terms(x, data = columns)
      list(terms = terms, columns = model_columns(terms, columns))
    },
    error = function(e) stop_in(call, one_line(conditionMessage(e)), ".")
  )
  if (attr(parsed$terms, "response") != 1) {
    stop_in(call, "The formula must have a target on its left side, such as sales ~ temperature.")
  }
  features <- gsub("^`|`$", "", attr(parsed$terms, "term.labels"))
  absent <- setdiff(features, names(parsed$columns))
  if (length(absent)) {
    stop_in(
      call, "Each term of the formula must be one feature; ", absent[1], " is an interaction of several. The network ",
      "learns interactions itself."
    )
  }
  frame <- parsed$columns[c(names(parsed$columns)[1], features)]
  is_text <- vapply(frame[features], function(v) is.factor(v) || is.character(v), NA)
  check_numeric(frame, features[!is_text], call)
  settings$target <- names(frame)[1]
  if (length(features)) settings$features <- features
  truth <- frame[[1]] <- as_classes(frame[[1]])
  if (!is.null(dim(truth)) || !(is.numeric(truth) || is_class(truth))) {
    stop_in(
      call, "The target must be one column of numbers or classes; ", settings$target, " is of class ", class(truth)[1], "."
    )
  }
  if (is.null(settings$task)) {
    settings$task <- if (!is.null(settings$sequence)) {
      if (is_class(truth)) "classify" # numbers are classes or values, which Python decides or asks about
    } else if (is_class(truth)) {
      "label"
    } else if (length(features)) {
      "regress" # without features the task is a forecast
    }
  }
  if (is.null(classes)) {
    classes <- levels_of(truth)
  }
  run <- train(
    data_to_python(cbind(frame, data[identifiers]), "data", call), NULL, settings, classes, initial_weights, callback,
    max_seconds, verbose, save, call
  )
  run$terms <- parsed$terms
  run
}

# Raise an error for names that no column has.
check_columns_exist <- function(columns, frame, name, call) {
  unknown <- setdiff(columns, names(frame))
  if (length(unknown)) {
    stop_in(call, "There is no column ", unknown[1], " in ", name, "; it has ", paste(names(frame), collapse = ", "), ".")
  }
}

# Raise an error for features that are not numbers.
check_numeric <- function(frame, features, call, advice = "") {
  is_numeric <- vapply(frame[features], function(v) is.null(dim(v)) && (is.numeric(v) || is.logical(v)), NA)
  other <- features[!is_numeric]
  if (length(other)) {
    stop_in(call, "Features must be numbers; ", other[1], " is of class ", class(frame[[other[1]]])[1], ".", advice)
  }
}

is_class <- function(x) is.factor(x) || is.character(x) || is.logical(x)

# Convert TRUE and FALSE to classes of these names; in Python they would become 1 and 0.
as_classes <- function(x) if (is.logical(x) && is.null(dim(x))) factor(x, c(FALSE, TRUE)) else x

# Return the levels of a factor, or of the factors in a list.
levels_of <- function(y) {
  if (is.list(y) && length(y) && all(vapply(y, is.factor, NA))) unique(unlist(lapply(y, levels))) else levels(y)
}

# Return "classify" for one class per sequence, "label" for one class per step, NULL if y holds no classes.
task_of <- function(x, y, settings) {
  if (is.list(y) || !is.null(dim(y))) {
    return(if (is.list(y) && length(y) && is_class(y[[1]]) || is.character(y)) "label")
  }
  if (is_class(y)) {
    per_sequence <- is.list(x) || length(dim(x)) == 3 || is.matrix(x) && ncol(x) > 1 && is.null(settings$window)
    if (per_sequence) "classify" else "label"
  }
}

# Return the columns that a formula makes of a data frame. A matrix with one column, as of scale(), is a column.
model_columns <- function(terms, data) {
  frame <- model.frame(terms, data, na.action = na.pass)
  for (name in names(frame)) {
    if (is.matrix(frame[[name]]) && ncol(frame[[name]]) == 1) frame[[name]] <- as.vector(frame[[name]])
  }
  frame
}

# Train in Python and return the run.
train <- function(x, y, settings, classes, initial_weights, callback, max_seconds, verbose, save, call) {
  settings <- settings_to_python(settings, call)
  check_single(list(verbose = verbose, save = save, max_seconds = max_seconds), call)
  module <- rnnstudio_module(call)
  if (inherits(initial_weights, "rnn_run")) initial_weights <- python_run(initial_weights, call)
  arguments <- list(
    x,
    y = y, classes = if (length(classes)) as.list(as.character(classes)), initial_weights = initial_weights,
    max_seconds = max_seconds, verbose = as.integer(verbose), save = save
  )
  listening(module$train, c(arguments, settings), callback, save, settings$seeds, call)
}

rnn_resume <- function(run, updates = NULL, x = NULL, y = NULL, data = NULL, callback = NULL, max_seconds = NULL,
                       verbose = interactive(), ...) {
  call <- sys.call()
  if (!is.null(data)) {
    if (!is.null(x)) stop_in(call, "x and data are the same data; pass one of them.")
    x <- data
  }
  check_single(list(verbose = verbose, updates = updates, max_seconds = max_seconds), call)
  module <- rnnstudio_module(call)
  run <- if (inherits(run, c("rnn_run", "rnn_group"))) python_predictor(run, call) else if (is.character(run)) path.expand(run) else run
  arguments <- list(
    run,
    x = if (!is.null(x)) data_to_python(x, "x", call), y = if (!is.null(y)) data_to_python(as_classes(y), "y", call),
    updates = updates, max_seconds = max_seconds, verbose = as.integer(verbose), ...
  )
  listening(module$resume, arguments, callback, TRUE, NULL, call)
}

# Raise an error for an argument that is not a single value.
check_single <- function(values, call) {
  for (name in names(values)) {
    value <- values[[name]]
    if (!is.null(value) && (length(value) != 1 || is.na(value))) {
      stop_in(call, name, " must be a single value; received ", paste(format(value), collapse = ", "), ".")
    }
  }
}

# Call a function of Python that trains while a callback listens, and return the run.
listening <- function(train, arguments, callback, save, seeds, call) {
  if (!is.null(callback) && !is.function(callback)) {
    stop_in(call, "callback must be a function of updates and metrics; received ", class(callback)[1], ".")
  }
  listener <- training_listener(callback)
  arguments$callback <- listener$callback
  arguments <- c(train, arguments[!vapply(arguments, is.null, NA)])
  result <- withCallingHandlers(
    call_python(do.call(python_function("core.upgrade", "recorded"), arguments, quote = TRUE), call),
    interrupt = function(condition) if (isTRUE(listener$started)) message_saved(save, seeds)
  )
  if (!is.null(listener$condition)) {
    message_saved(save, seeds)
    resignal(listener$condition)
  }
  run <- as_result(result$`__getitem__`(0L), call)
  # `recorded` returns the run and the warnings about old names of settings
  renamed <- as.character(unlist(to_r(result$`__getitem__`(1L))))
  for (sentence in c(renamed, run$warnings)) {
    warning(simpleWarning(sentence, call))
  }
  run
}

message_saved <- function(save, seeds = NULL) {
  if (isFALSE(save)) {
    return()
  }
  if (length(seeds) == 1 && seeds > 1) {
    message("Training stopped. The finished runs are saved, and their group: rnn_groups(), rnn_runs().")
    return(invisible())
  }
  name <- if (isTRUE(save)) "latest" else save
  message("Training stopped. The run is saved: rnn_load(", encodeString(name, quote = "\""), ").")
}

# Wrap the user's callback for Python. An error or Ctrl-C in it must not pass through Python's frames: the callback stores
# the condition and stops the training, and `train` signals it again when the run is saved.
training_listener <- function(callback) {
  listener <- new.env(parent = emptyenv())
  stop_with <- function(condition) {
    listener$condition <- condition
    FALSE
  }
  listener$callback <- reticulate::r_to_py(function(updates, metrics) {
    listener$started <- TRUE # from here on there is a run to save
    if (is.null(callback)) {
      return(TRUE)
    }
    tryCatch(
      !isFALSE(allowInterrupts(callback(updates, unlist(metrics)))), # call_python() suspends them
      error = stop_with, interrupt = stop_with
    )
  }, convert = TRUE)
  listener
}

resignal <- function(condition) {
  if (inherits(condition, "error")) stop(condition)
  signalCondition(condition)
  invokeRestart("abort")
}
