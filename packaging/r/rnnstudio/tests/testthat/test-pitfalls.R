# Pitfalls of data and models in R.

test_that("classes follow the order of the levels in runs, probabilities and predictions", {
  skip_without_python()
  run <- classifier()
  expect_equal(run$classes, c("low", "high"))
  predicted <- predict(run, sequences())
  expect_equal(levels(predicted), c("low", "high"))
  probabilities <- predict(run, sequences(), type = "prob")
  expect_equal(colnames(probabilities), c("low", "high"))
  expect_equal(rowSums(probabilities), rep(1, 24), tolerance = 1e-5)
  expect_equal(colnames(probabilities)[max.col(probabilities)], as.character(predicted))
})

test_that("TRUE and FALSE are classes with these names", {
  skip_without_python()
  x <- array(rep(c(-1, 1), 25), c(10, 5, 1))
  y <- rep(c(FALSE, TRUE), 5)
  train_small <- function(...) rnn_train(..., batch_size = 8, verbose = 0, save = FALSE, learning_rate = 0.05, units = 4)
  run <- train_small(x, y, updates = 60)
  expect_equal(run$classes, c("FALSE", "TRUE"))
  expect_equal(predict(run, x) == y, rep(TRUE, 10))
  table <- data.frame(v = rep(c(-1, 1), 40), up = rep(c(FALSE, TRUE), 40))
  for (run in list(
    train_small(up ~ v, table, window = 5, updates = 60),
    train_small(table, target = "up", features = "v", window = 5, updates = 60)
  )) {
    expect_equal(run$classes, c("FALSE", "TRUE"))
    expect_equal(as.vector(predict(run, table["v"])) == table$up, rep(TRUE, 80))
  }
})

test_that("the shapes of x and y decide between classes of sequences and classes of steps", {
  skip_without_python()
  m <- matrix(series(24 * 6), 24)
  train_small <- function(...) rnn_train(..., batch_size = 8, units = 2, updates = 2, verbose = 0, save = FALSE)
  expect_equal(train_small(m, states())$task, "classify")
  expect_equal(train_small(m, states(), window = 4)$task, "label")
  expect_equal(train_small(m[, 1], states(), window = 4)$task, "label")
  text <- matrix(rep(c("u", "v"), 72), 24)
  run <- train_small(array(m, c(24, 6, 1)), text)
  expect_equal(c(run$task, run$classes), c("label", "u", "v"))
  lists <- train_small(lapply(1:24, function(i) m[i, ]), lapply(1:24, function(i) factor(text[i, ], c("v", "u"))))
  expect_equal(c(lists$task, lists$classes), c("label", "v", "u"))
})

test_that("column names stay as they are and must be unique", {
  skip_without_python()
  table <- data.frame("load, kW" = series(), b = rev(series()), check.names = FALSE)
  expect_equal(train_tiny(b ~ `load, kW`, table)$features, "load, kW")
  expect_equal(train_tiny(table, features = "load, kW", target = "b", task = "regress")$features, "load, kW")
  expect_match(error_message(rnn_train(setNames(table, c("a", "a")))), "received a twice")
  expect_match(error_message(rnn_train(b ~ ., table, target = "b")), "target must be left out")
  expect_equal(train_tiny(b ~ scale(`load, kW`), table)$task, "regress")
  expect_match(error_message(rnn_train(cbind(b, b) ~ 1, table)), "one column")
  expect_match(error_message(rnn_train(b ~ poly(b, 2), table)), "Features must be numbers")
})

test_that("the frequency of a time series is the season of the baseline, and dropped steps drop its time", {
  skip_without_python()
  run <- train_tiny(AirPassengers, window = 12)
  expect_true("seasonal_last_value" %in% names(run$baseline))
  incomplete <- AirPassengers
  incomplete[143:144] <- NA
  forecast <- suppressWarnings(rnn_forecast(train_tiny(incomplete, window = 12, missing = "drop"), 2))
  expect_false(stats::is.ts(forecast))
})

test_that("a time series keeps its dates where start and frequency say them", {
  skip_without_python()
  month <- function(n, by = 1, first = "2000-01-01") seq(as.Date(first), by = paste(by, "months"), length.out = n)
  for (case in list(
    list(ts(series(60), start = c(2000, 1), frequency = 12), month(60)),
    list(ts(series(60), start = c(2000, 11), frequency = 12), month(60, first = "2000-11-01")),
    list(ts(series(60), start = c(1950, 3), frequency = 4), month(60, 3, "1950-07-01")),
    list(ts(series(60), start = c(1999, 2), frequency = 2), month(60, 6, "1999-07-01")),
    list(ts(series(60), start = c(1999, 6), frequency = 6), month(60, 2, "1999-11-01")),
    list(ts(series(60), start = 1871), month(60, 12, "1871-01-01")),
    list(presidents, month(120, 3, "1945-01-01"))
  )) {
    expect_equal(rnnstudio:::dates_of(case[[1]]), case[[2]])
    account <- rnn_inspect(case[[1]])
    expect_equal(account$columns$kind, c("time", "number"))
    expect_equal(substr(account$time$first, 1, 10), format(case[[2]][1]))
  }
  for (x in list(
    1:60, ts(1:60), ts(1:60, frequency = 7, start = c(2024, 1)), ts(1:60, start = 2000.5), ts(1:60, start = -5000),
    ts(1:60, frequency = 52, start = 2020), ts(1:60, frequency = 24, start = 1), EuStockMarkets
  )) {
    expect_null(rnnstudio:::dates_of(x))
  }
  expect_equal(rnn_inspect(ts(series()))$columns$name, "value")
  expect_equal(rnn_inspect(EuStockMarkets)$columns$name, colnames(EuStockMarkets))
})

