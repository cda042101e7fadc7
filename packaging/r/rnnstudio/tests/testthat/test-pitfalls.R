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
