# Plots: each kind is drawn for the runs that have it, and refused for the others.

drawn_bytes <- function(expr) {
  file <- tempfile(fileext = ".png")
  grDevices::png(file, 900, 700)
  tryCatch(expr, finally = grDevices::dev.off())
  file.size(file)
}

runs <- local({
  cached <- NULL
  function() {
    if (is.null(cached)) {
      train_small <- function(...) rnn_train(..., verbose = 0, save = FALSE)
      cached <<- list(
        echo = train_small("echo", epochs = 1), airline = train_airline(units = 3, updates = 20, save = FALSE),
        toy = train_small("toy", updates = 20), classes = classifier(),
        multi_step = train_small(series(300), window = 20, horizon = 10, units = 2, updates = 5)
      )
    }
    cached
  }
})

available <- list(
  echo = c("loss", "accuracy", "echo"), airline = c("loss", "forecast"), toy = c("loss", "forecast"),
  classes = c("loss", "accuracy", "confusion"), multi_step = c("loss", "multi_step")
)
unavailable <- list(
  echo = "confusion", airline = c("accuracy", "echo", "confusion", "multi_step"),
  classes = c("echo", "forecast", "multi_step")
)

test_that("base graphics draw every plot that a run has", {
  skip_without_python()
  for (name in names(available)) {
    for (kind in available[[name]]) expect_gt(drawn_bytes(plot(runs()[[name]], kind)), 3000)
    expect_gt(drawn_bytes(plot(runs()[[name]])), 3000)
  }
})

test_that("a plot that a run does not have is refused, and the message lists those it has", {
  skip_without_python()
  for (name in names(unavailable)) {
    for (kind in unavailable[[name]]) {
      message <- error_message(drawn_bytes(plot(runs()[[name]], kind)), "plot")
      expect_match(message, paste0("no plot \"", kind, "\".*it has loss"))
    }
  }
  expect_match(error_message(plot(classifier(), "pie"), "plot"), "kind must be one of")
})

test_that("ggplot2 draws them as well", {
  skip_without_python()
  skip_if_not_installed("ggplot2")
  for (name in names(available)) {
    for (kind in available[[name]]) {
      plot <- ggplot2::autoplot(runs()[[name]], kind)
      expect_s3_class(plot, "ggplot")
      expect_gt(drawn_bytes(print(plot)), 3000)
    }
  }
  expect_match(error_message(ggplot2::autoplot(runs()$airline, "confusion"), "ggplot2::autoplot"), "no plot")
})

test_that("the old kind ahead draws multi_step, with a warning", {
  skip_without_python()
  run <- runs()$multi_step
  expect_warning(bytes <- drawn_bytes(plot(run, "ahead")), "^`ahead` is now `multi_step`[.]$")
  expect_equal(bytes, drawn_bytes(plot(run, "multi_step")))
  skip_if_not_installed("ggplot2")
  expect_warning(plot <- ggplot2::autoplot(run, "ahead"), "^`ahead` is now `multi_step`[.]$")
  expect_s3_class(plot, "ggplot")
})

test_that("the accuracy plot shows the baseline that Python finds", {
  skip_without_python()
  run <- classifier()
  data <- rnnstudio:::plot_data(run, "accuracy", NULL)
  expect_equal(data$baseline, run$baseline$majority_class[["test_accuracy"]])
  expect_equal(run$comparison$baseline, "majority_class")
  expect_equal(run$comparison$skill, run$metrics[["skill"]])
})

test_that("plots leave the parameters of the device unchanged", {
  skip_without_python()
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  before <- graphics::par(c("mfrow", "mar"))
  plot(runs()$echo, "echo")
  plot(runs()$classes, "confusion")
  plot(runs()$multi_step, "multi_step")
  expect_equal(graphics::par(c("mfrow", "mar")), before)
})

test_that("predictions are a tidy table", {
  skip_without_python()
  table <- as.data.frame(classifier(), what = "predictions")
  expect_equal(names(table), c("sequence", "truth", "predicted", "probability"))
  expect_equal(levels(table$truth), c("low", "high"))
  expect_equal(names(as.data.frame(runs()$echo, what = "predictions")), c("row", "step", "input", "truth", "predicted"))
  series <- as.data.frame(runs()$airline, what = "predictions")
  expect_true(all(c("step", "split", "truth", "one_step") %in% names(series)))
  expect_true(all(c("train", "test") %in% series$split))
  expect_true(all(series$split %in% c("train", "val", "test", "")))
  expect_true("multi_step" %in% names(as.data.frame(runs()$multi_step, what = "predictions")))
})