test_that("runs of a time series with dates have them in every table, and predict continues the time", {
  skip_without_python()
  run <- train_tiny(AirPassengers, window = 12)
  expect_equal(run$features, "value")
  expect_equal(rnn_forecast(run, 2, table = TRUE)$time, as.Date(c("1961-01-01", "1961-02-01")))
  table <- as.data.frame(run, what = "predictions")
  expect_equal(max(table$time), as.Date("1960-12-01"))
  expect_equal(table$truth[table$time == as.Date("1960-12-01")], 432)
  predicted <- predict(run, AirPassengers)
  expect_equal(tsp(predicted), c(1950, tsp(AirPassengers)[2] + 1 / 12, 12)) # the value after the last window too
  expect_equal(as.vector(predicted), predict(run, as.vector(AirPassengers)))
  expect_equal(predict(run, window(AirPassengers, 1955)), predicted[73:133], ignore_attr = TRUE)
  table <- predict(run, AirPassengers, table = TRUE)
  expect_equal(table$time, seq(as.Date("1949-12-01"), by = "month", length.out = 133)) # of the last row read
  expect_equal(table$prediction, as.vector(predicted))
  days <- data.frame(day = as.POSIXct("2024-03-01", "UTC") + 3600 * 0:59, sales = series(60), up = rep(c(FALSE, TRUE), 30))
  of_frame <- train_tiny(days, target = "sales")
  expect_equal(as.numeric(predict(of_frame, days, table = TRUE)$time), as.numeric(days$day[5:60]))
  expect_equal(as.numeric(rnn_forecast(of_frame, 1, table = TRUE)$time), as.numeric(days$day[60]) + 3600)
  labelled <- predict(train_tiny(up ~ sales, days[-1]), days, table = TRUE)
  expect_equal(levels(labelled$prediction), c("FALSE", "TRUE"))
  expect_match(error_message(predict(run, 1:20, table = TRUE), "predict"), "predict_table takes a file or a data frame")
  both <- ts.union(deaths = ldeaths, female = fdeaths)
  run <- train_tiny(both, target = "deaths", features = "female", task = "regress")
  expect_equal(tsp(predict(run, both)), tsp(both))
  expect_equal(range(as.data.frame(run, what = "predictions")$time)[2], as.Date("1979-12-01"))
})

test_that("positions in messages about arrays count from 1", {
  skip_without_python()
  x <- matrix(series(200), 100)
  x[31:45, 2] <- NA
  expect_match(error_message(train_tiny(x)), "from index [31, 2] on", fixed = TRUE)
  expect_match(error_message(train_tiny(x[, 2])), "from index [31] on", fixed = TRUE)
  x[33:45, 2] <- 0
  expect_warning(expect_warning(run <- train_tiny(x), "index [31, 2]", fixed = TRUE), "index [31, 2]", fixed = TRUE)
  expect_match(run$warnings[1], "index [31, 2]", fixed = TRUE)
  newdata <- matrix(series(40), 20)
  newdata[7, 1] <- NA
  expect_warning(predict(run, newdata), "index [7, 1]", fixed = TRUE)
  wrong <- list(matrix(1:6, 3), matrix(letters[1:6], 3), matrix(1:8, 4))
  expect_match(error_message(rnn_train(wrong, c("u", "v", "u"))), "x[[2]] must hold numbers", fixed = TRUE)
  expect_equal(
    rnnstudio:::counted_from_one(c("at index [0, 9, 99] of y, row 5.", "y[12] and x[0] [3]", "the 1,000 steps")),
    c("at index [1, 10, 100] of y, row 5.", "y[[13]] and x[[1]] [3]", "the 1,000 steps")
  )
})

test_that("a season and numbers that stand for missing values are found in vectors and matrices", {
  skip_without_python()
  x <- sin(2 * pi * seq_len(180) / 12)
  expect_true("seasonal_last_value" %in% names(train_tiny(x)$baseline))
  x[91:93] <- -999
  expect_match(error_message(train_tiny(x)), "Set missing_values to -999 (missing values) or none", fixed = TRUE)
  run <- suppressWarnings(train_tiny(x, missing_values = -999))
  expect_match(run$warnings[1], "3 missing values of x were filled with the last value before, the first at index [91]", fixed = TRUE)
  expect_equal(train_tiny(matrix(x, length(x), 2), missing_values = "none")$outcome, "completed")
})

