# rnn_train() and its methods: a name, a file, arrays, data frames, a formula.

rnn_train <- function(x, ...) UseMethod("rnn_train")

rnn_train.character <- function(x, ..., classes = NULL, callback = NULL, max_seconds = NULL,
                                verbose = interactive(), save = TRUE) {
  call <- sys.call(-1)
  if (length(x) != 1 || is.na(x)) {
    refuse(call, "x must be one name or path; received ", length(x), " texts. Sequences are numbers, in an array or a list.")
  }
  train(x, NULL, list(...), classes, callback, max_seconds, verbose, save, call)
}

rnn_train.default <- function(x, y = NULL, ..., classes = NULL, callback = NULL, max_seconds = NULL,
                              verbose = interactive(), save = TRUE) {
  call <- sys.call(-1)
  if (missing(x) || is.null(x)) {
    refuse(call, "x must be given: a recipe's name such as \"echo\", a file, sequences, a series or a data frame.")
  }
  settings <- list(...)
  y <- as_classes(y)
  if (is.null(classes)) {
    classes <- levels_of(y)
  }
  if (is.null(settings$task)) settings$task <- task_of(x, y, settings)
  if (is.ts(x) && is.null(settings$period) && frequency(x) > 1 && frequency(x) == round(frequency(x))) {
    settings$period <- frequency(x) # the season a naive answer goes by
  }
  run <- train(
    data_to_python(x, "x", call), data_to_python(y, "y", call), settings, classes, callback, max_seconds, verbose, save,
    call
  )
  left_out <- identical(settings$missing, "drop") && anyNA(x) # time has holes then
  if (is.ts(x) && !left_out) run$tsp <- tsp(x)
  run
}

rnn_train.data.frame <- function(x, y = NULL, ..., classes = NULL, callback = NULL, max_seconds = NULL,
                                 verbose = interactive(), save = TRUE) {
  call <- sys.call(-1)
  settings <- list(...)
  target <- if (is.character(settings$target)) intersect(settings$target[1], names(x))
  if (length(target)) x[[target]] <- as_classes(x[[target]])
  y <- as_classes(y)
  answer <- if (!is.null(y)) y else if (length(target)) x[[target]]
  if (is.null(classes)) {
    classes <- levels_of(answer)
  }
  if (is.null(settings$task) && is.null(settings$sequence) && is_class(answer)) {
    settings$task <- "label"
  }
  if (is.null(settings$target) && is.null(settings$features) && is.null(settings$sequence)) {
    refuse_odd(x, names(x), call, " Leave it out, or name the columns to read with features or target.")
  }
  train(
    data_to_python(x, "x", call), data_to_python(y, "y", call), settings, classes, callback, max_seconds, verbose, save,
    call
  )
}

rnn_train.formula <- function(x, data, ..., classes = NULL, callback = NULL, max_seconds = NULL,
                              verbose = interactive(), save = TRUE) {
  call <- sys.call(-1)
  if (missing(data) || !is.data.frame(data)) {
    refuse(call, "data must be a data frame that holds the columns of the formula.")
  }
  settings <- list(...)
  said_twice <- intersect(c("target", "features"), names(settings))
  if (length(said_twice)) {
    refuse(call, said_twice[1], " must be left out: the formula says it.")
  }
  apart <- unlist(settings[c("sequence", "group")]) # who a row belongs to is no feature
  refuse_unknown(apart, data, "data", call)
  meant <- tryCatch(
    {
      inner <- data[setdiff(names(data), apart)]
      parts <- terms(x, data = inner)
      list(terms = parts, frame = columns_of(parts, inner))
    },
    error = function(e) refuse(call, one_line(conditionMessage(e)), ".")
  )
  if (attr(meant$terms, "response") != 1) {
    refuse(call, "The formula must have a target on its left side, such as sales ~ temperature.")
  }
  features <- gsub("^`|`$", "", attr(meant$terms, "term.labels"))
  absent <- setdiff(features, names(meant$frame))
  if (length(absent)) {
    refuse(
      call, "Each term of the formula must be one feature; ", absent[1], " is more. The network finds interactions itself."
    )
  }
  frame <- meant$frame[c(names(meant$frame)[1], features)]
  refuse_odd(frame, features, call)
  settings$target <- names(frame)[1]
  if (length(features)) settings$features <- features
  answer <- frame[[1]] <- as_classes(frame[[1]])
  if (!is.null(dim(answer)) || !(is.numeric(answer) || is_class(answer))) {
    received <- class(answer)[1]
    refuse(call, "The target must be one column of numbers or classes; ", settings$target, " is of class ", received, ".")
  }
  if (!is.null(settings$sequence) && is.numeric(answer) && any(answer != round(answer), na.rm = TRUE)) {
    refuse(call, "The target must be a class for each sequence; ", settings$target, " holds numbers with decimals.")
  }
  if (is.null(settings$task)) {
    settings$task <- if (!is.null(settings$sequence)) {
      "classify"
    } else if (is_class(answer)) {
      "label"
    } else if (length(features)) {
      "regress" # y at a step from x up to that step; without features y is told from its own past
    }
  }
  if (is.null(classes)) {
    classes <- levels_of(answer)
  }
  run <- train(
    data_to_python(cbind(frame, data[apart]), "data", call), NULL, settings, classes, callback, max_seconds, verbose,
    save, call
  )
  run$terms <- meant$terms
  run
}

