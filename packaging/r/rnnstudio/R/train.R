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
  if (is.factor(y) && is.null(classes)) {
    classes <- levels(y)
  }
  if (is.null(settings$task) && (is.factor(y) || is.character(y))) {
    settings$task <- if (is.list(x) || length(dim(x)) == 3 || length(y) == NROW(x) && NCOL(x) > 1 && is.null(settings$window)) {
      "classify"
    }
  }
  run <- train(
    data_to_python(x, "x", call), data_to_python(y, "y", call), settings, classes, callback, max_seconds, verbose, save,
    call
  )
  if (is.ts(x)) run$tsp <- tsp(x)
  run
}

rnn_train.data.frame <- function(x, y = NULL, ..., classes = NULL, callback = NULL, max_seconds = NULL,
                                 verbose = interactive(), save = TRUE) {
  call <- sys.call(-1)
  settings <- list(...)
  answer <- if (is.null(y)) x[[if (is.character(settings$target)) settings$target[1] else ""]] else y
  if (is.null(classes) && is.factor(answer)) {
    classes <- levels(answer)
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
  apart <- unlist(settings[c("sequence", "group")]) # who a row belongs to is no feature
  unknown <- setdiff(apart, names(data))
  if (length(unknown)) {
    refuse(call, "There is no column ", unknown[1], " in data; it has ", paste(names(data), collapse = ", "), ".")
  }
  meant <- tryCatch(
    {
      inner <- data[setdiff(names(data), apart)]
      parts <- terms(x, data = inner)
      list(terms = parts, frame = model.frame(parts, inner, na.action = na.pass))
    },
    error = function(e) refuse(call, one_line(conditionMessage(e)), ".")
  )
  if (attr(meant$terms, "response") != 1) {
    refuse(call, "The formula must have a target on its left side, such as sales ~ temperature.")
  }
  features <- gsub("^`|`$", "", attr(meant$terms, "term.labels"))
  absent <- setdiff(features, names(meant$frame))
  if (length(absent)) {
    refuse(call, "Each term of the formula must be one feature; ", absent[1], " is more. The network finds interactions itself.")
  }
  frame <- meant$frame[c(names(meant$frame)[1], features)]
  refuse_odd(frame, features, call)
  settings$target <- names(frame)[1]
  if (length(features)) settings$features <- features
  answer <- frame[[1]]
  if (is.null(settings$task)) {
    settings$task <- if (!is.null(settings$sequence)) {
      "classify"
    } else if (is_class(answer)) {
      "label"
    } else if (length(features)) {
      "regress" # y at a step from x up to that step; without features y is told from its own past
    }
  }
  if (is.null(classes) && is.factor(answer)) {
    classes <- levels(answer)
  }
  run <- train(
    data_to_python(cbind(frame, data[apart]), "data", call), NULL, settings, classes, callback, max_seconds, verbose,
    save, call
  )
  run$terms <- meant$terms
  run
}

# Refuse columns that are no numbers where features are meant.
refuse_odd <- function(frame, features, call, advice = "") {
  odd <- features[!vapply(frame[features], function(v) is.numeric(v) || is.logical(v), NA)]
  if (length(odd)) {
    refuse(call, "Features must be numbers; ", odd[1], " is of class ", class(frame[[odd[1]]])[1], ".", advice)
  }
}

is_class <- function(x) is.factor(x) || is.character(x) || is.logical(x)

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
    interrupt = function(condition) say_kept(save)
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
  if (is.function(callback)) {
    noted <- function(condition) {
      heard$trouble <- condition
      FALSE
    }
    heard$told <- reticulate::r_to_py(function(updates, metrics) {
      tryCatch(!isFALSE(callback(updates, unlist(metrics))), error = noted, interrupt = noted)
    }, convert = TRUE)
  }
  heard
}

again <- function(trouble) {
  if (inherits(trouble, "error")) stop(trouble)
  signalCondition(trouble)
  invokeRestart("abort")
}
