# Conversion of values between R and Python. Numbers are copied as raw bytes, because reticulate 1.28 cannot convert
# NumPy 2 arrays.

numpy <- function() {
  if (is.null(python_state$numpy)) python_state$numpy <- reticulate::import("numpy", convert = FALSE)
  python_state$numpy
}

builtins <- function() {
  if (is.null(python_state$builtins)) python_state$builtins <- reticulate::import_builtins(convert = FALSE)
  python_state$builtins
}

# Convert plain Python values (dict, list, str, numbers, None) to R.
to_r <- function(x) if (is_python(x)) reticulate::py_to_r(x) else x

is_python <- function(x) inherits(x, "python.builtin.object")

# Convert numbers to a NumPy array of the same shape, in R's (Fortran) order.
array_to_python <- function(x) {
  shape <- if (is.null(dim(x))) length(x) else dim(x)
  values <- as.double(x)
  max_length <- 2^27 # doubles; a raw vector must stay below 2^31 bytes
  pieces <- lapply(seq_len(max(1, ceiling(length(values) / max_length))), function(i) {
    begin <- (i - 1) * max_length + 1
    piece <- if (length(values) <= max_length) values else values[seq(begin, min(i * max_length, length(values)))]
    numpy()$frombuffer(reticulate::r_to_py(writeBin(piece, raw())), dtype = "<f8")
  })
  flat <- if (length(pieces) == 1) pieces[[1]] else numpy()$concatenate(pieces)
  flat$reshape(reticulate::tuple(as.list(as.integer(shape))), order = "F")
}

# Convert stamps to Date where none has a time of day, else to POSIXct in UTC.
times_from_python <- function(array) {
  microseconds <- array_from_python(array$astype("datetime64[us]")$astype("float64"))
  microseconds[as.logical(array_from_python(numpy()$isnat(array)))] <- NA
  seconds <- microseconds / 1e6
  if (all(seconds %% 86400 == 0, na.rm = TRUE)) .Date(seconds / 86400) else .POSIXct(seconds, tz = "UTC")
}

# Convert a NumPy array or a number to an R array; text becomes character, and stamps become Date or POSIXct.
array_from_python <- function(x) {
  array <- numpy()$asarray(x)
  shape <- as.integer(unlist(to_r(array$shape)))
  kind <- to_r(array$dtype$kind)
  if (kind == "M") {
    return(times_from_python(array))
  }
  values <- if (kind %in% c("b", "i", "u", "f")) {
    bytes <- to_r(builtins()$bytearray(array$astype("<f8")$tobytes(order = "F")))
    readBin(bytes, "double", n = prod(shape), endian = "little")
  } else {
    as.character(unlist(to_r(array$ravel(order = "F")$tolist())))
  }
  if (kind == "b") values <- as.logical(values)
  if (length(shape) > 1) array(values, shape) else values
}

# Convert a pandas data frame.
frame_from_python <- function(x) {
  names <- as.character(unlist(to_r(x$columns$astype("str")$tolist())))
  columns <- lapply(names, function(name) array_from_python(x$`__getitem__`(name)$to_numpy()))
  as.data.frame(setNames(columns, names), optional = TRUE)
}

# Convert a list of dicts with equal names to a data frame; omit entries that are not single values.
rows_to_frame <- function(rows) {
  if (!length(rows)) {
    return(data.frame())
  }
  is_single <- function(v) is.null(v) || (is.atomic(v) && length(v) == 1)
  names <- Filter(function(n) all(vapply(rows, function(r) is_single(r[[n]]), NA)), names(rows[[1]]))
  column <- function(n) unlist(lapply(rows, function(r) if (is.null(r[[n]])) NA else r[[n]]))
  as.data.frame(setNames(lapply(names, column), names), stringsAsFactors = FALSE)
}

# Convert a list of numbers; None becomes NA.
numbers <- function(values) vapply(values, function(v) if (is.null(v)) NA_real_ else as.numeric(v), 0)

# Convert text; a missing text becomes None.
text_to_python <- function(x) {
  x <- as.character(x)
  if (length(x) > 1 && !anyNA(x)) {
    return(reticulate::r_to_py(x)) # one conversion instead of one for each text
  }
  reticulate::r_to_py(lapply(x, function(v) if (is.na(v)) NULL else v))
}

# Convert TRUE and FALSE; NA becomes None.
logical_to_python <- function(x) {
  if (anyNA(x)) {
    return(reticulate::r_to_py(lapply(x, function(v) if (is.na(v)) NULL else v)))
  }
  array_to_python(x)$astype("bool")
}

