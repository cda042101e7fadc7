# Values, errors, warnings and interrupts between R and Python.

test_that("whole numbers become integers; other numbers and TRUE are refused by name", {
  skip_without_python()
  expect_equal(train_tiny(seed = 3)$metrics, train_tiny(seed = 3L)$metrics)
  expect_match(error_message(rnn_train("echo", units = 2.5)), "units must be a whole number.*received 2.5")
  expect_match(error_message(rnn_train("echo", units = TRUE)), "units must be a whole number.*received True")
  expect_match(error_message(rnn_train("echo", units = "many")), "units must be a whole number")
})

test_that("a setting of several numbers accepts a scalar, a vector and a list", {
  skip_without_python()
  for (units in list(6, 6L, list(6))) {
    expect_equal(train_tiny(dense_units = units)$parameters, train_tiny(dense_units = c(6))$parameters)
  }
  expect_gt(train_tiny(dense_units = c(6, 5))$parameters, train_tiny(dense_units = 6)$parameters)
})

test_that("every kind of NA is refused before Python receives it as a number", {
  skip_without_python()
  for (missing in list(NA, NA_integer_, NA_real_, NA_character_, NaN)) {
    expect_match(error_message(rnn_train("echo", units = missing)), "units must not be missing")
  }
  expect_match(error_message(rnn_train("echo", dense_units = c(4, NA))), "dense_units must not be missing")
  expect_match(error_message(rnn_train("echo", max_seconds = NA)), "max_seconds must be")
  expect_match(error_message(rnn_train("echo", verbose = NA)), "verbose must be")
  expect_match(error_message(rnn_train("echo", save = NA)), "save must be")
})

test_that("missing and infinite values in the data are refused", {
  skip_without_python()
  expect_match(error_message(train_tiny(c(series(), NA), missing = "error")), "missing|NaN")
  expect_match(error_message(train_tiny(c(series(), Inf))), "infinite")
})

test_that("arrays are copied bit by bit in R's order and stay unchanged", {
  skip_without_python()
  x <- sequences(3, 4, 2)
  before <- x + 0
  python <- rnnstudio:::array_to_python(x)
  expect_equal(rnnstudio:::array_from_python(python), x)
  expect_identical(x, before)
  expect_equal(reticulate::py_to_r(python[[0L]][[1L]][[1L]]$item()), x[1, 2, 2])
  for (values in list(c(1e-300, pi, -Inf), matrix(1:6, 2), 2^60, numeric(0), c(TRUE, FALSE))) {
    expect_equal(rnnstudio:::array_from_python(rnnstudio:::array_to_python(values)), values + 0)
  }
})

test_that("data frames of many rows and of one row are tables", {
  skip_without_python()
  table <- data.frame(a = series(), b = series()^2)
  run <- train_tiny(table, task = "regress", target = "b", features = "a")
  expect_equal(run$features, "a")
  expect_length(predict(run, table), 80)
  expect_length(predict(run, table[1, ]), 1)
})

test_that("factors keep the order of their levels, and columns of dates are ignored", {
  skip_without_python()
  days <- as.Date("2026-01-01") + 0:79
  for (dates in list(days, as.POSIXct(days, tz = "UTC"), as.POSIXlt(days, tz = "UTC"), as.character(days))) {
    table <- data.frame(value = series(), state = rep(states(2), 40))
    table$day <- dates
    run <- train_tiny(table, target = "state", features = "value")
    expect_equal(run$classes, c("low", "high"))
    expect_equal(run$task, "label")
  }
})

test_that("a column of dates orders the rows; beside separate targets it is refused by name", {
  skip_without_python()
  table <- data.frame(day = as.Date("2026-01-01") + 0:79, value = series())
  run <- suppressWarnings(train_tiny(table[80:1, ]))
  expect_equal(rnn_forecast(run, 2, table = TRUE)$time, as.Date("2026-03-22") + 0:1)
  expect_match(error_message(rnn_train(table, series())), "day is of class Date")
})