# Refuse names that no column has.
refuse_unknown <- function(columns, frame, name, call) {
  unknown <- setdiff(columns, names(frame))
  if (length(unknown)) {
    refuse(call, "There is no column ", unknown[1], " in ", name, "; it has ", paste(names(frame), collapse = ", "), ".")
  }
}

# Refuse columns that are no numbers where features are meant.
refuse_odd <- function(frame, features, call, advice = "") {
  odd <- features[!vapply(frame[features], function(v) is.null(dim(v)) && (is.numeric(v) || is.logical(v)), NA)]
  if (length(odd)) {
    refuse(call, "Features must be numbers; ", odd[1], " is of class ", class(frame[[odd[1]]])[1], ".", advice)
  }
}

is_class <- function(x) is.factor(x) || is.character(x) || is.logical(x)

# TRUE and FALSE as the classes of these names; Python would call them 1 and 0.
as_classes <- function(x) if (is.logical(x) && is.null(dim(x))) factor(x, c(FALSE, TRUE)) else x

# The order of classes that a factor has, or the factors of a list.
levels_of <- function(y) {
  if (is.list(y) && length(y) && all(vapply(y, is.factor, NA))) unique(unlist(lapply(y, levels))) else levels(y)
}

# What classes in y are of: whole sequences, or each step; NULL where y holds no classes.
task_of <- function(x, y, settings) {
  if (is.list(y) || !is.null(dim(y))) {
    return(if (is.list(y) && length(y) && is_class(y[[1]]) || is.character(y)) "label")
  }
  if (is_class(y)) {
    whole <- is.list(x) || length(dim(x)) == 3 || is.matrix(x) && ncol(x) > 1 && is.null(settings$window)
    if (whole) "classify" else "label"
  }
}

# The columns a formula makes of a data frame; a matrix of one column, as scale() gives, is a column.
columns_of <- function(terms, data) {
  frame <- model.frame(terms, data, na.action = na.pass)
  for (name in names(frame)) {
    if (is.matrix(frame[[name]]) && ncol(frame[[name]]) == 1) frame[[name]] <- as.vector(frame[[name]])
  }
  frame
}

# Train in Python, and return the run as R knows it.
train <- function(x, y, settings, classes, callback, max_seconds, verbose, save, call) {
  settings <- settings_to_python(settings, call)
  if (!is.null(callback) && !is.function(callback)) {
    refuse(call, "callback must be a function of updates and metrics; received ", class(callback)[1], ".")
  }
  for (name in c("verbose", "save", "max_seconds")) {
    if (!is.null(get(name)) && (length(get(name)) != 1 || is.na(get(name)))) {
      refuse(call, name, " must be a single value; received ", paste(format(get(name)), collapse = ", "), ".")
    }
  }
  module <- studio(call)
  heard <- listening(callback)
  given <- c(
    list(x, y = y, callback = heard$told, max_seconds = max_seconds, verbose = as.integer(verbose), save = save),
    if (length(classes)) list(classes = as.list(as.character(classes)))
  )
  given <- c(given[!vapply(given, is.null, NA)], settings)
  trained <- withCallingHandlers(
    asking(do.call(module$train, given, quote = TRUE), call),
    interrupt = function(condition) if (isTRUE(heard$begun)) say_kept(save)
  )
  if (!is.null(heard$trouble)) {
    say_kept(save)
    again(heard$trouble)
  }
  run <- as_run(trained, call)
  for (sentence in run$warnings) {
    warning(simpleWarning(sentence, call))
  }
  run
}

say_kept <- function(save) {
  if (isFALSE(save)) {
    return()
  }
  name <- if (isTRUE(save)) "latest" else save
  message("Stopped. What was learned by then is kept: rnn_load(", encodeString(name, quote = "\""), ").")
}

# The callback as Python calls it. An error or Ctrl-C in it must not pass through Python, which knows neither: it ends
# the training, and is raised again once the run is kept.
listening <- function(callback) {
  heard <- new.env(parent = emptyenv())
  noted <- function(condition) {
    heard$trouble <- condition
    FALSE
  }
  heard$told <- reticulate::r_to_py(function(updates, metrics) {
    heard$begun <- TRUE # there is something to keep from here on
    if (is.null(callback)) {
      return(TRUE)
    }
    tryCatch(!isFALSE(callback(updates, unlist(metrics))), error = noted, interrupt = noted)
  }, convert = TRUE)
  heard
}

again <- function(trouble) {
  if (inherits(trouble, "error")) stop(trouble)
  signalCondition(trouble)
  invokeRestart("abort")
}
