# Values between R and Python. Numbers cross as raw bytes: reticulate 1.28 cannot convert the arrays of NumPy 2.

numpy <- function() {
  if (is.null(state$numpy)) state$numpy <- reticulate::import("numpy", convert = FALSE)
  state$numpy
}

builtins <- function() {
  if (is.null(state$builtins)) state$builtins <- reticulate::import_builtins(convert = FALSE)
  state$builtins
}

refuse <- function(call, ...) stop(simpleError(paste0(...), call))

# Evaluate what asks Python; its sentence becomes an error of the function the user called.
asking <- function(expr, call = sys.call(sys.parent())) {
  force(call) # before anything else runs, or it would be another call
  restore <- python_hears_interrupts()
  on.exit(restore())
  tryCatch(expr, error = function(e) {
    said <- conditionMessage(e)
    said <- sub("\n*Run `?reticulate::py_last_error.*$", "", gsub("\033\\[[0-9;]*m", "", said))
    kind <- regmatches(said, regexpr("^[A-Za-z_.]+(?=: )", said, perl = TRUE))
    name <- if (length(kind)) sub("^.*\\.", "", kind) else ""
    said <- sub("^[A-Za-z_.]+: ", "", said)
    known <- c(
      SettingError = "rnn_setting_error", DataError = "rnn_data_error", StoreError = "rnn_store_error",
      UnknownNameError = "rnn_unknown_name_error"
    )
    class <- c(if (name %in% names(known)) known[[name]], "rnn_error", "error", "condition")
    stop(structure(class = class, list(message = one_line(said, 890), call = call)))
  })
}

# Ctrl-C while Python is at work: Python ends what it does, keeps the run, and R hears of it then. Up to about version 1.35,
# reticulate's handler in Python asks an R function whether R has an interrupt, and R sometimes takes it right there: it
# jumps out of the midst of Python's frames, which crashes one or the other. Returns what puts the handler back.
python_hears_interrupts <- function() {
  if (is.null(state$version)) { # nothing to interrupt yet
    return(function() NULL)
  }
  if (is.null(state$signals)) {
    signals <- tryCatch(reticulate::import("rpytools.signals", convert = FALSE), error = function(e) NULL)
    there <- !is.null(signals) && reticulate::py_has_attr(signals, "_callback")
    state$signals <- if (there) signals else FALSE
    if (there) state$raise <- reticulate::import("rnnstudio.results.interrupts", convert = FALSE)$should_raise_interrupt
  }
  if (isFALSE(state$signals)) {
    return(function() NULL)
  }
  before <- reticulate::py_get_attr(state$signals, "_callback")
  reticulate::py_set_attr(state$signals, "_callback", state$raise)
  function() reticulate::py_set_attr(state$signals, "_callback", before)
}

# Plain Python values (dict, list, text, numbers, None) as R's.
plain <- function(x) if (is_python(x)) reticulate::py_to_r(x) else x

is_python <- function(x) inherits(x, "python.builtin.object")

# Numbers of R as a NumPy array of the same shape, in R's own order.
array_to_python <- function(x) {
  shape <- if (is.null(dim(x))) length(x) else dim(x)
  values <- as.double(x)
  most <- 2^27 # doubles; a raw vector must stay below 2^31 bytes
  pieces <- lapply(seq_len(max(1, ceiling(length(values) / most))), function(i) {
    piece <- if (length(values) <= most) values else values[seq((i - 1) * most + 1, min(i * most, length(values)))]
    numpy()$frombuffer(reticulate::r_to_py(writeBin(piece, raw())), dtype = "<f8")
  })
  flat <- if (length(pieces) == 1) pieces[[1]] else numpy()$concatenate(pieces)
  flat$reshape(reticulate::tuple(as.list(as.integer(shape))), order = "F")
}

# A NumPy array or a number as an R array; text as character.
array_from_python <- function(x) {
  array <- numpy()$asarray(x)
  shape <- as.integer(unlist(plain(array$shape)))
  kind <- plain(array$dtype$kind)
  values <- if (kind %in% c("b", "i", "u", "f")) {
    bytes <- plain(builtins()$bytearray(array$astype("<f8")$tobytes(order = "F")))
    readBin(bytes, "double", n = prod(shape), endian = "little")
  } else {
    as.character(unlist(plain(array$ravel(order = "F")$tolist())))
  }
  if (kind == "b") values <- as.logical(values)
  if (length(shape) > 1) array(values, shape) else values
}