test_that("~ is expanded and paths are text", {
  skip_without_python()
  run <- train_tiny()
  folder <- tempfile("home")
  dir.create(folder)
  environment <- reticulate::import("os")$environ # Python reads the environment once, when it starts
  before <- environment$get("HOME")
  on.exit(environment$update(list(HOME = before)))
  environment$update(list(HOME = folder))
  saved <- rnn_save(run, "~/saved")
  expect_type(saved$path, "character")
  expect_true(file.exists(file.path(folder, "saved", "weights.npz")))
  expect_equal(rnn_load("~/saved")$metrics, run$metrics)
})

test_that("counts are doubles, which do not overflow", {
  skip_without_python()
  run <- train_tiny()
  for (count in list(run$updates, run$parameters, run$units)) expect_true(is.numeric(count) && count >= 0)
  expect_type(run$parameters, "double")
})

test_that("the history is a data frame with NA, not recycled values, where a metric was not evaluated", {
  skip_without_python()
  run <- rnn_train(series(), window = 5, units = 2, updates = 30, evaluate_every = 10, verbose = 0, save = FALSE)
  expect_s3_class(run$history, "data.frame")
  expect_identical(as.data.frame(run), run$history)
  evaluated <- run$history$update[!is.na(run$history$test_loss)]
  expect_equal(evaluated, c(0, 10, 20, 30))
})

test_that("all names are syntactic, and all elements of a run but one are R's own", {
  skip_without_python()
  run <- classifier()
  names <- c(names(run), names(run$history), names(run$metrics), names(run$baseline), names(rnn_runs()))
  expect_equal(names, make.names(names))
  python <- vapply(run, inherits, NA, "python.builtin.object")
  expect_equal(names(run)[python], "python")
  expect_true(all(vapply(run$metrics, is.numeric, NA)))
})

test_that("errors are R errors of the function called, short, and have a class of their own", {
  skip_without_python()
  expect_error(rnn_train("ecoh"), class = "rnn_unknown_name_error")
  expect_error(rnn_train("echo", units = 0), class = "rnn_setting_error")
  expect_error(rnn_train(list(1, "a"), y = 1:2, task = "classify"), class = "rnn_data_error")
  expect_error(rnn_load(tempdir()), class = "rnn_store_error")
  expect_match(error_message(rnn_train("ecoh")), "Did you mean echo")
  expect_match(error_message(rnn_train("echo", unitz = 4)), "unitz.*units")
  expect_match(error_message(rnn_train("echo", 4)), "must have names")
  expect_match(error_message(rnn_load("no such run"), "rnn_load"), "no such run")
  expect_match(error_message(rnn_describe("cell", "no such cell"), "rnn_describe"), "no such cell")
  error_message(rnn_train(strrep("x", 5000)))
  error_message(rnn_train("echo", cell = strrep("x", 5000)))
  error_message(rnn_train(series(), strrep(letters, 100), task = "label"))
})

test_that("warnings of a run are R warnings and stay in the run", {
  skip_without_python()
  expect_warning(run <- train_tiny(cbind(series(), 1)), "is constant")
  expect_match(run$warnings, "is constant", all = FALSE)
})

test_that("verbose = 0 is silent, verbose = 1 writes plain lines", {
  skip_without_python()
  expect_silent(run <- rnn_train(series(), window = 5, units = 2, updates = 3, verbose = 0, save = FALSE))
  output <- reticulate::py_capture_output(
    rnn_train(series(), window = 5, units = 2, updates = 3, verbose = 1, save = FALSE)
  )
  expect_match(output, "update 3 of 3")
  expect_false(grepl("\r|\033", output))
})

test_that("a callback receives updates and metrics, and FALSE stops the training within one chunk", {
  skip_without_python()
  calls <- numeric()
  run <- rnn_train("echo",
    verbose = 0, save = FALSE,
    callback = function(updates, metrics) {
      calls <<- c(calls, updates)
      expect_true(all(c("train_loss", "train_accuracy") %in% names(metrics)))
      c(go_on = length(calls) < 3)
    }
  )
  expect_length(calls, 3)
  expect_equal(run$updates, calls[3])
  expect_equal(run$outcome, "stopped")
  expect_match(error_message(rnn_train("echo", callback = 3)), "callback must be a function")
})