# Return times as text: as their clock shows them. Times with a time zone of their own, and those that span a change of
# the clock, also have their offset from UTC.
time_text <- function(x) {
  digits <- if (any(as.numeric(x) %% 1 != 0, na.rm = TRUE)) "%OS6" else "%S"
  text <- format(x, paste0("%Y-%m-%d %H:%M:", digits))
  offset <- format(x, "%z")
  zone <- attr(x, "tzone")[1]
  has_zone <- !is.null(zone) && nzchar(zone)
  if (has_zone || length(unique(offset[!is.na(x)])) > 1) {
    text <- ifelse(is.na(x), NA, paste0(text, substr(offset, 1, 3), ":", substr(offset, 4, 5)))
  }
  text
}

# Return the first days of the steps of a time series: years, or equal parts of a year of whole months. NULL for anything
# else: the days of other frequencies, such as 52 or 365, are not known, and the years of ts(1:100) are only a count.
dates_of <- function(x) {
  if (!is.ts(x)) {
    return(NULL)
  }
  axis <- tsp(x)
  months <- 12 / axis[3]
  first <- axis[1] * axis[3]
  is_known <- months == round(months) && abs(first - round(first)) < 1e-3 && axis[1] >= 1678 && axis[2] < 2262
  if (!is_known) {
    return(NULL)
  }
  month <- (round(first) + seq_len(NROW(x)) - 1) * months
  as.Date(sprintf("%04d-%02d-01", as.integer(month %/% 12), as.integer(month %% 12 + 1)))
}

# Return a time series as a data frame with its dates; NULL for anything else, and where they are not known.
with_dates <- function(x, name = "value") {
  dates <- dates_of(x)
  if (is.null(dates) || !is.numeric(x)) {
    return(NULL)
  }
  values <- if (is.matrix(x)) as.data.frame(unclass(x), optional = TRUE) else setNames(list(as.vector(x)), name)
  time <- if ("time" %in% names(values)) "time of the step" else "time"
  data.frame(setNames(list(dates), time), values, check.names = FALSE)
}

# Convert data to train on: arrays, lists of arrays, series, data frames, factors, dates.
data_to_python <- function(x, name, call, in_list = FALSE) {
  if (is.null(x) || is_python(x)) {
    return(x)
  }
  if (inherits(x, "integer64")) {
    stop_in(call, name, " must hold R numbers; received integer64. Convert it with as.numeric() first.")
  }
  is_matrix <- is.matrix(x) && is.numeric(x) && !is.null(colnames(x)) && !in_list
  is_table <- is.ts(x) # several time series are read like a data frame
  if (is_matrix) {
    x <- as.data.frame(x, optional = TRUE) # the column names are the feature names
  }
  if (is.data.frame(x)) {
    if (anyDuplicated(names(x))) {
      stop_in(call, name, " must have unique column names; received ", names(x)[duplicated(names(x))][1], " twice.")
    }
    frame <- if (is_matrix && !is_table) python_function("core.columns", "NamedMatrix")() else reticulate::dict()
    for (column in names(x)) {
      values <- x[[column]]
      is_yes_no <- is.logical(values) && is.null(dim(values)) && !all(is.na(values))
      python <- if (is_yes_no) logical_to_python(values) else data_to_python(values, paste0(name, "$", column), call)
      frame$`__setitem__`(column, python)
    }
    return(frame)
  }
  if (inherits(x, "POSIXt")) {
    return(text_to_python(time_text(as.POSIXct(x))))
  }
  if (is.character(x) && is.matrix(x)) { # a class for each step of each sequence
    return(reticulate::r_to_py(lapply(seq_len(nrow(x)), function(i) text_to_python(x[i, ]))))
  }
  if (is.factor(x) || inherits(x, "Date") || is.character(x)) {
    return(text_to_python(x))
  }
  if (is.list(x)) {
    return(reticulate::r_to_py(lapply(seq_along(x), function(i) {
      data_to_python(x[[i]], paste0(name, "[[", i, "]]"), call, in_list = TRUE)
    })))
  }
  if (!(is.numeric(x) || is.logical(x))) {
    stop_in(call, name, " must be numbers, a factor, text, a list of arrays or a data frame; received ", class(x)[1], ".")
  }
  array_to_python(x)
}

# Convert settings. Missing values are refused here, because Python receives them as TRUE, -2147483648 or text.
settings_to_python <- function(settings, call) {
  if (!length(settings)) {
    return(list())
  }
  if (is.null(names(settings)) || any(!nzchar(names(settings)))) {
    stop_in(
      call, "Settings must have names, such as units = 64; received one without a name. rnn_describe() lists the settings."
    )
  }
  settings <- settings[!vapply(settings, is.null, NA)]
  for (name in names(settings)) {
    value <- settings[[name]]
    if (is.atomic(value) && anyNA(value)) {
      stop_in(call, name, " must not be missing; received NA.")
    }
    if (is.factor(value)) settings[[name]] <- as.character(value)
    # Python splits a text at its commas, which may be part of a name.
    if (name %in% c("features", "classes")) settings[[name]] <- as.list(settings[[name]])
  }
  settings
}
