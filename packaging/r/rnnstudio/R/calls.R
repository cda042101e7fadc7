# Calls of Python from R: errors, warnings and interrupts.

stop_in <- function(call, ...) stop(simpleError(paste0(...), call))

error_classes <- c(
  SettingError = "rnn_setting_error", DataError = "rnn_data_error", StoreError = "rnn_store_error",
  UnknownNameError = "rnn_unknown_name_error"
)

# Evaluate an expression that calls Python. Turn a Python exception into an error of the function the user called.
call_python <- function(expr, call = sys.call(sys.parent())) {
  force(call) # before any other frame exists, or the default would be another call
  restore <- defer_interrupts()
  if (is.null(restore)) {
    return(with_r_errors(expr, call))
  }
  on.exit(restore())
  result <- suspendInterrupts(with_r_errors(expr, call))
  Sys.sleep(0) # raises the interrupt that Python reported
  result
}

with_r_errors <- function(expr, call) {
  tryCatch(expr, error = function(e) {
    allowInterrupts(Sys.sleep(0)) # an interrupted call returns NULL to the expression, which may fail then
    text <- gsub("\033\\[[0-9;]*m", "", conditionMessage(e))
    text <- sub("\n*Run `?reticulate::py_last_error.*$", "", text)
    exception <- regmatches(text, regexpr("^[A-Za-z_.]+(?=: )", text, perl = TRUE))
    exception <- sub("^.*\\.", "", exception)
    text <- counted_from_one(sub("^[A-Za-z_.]+: ", "", text))
    class <- c(unname(error_classes[exception[exception %in% names(error_classes)]]), "rnn_error", "error", "condition")
    setting <- regmatches(text, regexpr("(?<=Set )[a-z_]+(?= to )", text, perl = TRUE))
    stop(structure(class = class, list(message = one_line(text, 890), call = call, setting = setting)))
  })
}

# Return sentences whose positions in arrays count from 1: "index [99, 0]" is "index [100, 1]" in R, and "x[2]" is "x[[3]]".
counted_from_one <- function(text) {
  add_one <- function(found, pattern) {
    matches <- gregexpr(pattern, found, perl = TRUE)
    regmatches(found, matches) <- lapply(regmatches(found, matches), function(positions) {
      vapply(strsplit(positions, ", "), function(counts) paste(as.numeric(counts) + 1, collapse = ", "), "")
    })
    found
  }
  text <- add_one(text, "(?<=\\bindex \\[)[0-9]+(, [0-9]+)*(?=\\])")
  lists <- "\\b([xy])\\[([0-9]+)\\]"
  gsub(lists, "\\1[[\\2]]", add_one(text, "(?<=\\b[xy]\\[)[0-9]+(?=\\])"), perl = TRUE)
}

# Call a Python function and return its result; its warnings become warnings of R.
call_with_warnings <- function(python, ..., call) {
  function_ <- function() python_function("core.caught_warnings", "with_warnings")(python, ...)
  result <- call_python(function_(), call)
  for (sentence in counted_from_one(as.character(unlist(to_r(result$`__getitem__`(1L)))))) {
    warning(simpleWarning(sentence, call))
  }
  result$`__getitem__`(0L)
}

# Return a function of a module of rnnstudio that is not public. Call it inside call_python(): an import outside can be
# interrupted in the middle of Python's frames.
python_function <- function(module, name) {
  reticulate::import(paste0("rnnstudio.", module), convert = FALSE)[[name]]
}

# Let Python handle Ctrl-C during a call: it finishes its work, saves the run, and then reports the interrupt to R. Up to
# about version 1.35, reticulate's signal handler in Python calls an R function that checks for an interrupt. R may then
# jump out of the middle of Python's frames, which corrupts the memory of either. The same can happen in the R functions
# that Python calls, so R's own interrupts must be suspended meanwhile. Returns a function that restores the handler; NULL
# with other versions of reticulate, and before Python is in use.
defer_interrupts <- function() {
  if (is.null(python_state$version)) {
    return(NULL)
  }
  if (is.null(python_state$signals)) {
    signals <- tryCatch(reticulate::import("rpytools.signals", convert = FALSE), error = function(e) NULL)
    supported <- !is.null(signals) && reticulate::py_has_attr(signals, "_callback")
    python_state$signals <- if (supported) signals else FALSE
    if (supported) {
      python_state$callback <- reticulate::import("rnnstudio.results.interrupts", convert = FALSE)$should_raise_interrupt
    }
  }
  if (isFALSE(python_state$signals)) {
    return(NULL)
  }
  original <- reticulate::py_get_attr(python_state$signals, "_callback")
  reticulate::py_set_attr(python_state$signals, "_callback", python_state$callback)
  function() reticulate::py_set_attr(python_state$signals, "_callback", original)
}