test_that("an error in a callback reaches the user, and the run is saved", {
  skip_without_python()
  before <- nrow(rnn_runs())
  expect_message(
    expect_error(rnn_train("echo", verbose = 0, callback = function(u, m) stop("my own mistake")), "^my own mistake$"),
    "The run is saved"
  )
  expect_equal(nrow(rnn_runs()), before + 1)
  expect_equal(rnn_runs()$outcome[1], "stopped")
})

interrupt_after <- function(seconds) {
  system(sprintf("(sleep %g; kill -INT %d) &", seconds, Sys.getpid()))
}

test_that("Ctrl-C at any time damages neither R nor the compiled programs", {
  skip_without_python()
  skip_on_os("windows")
  for (seconds in seq(0.1, 2.5, by = 0.3)) {
    interrupt_after(seconds)
    condition <- tryCatch(
      rnn_train("echo", epochs = 1e5, units = 6, verbose = 0, max_seconds = 60, save = FALSE),
      interrupt = identity
    )
    expect_s3_class(condition, "interrupt")
    expect_equal(rnn_train("echo", epochs = 1, units = 6, verbose = 0, save = FALSE)$updates, 666)
  }
})

test_that("Ctrl-C is an R interrupt, saves the run, and the next call works", {
  skip_without_python()
  skip_on_os("windows")
  rnn_train("echo", epochs = 1, units = 5, verbose = 0, save = FALSE) # compiles
  for (callback in list(NULL, function(updates, metrics) Sys.sleep(0.05))) {
    interrupt_after(1)
    condition <- tryCatch(
      suppressMessages(rnn_train("echo", epochs = 1e5, units = 5, verbose = 0, max_seconds = 60, callback = callback)),
      interrupt = identity
    )
    expect_s3_class(condition, "interrupt")
    saved <- rnn_load("latest")
    expect_equal(c(saved$outcome, saved$units), c("stopped", 5))
    expect_gt(saved$updates, 0)
    expect_equal(train_tiny()$outcome, "completed")
  }
})

test_that("Ctrl-C does not corrupt R's memory", {
  skip_without_python()
  skip_on_os("windows")
  on.exit(gctorture2(0))
  for (callback in list(NULL, function(updates, metrics) Sys.sleep(0.05))) {
    for (seconds in c(0.3, 0.6, 0.9)) {
      interrupt_after(seconds)
      gctorture2(200) # frequent garbage collections find damaged objects
      condition <- tryCatch(
        rnn_train("echo", epochs = 1e5, units = 5, verbose = 0, max_seconds = 60, callback = callback, save = FALSE),
        interrupt = identity
      )
      gctorture2(0)
      expect_s3_class(condition, "interrupt")
    }
  }
})

test_that("max_seconds ends a training, which setTimeLimit cannot", {
  skip_without_python()
  run <- rnn_train("echo", epochs = 1e5, max_seconds = 0.5, verbose = 0, save = FALSE)
  expect_equal(run$outcome, "stopped")
  expect_gt(run$updates, 0)
})

test_that("the run in Python refuses unknown attributes, and its class is named after the package", {
  skip_without_python()
  run <- classifier()
  expect_error(run$python$foo <- 3, "foo")
  expect_equal(class(run$python)[1], "rnnstudio.Run")
})

test_that("the Studio opens in a process of its own without waiting", {
  skip_without_python()
  skip_on_os("windows")
  pid <- suppressMessages(rnnstudio_app())
  on.exit(tools::pskill(pid, tools::SIGKILL))
  expect_equal(train_tiny()$outcome, "completed") # R continues
  status <- reticulate::import("os")$waitpid(as.integer(pid), 1L) # 1 is WNOHANG: return at once
  expect_equal(as.integer(status[[1]]), 0L) # 0 as long as the Studio runs
})
