# Small data and small runs that the tests share.

skip_without_python <- function() {
  if (Sys.getenv("RNNSTUDIO_TESTS") == "all") expect_true(rnnstudio_available()) # tests must not be skipped there
  skip_if_not(rnnstudio_available(), "no Python with rnnstudio")
}

skip_without <- function(dataset) {
  skip_without_python()
  path <- tryCatch(rnn_fetch(dataset, verbose = FALSE), error = function(e) NULL)
  skip_if(is.null(path), paste("no data of", dataset))
}

# A series with a trend and a season.
series <- function(n = 80) sin(seq_len(n)) + seq_len(n) / 50

sequences <- function(n = 24, steps = 6, features = 2) {
  values <- (seq_len(n * steps * features) * 7919) %% 1000 / 500 - 1
  array(values, c(n, steps, features))
}

states <- function(n = 24) factor(rep(c("low", "high"), length.out = n), levels = c("low", "high"))

# Without bands, whose calibration trains further networks, unless a test asks for levels.
train_tiny <- function(x = series(), ..., window = 5, levels = "none") {
  rnn_train(x, ..., window = window, levels = levels, units = 2, updates = 3, verbose = 0, save = FALSE)
}

# The airline recipe warns that it follows the publication: it scales all data and stops early on the test set.
train_airline <- function(...) suppressWarnings(rnn_train("airline", ..., verbose = 0))

classifier <- local({
  run <- NULL
  function() {
    if (is.null(run)) {
      run <<- rnn_train(sequences(), states(), units = 3, updates = 5, batch_size = 8, verbose = 0, save = FALSE)
    }
    run
  }
})

# The message of an error, which must be an R error of the function called, short and on one line.
error_message <- function(expr, from = "rnn_train") {
  error <- tryCatch({
    expr
    NULL
  }, error = identity)
  expect_s3_class(error, "error")
  message <- conditionMessage(error)
  expect_equal(deparse(conditionCall(error)[[1]]), from)
  expect_lt(nchar(message), 900)
  expect_gt(nchar(message), 20)
  expect_false(grepl("\n|Traceback|py_last_error", message))
  message
}
