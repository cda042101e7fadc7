# What R users trip over elsewhere.

test_that("classes are in the order of the levels, in the run, in probabilities and in answers", {
  skip_without_python()
  run <- classifier()
  expect_equal(run$classes, c("low", "high"))
  told <- predict(run, sequences())
  expect_equal(levels(told), c("low", "high"))
  shares <- predict(run, sequences(), type = "prob")
  expect_equal(colnames(shares), c("low", "high"))
  expect_equal(rowSums(shares), rep(1, 24), tolerance = 1e-5)
  expect_equal(colnames(shares)[max.col(shares)], as.character(told))
})

test_that("TRUE and FALSE are classes of these names", {
  skip_without_python()
  x <- array(rep(c(-1, 1), 25), c(10, 5, 1))
  y <- rep(c(FALSE, TRUE), 5)
  small <- function(...) rnn_train(..., batch_size = 8, verbose = 0, save = FALSE, learning_rate = 0.05, units = 4)
  run <- small(x, y, updates = 60)
  expect_equal(run$classes, c("FALSE", "TRUE"))
  expect_equal(predict(run, x) == y, rep(TRUE, 10))
  table <- data.frame(v = rep(c(-1, 1), 40), up = rep(c(FALSE, TRUE), 40))
  for (run in list(
    small(up ~ v, table, window = 5, updates = 60),
    small(table, target = "up", features = "v", window = 5, updates = 60)
  )) {
    expect_equal(run$classes, c("FALSE", "TRUE"))
    expect_equal(as.vector(predict(run, table["v"])) == table$up, rep(TRUE, 80))
  }
})

test_that("what a class is of follows from the shapes of x and y", {
  skip_without_python()
  m <- matrix(series(24 * 6), 24)
  small <- function(...) rnn_train(..., batch_size = 8, units = 2, updates = 2, verbose = 0, save = FALSE)
  expect_equal(small(m, states())$task, "classify")
  expect_equal(small(m, states(), window = 4)$task, "label")
  expect_equal(small(m[, 1], states(), window = 4)$task, "label")
  text <- matrix(rep(c("u", "v"), 72), 24)
  run <- small(array(m, c(24, 6, 1)), text)
  expect_equal(c(run$task, run$classes), c("label", "u", "v"))
  lists <- small(lapply(1:24, function(i) m[i, ]), lapply(1:24, function(i) factor(text[i, ], c("v", "u"))))
  expect_equal(c(lists$task, lists$classes), c("label", "v", "u"))
})

test_that("names of columns are taken as they are, and once", {
  skip_without_python()
  table <- data.frame("load, kW" = series(), b = rev(series()), check.names = FALSE)
  expect_equal(tiny(b ~ `load, kW`, table)$features, "load, kW")
  expect_equal(tiny(table, features = "load, kW", target = "b", task = "regress")$features, "load, kW")
  expect_match(sentence(rnn_train(setNames(table, c("a", "a")))), "a is there twice")
  expect_match(sentence(rnn_train(b ~ ., table, target = "b")), "target must be left out")
  expect_equal(tiny(b ~ scale(`load, kW`), table)$task, "regress")
  expect_match(sentence(rnn_train(cbind(b, b) ~ 1, table)), "one column")
  expect_match(sentence(rnn_train(b ~ poly(b, 2), table)), "Features must be numbers")
})

test_that("time is told only where it has no holes, and its season is the naive answer's", {
  skip_without_python()
  run <- tiny(AirPassengers, window = 12)
  expect_true("seasonal_last_value" %in% names(run$baseline))
  holes <- AirPassengers
  holes[143:144] <- NA
  told <- suppressWarnings(rnn_forecast(tiny(holes, window = 12, missing = "drop"), 2))
  expect_false(stats::is.ts(told))
})

test_that("a factor is learned by its levels, not by numbers from 1", {
  skip_without_python()
  x <- array(rep(c(-1, 1), 25), c(10, 5, 1)) # each sequence is -1 or 1 throughout
  y <- factor(rep(c("z_first", "a_second"), 5), levels = c("z_first", "a_second"))
  run <- rnn_train(x, y,
    units = 4, updates = 150, learning_rate = 0.02, batch_size = 10, test_fraction = 0, verbose = 0, save = FALSE
  )
  expect_equal(as.character(predict(run, x)), as.character(y))
})