# A pandas data frame as R's.
frame_from_python <- function(x) {
  names <- as.character(unlist(plain(x$columns$astype("str")$tolist())))
  columns <- lapply(names, function(name) array_from_python(x$`__getitem__`(name)$to_numpy()))
  as.data.frame(setNames(columns, names), optional = TRUE)
}

# Rows of equal dicts as a data frame; what is no single value is left out.
rows_to_frame <- function(rows) {
  if (!length(rows)) {
    return(data.frame())
  }
  single <- function(v) is.null(v) || (is.atomic(v) && length(v) == 1)
  names <- Filter(function(n) all(vapply(rows, function(r) single(r[[n]]), NA)), names(rows[[1]]))
  column <- function(n) unlist(lapply(rows, function(r) if (is.null(r[[n]])) NA else r[[n]]))
  as.data.frame(setNames(lapply(names, column), names), stringsAsFactors = FALSE)
}

# Text for Python, a missing one as None.
text_to_python <- function(x) {
  x <- as.character(x)
  if (length(x) > 1 && !anyNA(x)) {
    return(reticulate::r_to_py(x)) # one step instead of one for each
  }
  reticulate::r_to_py(lapply(x, function(v) if (is.na(v)) NULL else v))
}

# The caller's data for Python: arrays, lists of arrays, series, data frames, factors, dates.
data_to_python <- function(x, name, call, inside = FALSE) {
  if (is.null(x) || is_python(x)) {
    return(x)
  }
  if (inherits(x, "integer64")) {
    refuse(call, name, " must hold numbers that R knows; received integer64. Convert it with as.numeric() first.")
  }
  if (is.matrix(x) && is.numeric(x) && !is.null(colnames(x)) && !inside) {
    x <- as.data.frame(x, optional = TRUE) # the names are those of features
  }
  if (is.data.frame(x)) {
    if (anyDuplicated(names(x))) {
      refuse(call, name, " must have columns of different names; ", names(x)[duplicated(names(x))][1], " is there twice.")
    }
    frame <- reticulate::dict()
    for (column in names(x)) {
      frame$`__setitem__`(column, data_to_python(x[[column]], paste0(name, "$", column), call))
    }
    return(frame)
  }
  if (inherits(x, "POSIXt")) {
    return(text_to_python(format(as.POSIXct(x), "%Y-%m-%d %H:%M:%OS3", tz = "UTC")))
  }
  if (is.character(x) && is.matrix(x)) { # a class at each step of each sequence
    return(reticulate::r_to_py(lapply(seq_len(nrow(x)), function(i) text_to_python(x[i, ]))))
  }
  if (is.factor(x) || inherits(x, "Date") || is.character(x)) {
    return(text_to_python(x))
  }
  if (is.list(x)) {
    return(reticulate::r_to_py(lapply(seq_along(x), function(i) {
      data_to_python(x[[i]], paste0(name, "[[", i, "]]"), call, inside = TRUE)
    })))
  }
  if (!(is.numeric(x) || is.logical(x))) {
    refuse(call, name, " must be numbers, a factor, text, a list of arrays or a data frame; received ", class(x)[1], ".")
  }
  array_to_python(x)
}

# Settings for Python by name; a missing value is refused here, because Python would take it for a number.
settings_to_python <- function(settings, call) {
  if (!length(settings)) {
    return(list())
  }
  given <- names(settings)
  if (is.null(given) || any(!nzchar(given))) {
    refuse(call, "Settings must have names, such as units = 64; one of those given has none. rnn_describe() lists them.")
  }
  settings <- settings[!vapply(settings, is.null, NA)]
  for (name in names(settings)) {
    value <- settings[[name]]
    if (is.atomic(value) && anyNA(value)) {
      refuse(call, name, " must not be missing; received NA.")
    }
    if (is.factor(value)) settings[[name]] <- as.character(value)
    if (name %in% c("features", "classes")) settings[[name]] <- as.list(settings[[name]]) # a comma parts names in a text
  }
  settings
}
