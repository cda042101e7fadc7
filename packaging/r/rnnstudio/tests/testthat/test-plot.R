# Pictures: each kind is drawn where the run has it, and said to be missing where it has not.

drawn <- function(expr) {
  file <- tempfile(fileext = ".png")
  grDevices::png(file, 900, 700)
  tryCatch(expr, finally = grDevices::dev.off())
  file.size(file)
}

runs <- local({
  kept <- NULL
  function() {
    if (is.null(kept)) {
      small <- function(...) rnn_train(..., verbose = 0, save = FALSE)
      kept <<- list(
        echo = small("echo", epochs = 1), airline = airline(units = 3, updates = 20, save = FALSE),
        toy = small("toy", updates = 20), classes = classifier(),
        ahead = small(series(300), window = 20, horizon = 10, units = 2, updates = 5)
      )
    }
    kept
  }
})

has <- list(
  echo = c("loss", "accuracy", "echo"), airline = c("loss", "forecast"), toy = c("loss", "forecast"),
  classes = c("loss", "accuracy", "confusion"), multi_step = c("loss", "multi_step")
)
lacks <- list(echo = "confusion", airline = c("accuracy", "echo", "confusion"), classes = c("echo", "forecast", "multi_step"))

test_that("base graphics draw every picture a run has", {
  skip_without_python()
  for (name in names(has)) {
    for (kind in has[[name]]) expect_gt(drawn(plot(runs()[[name]], kind)), 3000)
    expect_gt(drawn(plot(runs()[[name]])), 3000)
  }
})

test_that("a picture that a run has not is a sentence", {
  skip_without_python()
  for (name in names(lacks)) {
    for (kind in lacks[[name]]) expect_match(sentence(drawn(plot(runs()[[name]], kind)), "plot"), "no picture")
  }
  expect_match(sentence(plot(classifier(), "pie"), "plot"), "kind must be one of")
})

test_that("ggplot2 draws them as well", {
  skip_without_python()
  skip_if_not_installed("ggplot2")
  for (name in names(has)) {
    for (kind in has[[name]]) {
      made <- ggplot2::autoplot(runs()[[name]], kind)
      expect_s3_class(made, "ggplot")
      expect_gt(drawn(print(made)), 3000)
    }
  }
  expect_match(sentence(ggplot2::autoplot(runs()$airline, "confusion"), "ggplot2::autoplot"), "no picture")
})

test_that("drawing leaves the device's parameters as they were", {
  skip_without_python()
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  before <- graphics::par(c("mfrow", "mar"))
  plot(runs()$echo, "echo")
  plot(runs()$classes, "confusion")
  expect_equal(graphics::par(c("mfrow", "mar")), before)
})

test_that("predictions are a tidy table", {
  skip_without_python()
  table <- as.data.frame(classifier(), what = "predictions")
  expect_equal(names(table), c("sequence", "truth", "predicted", "probability"))
  expect_equal(levels(table$truth), c("low", "high"))
  expect_equal(names(as.data.frame(runs()$echo, what = "predictions")), c("row", "step", "input", "truth", "predicted"))
  expect_true(all(c("step", "part", "truth", "one_step") %in% names(as.data.frame(runs()$airline, what = "predictions"))))
})