test_that("a factor is converted by its levels, not by its integer codes", {
  skip_without_python()
  x <- array(rep(c(-1, 1), 25), c(10, 5, 1)) # all steps of a sequence are -1, or all are 1
  y <- factor(rep(c("z_first", "a_second"), 5), levels = c("z_first", "a_second"))
  run <- rnn_train(x, y,
    units = 4, updates = 150, learning_rate = 0.02, batch_size = 10, test_fraction = 0, verbose = 0, save = FALSE
  )
  expect_equal(as.character(predict(run, x)), as.character(y))
})

test_that("as_sequences keeps the order of flattened rows, which dim<- does not", {
  image <- matrix(1:12, 3, byrow = TRUE) # three rows of four pixels, read row by row
  flat <- rbind(as.vector(t(image)), 100 + as.vector(t(image)))
  x <- as_sequences(flat, steps = 3)
  expect_equal(dim(x), c(2, 3, 4))
  expect_equal(x[1, , ], image + 0)
  expect_equal(x[2, , ], image + 100)
  reshaped <- flat
  dim(reshaped) <- c(2, 3, 4)
  expect_false(isTRUE(all.equal(reshaped[1, , ], image + 0)))
})

test_that("the setting seed decides the run, set.seed does not", {
  skip_without_python()
  set.seed(1)
  one <- train_tiny(seed = 5)
  set.seed(2)
  expect_equal(train_tiny(seed = 5)$metrics, one$metrics)
  expect_false(isTRUE(all.equal(train_tiny(seed = 6)$metrics, one$metrics)))
})

test_that("after readRDS a run refuses to predict, or loads its network from its folder", {
  skip_without_python()
  file <- tempfile(fileext = ".rds")
  run <- train_tiny()
  run$python <- NULL # as after readRDS in a new R session
  saveRDS(run, file)
  again <- readRDS(file)
  expect_s3_class(again$history, "data.frame")
  expect_match(error_message(predict(again, series()), "predict"), "rnn_save")
  for (path in c(tempfile("saved"), tempfile(fileext = ".rnnrun"))) {
    saved <- rnn_save(train_tiny(), path)
    saved$python <- NULL
    expect_length(rnn_forecast(saved, 3), 3)
  }
})

test_that("a nil pointer from another R session is detected", {
  skip_without_python()
  file <- tempfile(fileext = ".rds")
  saveRDS(classifier(), file)
  again <- readRDS(file) # the pointer is nil now
  expect_match(error_message(predict(again, sequences()), "predict"), "rnn_save")
})

test_that("a folder called rnnstudio is not mistaken for the package", {
  skip_without_python()
  skip_on_os("windows")
  folder <- tempfile("work")
  dir.create(file.path(folder, "rnnstudio"), recursive = TRUE)
  # a Python without rnnstudio, which imports a folder of that name as an empty package
  bare <- tempfile("bare")
  status <- system2(reticulate::py_config()$python, c("-m", "venv", "--without-pip", bare))
  expect_equal(status, 0)
  python <- file.path(bare, "bin", "python")
  code <- sprintf(
    ".libPaths(%s); setwd(%s); cat(rnnstudio::rnnstudio_available())", deparse1(.libPaths()), deparse1(folder)
  )
  file <- tempfile(fileext = ".R")
  writeLines(code, file)
  output <- system2(file.path(R.home("bin"), "Rscript"), c("--vanilla", file),
    stdout = TRUE, stderr = FALSE, env = c("PYTHONPATH=", "RNNSTUDIO_PYTHON=", paste0("RETICULATE_PYTHON=", python))
  )
  expect_equal(tail(output, 1), "FALSE")
})

test_that("integer64 is refused instead of converted to other numbers", {
  skip_without_python()
  big <- structure(series(), class = "integer64")
  expect_match(error_message(rnn_train(big, window = 5)), "as.numeric")
  expect_match(error_message(rnn_train(data.frame(a = series(), b = I(big)), window = 5)), "as.numeric|numbers")
})

test_that("Python draws plots in a process of its own, without R's libraries", {
  skip_without_python()
  file <- tempfile(fileext = ".png")
  run <- train_tiny()
  path <- reticulate::py_to_r(run$python$plot("loss", file))
  expect_gt(file.size(path), 1000)
})

test_that("objects that are not data are refused by their class", {
  skip_without_python()
  expect_match(error_message(rnn_train(quote(a + b))), "numbers")
  expect_match(error_message(rnn_train(complex(10, 1, 1), window = 2)), "complex")
  expect_match(error_message(rnn_train(c("a", "b"))), "one name or path")
  expect_match(error_message(rnn_train(NULL)), "x must be given")
  expect_match(error_message(rnn_train()), "x must be given")
})

test_that("without Python every function says what to do", {
  skip_if(rnnstudio_available())
  expect_match(error_message(rnn_train("echo")), "install_rnnstudio|RNNSTUDIO_PYTHON")
  expect_match(error_message(rnn_recipes(), "rnn_recipes"), "install_rnnstudio")
})

test_that("install_rnnstudio refuses a source that does not exist", {
  expect_match(error_message(install_rnnstudio(), "install_rnnstudio"), "source must be the path")
  expect_match(error_message(install_rnnstudio("/no/such/folder"), "install_rnnstudio"), "there is no /no/such/folder")
})