test_that("as_sequences reads flattened rows as they were flattened, dim<- would not", {
  image <- matrix(1:12, 3, byrow = TRUE) # three rows of four pixels, read row by row
  flat <- rbind(as.vector(t(image)), 100 + as.vector(t(image)))
  x <- as_sequences(flat, steps = 3)
  expect_equal(dim(x), c(2, 3, 4))
  expect_equal(x[1, , ], image + 0)
  expect_equal(x[2, , ], image + 100)
  turned <- flat
  dim(turned) <- c(2, 3, 4)
  expect_false(isTRUE(all.equal(turned[1, , ], image + 0)))
})

test_that("seed = decides, set.seed does not", {
  skip_without_python()
  set.seed(1)
  one <- tiny(seed = 5)
  set.seed(2)
  expect_equal(tiny(seed = 5)$metrics, one$metrics)
  expect_false(isTRUE(all.equal(tiny(seed = 6)$metrics, one$metrics)))
})

test_that("a run read by readRDS says what is gone, or is read again from its folder", {
  skip_without_python()
  file <- tempfile(fileext = ".rds")
  run <- tiny()
  run$python <- NULL # as after readRDS in a new R: a pointer to nothing
  saveRDS(run, file)
  again <- readRDS(file)
  expect_s3_class(again$history, "data.frame")
  expect_match(sentence(predict(again, series()), "predict"), "rnn_save")
  kept <- rnn_save(tiny(), tempfile("kept"))
  kept$python <- NULL
  expect_length(rnn_forecast(kept, 3), 3)
})

test_that("a dead pointer of another R session is noticed", {
  skip_without_python()
  file <- tempfile(fileext = ".rds")
  saveRDS(classifier(), file)
  again <- readRDS(file) # the pointer is nil now
  expect_match(sentence(predict(again, sequences()), "predict"), "rnn_save")
})

test_that("a folder called rnnstudio is not taken for the package", {
  skip_without_python()
  skip_on_os("windows")
  place <- tempfile("work")
  dir.create(file.path(place, "rnnstudio"), recursive = TRUE)
  # a Python without rnnstudio, though a folder of that name is an empty package to it
  bare <- tempfile("bare")
  made <- system2(reticulate::py_config()$python, c("-m", "venv", "--without-pip", bare))
  expect_equal(made, 0)
  python <- file.path(bare, "bin", "python")
  code <- sprintf(
    ".libPaths(%s); setwd(%s); cat(rnnstudio::rnnstudio_available())", deparse1(.libPaths()), deparse1(place)
  )
  file <- tempfile(fileext = ".R")
  writeLines(code, file)
  said <- system2(file.path(R.home("bin"), "Rscript"), c("--vanilla", file),
    stdout = TRUE, stderr = FALSE, env = c("PYTHONPATH=", "RNNSTUDIO_PYTHON=", paste0("RETICULATE_PYTHON=", python))
  )
  expect_equal(tail(said, 1), "FALSE")
})

test_that("integer64 is refused, not read as garbage", {
  skip_without_python()
  big <- structure(series(), class = "integer64")
  expect_match(sentence(rnn_train(big, window = 5)), "as.numeric")
  expect_match(sentence(rnn_train(data.frame(a = series(), b = I(big)), window = 5)), "as.numeric|numbers")
})

test_that("a picture drawn by Python's own process does not meet R's libraries", {
  skip_without_python()
  file <- tempfile(fileext = ".png")
  run <- tiny()
  drawn <- reticulate::py_to_r(run$python$plot("loss", file))
  expect_gt(file.size(drawn), 1000)
})

test_that("what cannot be data is refused by its class", {
  skip_without_python()
  expect_match(sentence(rnn_train(quote(a + b))), "numbers")
  expect_match(sentence(rnn_train(complex(10, 1, 1), window = 2)), "complex")
  expect_match(sentence(rnn_train(c("a", "b"))), "one name or path")
  expect_match(sentence(rnn_train(NULL)), "x must be given")
  expect_match(sentence(rnn_train()), "x must be given")
})

test_that("without Python everything says what to do, and nothing else breaks", {
  skip_if(rnnstudio_available())
  expect_match(sentence(rnn_train("echo")), "install_rnnstudio|RNNSTUDIO_PYTHON")
  expect_match(sentence(rnn_recipes(), "rnn_recipes"), "install_rnnstudio")
})

test_that("what cannot be installed is a sentence", {
  expect_match(sentence(install_rnnstudio(), "install_rnnstudio"), "source must say what to install")
  expect_match(sentence(install_rnnstudio("/no/such/folder"), "install_rnnstudio"), "there is no /no/such/folder")
})
