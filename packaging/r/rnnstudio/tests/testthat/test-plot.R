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
        multi_step = train_small(series(300), window = 20, horizon = 10, units = 2, updates = 5),
        values = train_small(
          lapply(1:20, function(i) matrix(sin(1:8 * i), 8)), y = 1:20 + 0.5, task = "regress_sequence", units = 2, updates = 5,
          batch_size = 8
        )
      )
    }
    cached
  }
})

available <- list(
  echo = c("loss", "accuracy", "echo"), airline = c("loss", "forecast"), toy = c("loss", "forecast"),
  classes = c("loss", "accuracy", "confusion", "roc", "precision_recall"),
  multi_step = c("loss", "multi_step", "by_step"),
  values = c("loss", "predicted_true")
)
unavailable <- list(
  echo = c("confusion", "roc", "by_step"), airline = c("accuracy", "echo", "confusion", "multi_step", "roc", "by_step"),
  classes = c("echo", "forecast", "multi_step", "predicted_true"), values = c("accuracy", "forecast", "confusion", "roc")
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

test_that("the curves of two classes have the areas that Python finds", {
  skip_without_python()
  run <- classifier()
  table <- as.data.frame(run, what = "operating_points")
  expect_equal(utils::tail(table$recall, 1), 1)
  area <- function(curve) sum(diff(curve$x) * (utils::head(curve$y, -1) + utils::tail(curve$y, -1)) / 2)
  roc <- rnnstudio:::plot_data(run, "roc", NULL)
  expect_equal(area(roc$curve), run$metrics[["test_roc_auc"]])
  expect_match(roc$ylab, run$positive_class)
  expect_equal(nrow(run$class_metrics), 2)
  expect_equal(run$class_metrics$class, c("low", "high"))
  recall <- run$class_metrics$recall[run$class_metrics$class == run$positive_class]
  expect_equal(roc$mark$y, recall)
  curve <- rnnstudio:::plot_data(run, "precision_recall", NULL)$curve
  expect_equal(area(curve), run$metrics[["test_average_precision"]])
  expect_match(error_message(as.data.frame(runs()$airline, what = "operating_points"), "as.data.frame"), "two classes")
})

test_that("each of several targets can be drawn", {
  skip_without_python()
  table <- data.frame(day = as.Date("2024-01-01") + 0:79, load = sin(1:80 / 3), price = 100 + cos(1:80 / 5))
  run <- rnn_train(
    table,
    target = c("load", "price"), window = 5, horizon = 2, units = 2, updates = 3, save = FALSE, verbose = 0
  )
  expect_equal(run$drawn, c("load", "price"))
  data <- rnnstudio:::plot_data(run, "forecast", NULL, "price")
  expect_equal(data$ylab, "price")
  expect_true(all(data$lines$value[data$lines$what == "truth"] > 90))
  expect_gt(drawn_bytes(plot(run, "forecast")), 3000)
  expect_equal(sort(unique(as.data.frame(run, what = "predictions")$target)), c("load", "price"))
  expect_error(plot(run, "forecast", series = "wind"), "load, price")
})

test_that("columns can be series of their own", {
  skip_without_python()
  table <- data.frame(day = as.Date("2024-01-01") + 0:79, load = sin(1:80 / 3), price = 100 + cos(1:80 / 5))
  run <- rnn_train(table, columns_as_series = TRUE, window = 5, units = 2, updates = 3, save = FALSE, verbose = 0)
  expect_equal(run$series, c("load", "price"))
  expect_equal(run$by_series$series, c("load", "price"))
  expect_length(predict(run, table), 2)
  expect_equal(unique(rnn_forecast(run, 2)$series), c("load", "price"))
})

test_that("the errors by step ahead are those of the predictions", {
  skip_without_python()
  run <- runs()$multi_step
  table <- as.data.frame(run, what = "predictions")
  expected <- tapply((table$prediction - table$truth)^2, table$step_ahead, function(x) sqrt(mean(x)))
  expect_equal(run$by_step$rmse, as.vector(expected), tolerance = 1e-6)
  expect_equal(run$by_step$step_ahead, 1:10)
  data <- rnnstudio:::plot_data(run, "by_step", NULL)
  expect_equal(data$lines$value[data$lines$what == "this run"], run$by_step$rmse)
  expect_equal(nrow(runs()$airline$by_step), 0)
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

test_that("plots draw a tidy table", {
  skip_without_python()
  table <- rnnstudio:::plot_table(classifier(), NULL)
  expect_equal(names(table), c("sequence", "truth", "prediction", "probability"))
  expect_equal(levels(table$truth), c("low", "high"))
  expect_equal(names(rnnstudio:::plot_table(runs()$echo, NULL)), c("row", "step", "input", "truth", "prediction"))
  series <- rnnstudio:::plot_table(runs()$airline, NULL)
  expect_true(all(c("step", "split", "truth", "one_step") %in% names(series)))
  expect_true(all(c("train", "test") %in% series$split))
  expect_true(all(series$split %in% c("train", "val", "test", "")))
  expect_true("multi_step" %in% names(rnnstudio:::plot_table(runs()$multi_step, NULL)))
})

test_that("all predictions are a tidy table, whose metrics are those of the run", {
  skip_without_python()
  run <- classifier()
  table <- as.data.frame(run, what = "predictions")
  expect_equal(
    names(table), c("sequence", "truth", "prediction", "probability", "probability_low", "probability_high")
  )
  expect_equal(levels(table$truth), c("low", "high"))
  expect_equal(mean(table$truth == table$prediction), run$metrics[["test_accuracy"]])
  run <- runs()$multi_step
  table <- as.data.frame(run, what = "predictions")
  expect_true(all(c("origin", "step_ahead", "step", "truth", "prediction", "baseline") %in% names(table)))
  expect_equal(sqrt(mean((table$prediction - table$truth)^2)), run$metrics[["test_rmse"]], tolerance = 1e-5)
  written <- utils::read.csv(rnn_export(run, tempfile(fileext = ".csv"), table = "predictions"))
  expect_equal(names(written), names(table))
  expect_equal(written$prediction, table$prediction, tolerance = 1e-5)
})

dated <- function(n = 60) data.frame(day = as.Date("2024-01-01") + seq_len(n) - 1, sales = series(n))

test_that("the horizontal axis of predictions is time where the data have times", {
  skip_without_python()
  run <- train_tiny(dated(), target = "sales")
  data <- rnnstudio:::plot_data(run, "forecast", NULL)
  expect_equal(data$xlab, "time")
  expect_equal(data$time_class, "Date")
  truth <- data$lines[data$lines$what == "truth", ]
  expect_equal(.Date(truth$step), dated()$day)
  expect_equal(truth$value, dated()$sales, tolerance = 1e-6)
  free <- data$lines[data$lines$what == "free-running forecast", ]
  table <- rnnstudio:::plot_table(run, NULL)
  expect_equal(.Date(free$step), table$time[is.finite(table$free)])
  expect_equal(data$begin, as.numeric(table$time[is.finite(table$free)][1]) - 0.5)
  expect_match(data$ticks$label, "^(Jan|Feb|Mar) ", all = TRUE)
  expect_equal(format(.Date(data$ticks$at), "%b %d"), data$ticks$label)
  expect_gt(drawn_bytes(plot(run, "forecast", xlim = as.Date(c("2024-02-01", "2024-02-20")))), 3000)
  hours <- data.frame(when = as.POSIXct("2024-01-01", tz = "UTC") + 3600 * 0:79, sales = series())
  run <- train_tiny(hours, target = "sales", horizon = 5, val_fraction = 0)
  for (panel in rnnstudio:::plot_data(run, "multi_step", NULL)$panels) {
    truth <- panel$lines[panel$lines$what == "truth", ]
    expect_true(all(.POSIXct(truth$step, "UTC") %in% hours$when))
    expect_gt(nrow(panel$ticks), 1)
    expect_equal(panel$begin, as.numeric(hours$when[65]) - 1800)
  }
  expect_gt(drawn_bytes(plot(run, "multi_step")), 3000)
  labelled <- cbind(dated(), state = rep(c("low", "high"), 30))
  run <- train_tiny(labelled, target = "state", features = "sales")
  data <- rnnstudio:::plot_data(run, "echo", NULL)
  expect_equal(data$step_name, "time")
  expect_true(all(data$dates[[1]]$label %in% format(labelled$day)))
  expect_gt(drawn_bytes(plot(run, "echo")), 3000)
})

test_that("ggplot2 shows dates as well", {
  skip_without_python()
  skip_if_not_installed("ggplot2")
  run <- train_tiny(dated(), target = "sales", horizon = 5)
  plot <- ggplot2::autoplot(run, "forecast")
  expect_gt(drawn_bytes(print(plot)), 3000)
  expect_gt(drawn_bytes(print(ggplot2::autoplot(run, "multi_step"))), 3000)
})

test_that("a plot shows one of several series, the first or the one named, and says which", {
  skip_without_python()
  shops <- rbind(cbind(dated(), shop = "north"), cbind(dated(50), shop = "south"))
  shops$sales[61:110] <- 100 * shops$sales[61:110]
  run <- train_tiny(shops, target = "sales", series = "shop", horizon = 2, split_by = "share")
  table <- rnnstudio:::plot_table(run, NULL)
  expect_true(all(c("free", "multi_step") %in% names(table)))
  for (shop in c("north", "south")) {
    data <- rnnstudio:::plot_data(run, "forecast", NULL, shop)
    expect_match(data$main, paste0("series ", shop, "$"))
    truth <- data$lines[data$lines$what == "truth", ]
    own <- shops[shops$shop == shop, ]
    expect_equal(.Date(truth$step), own$day)
    expect_equal(truth$value, own$sales, tolerance = 1e-6)
    free <- table[table$series == shop & is.finite(table$free), ]
    forecast <- rnn_forecast(run, nrow(free), start = free$step[1], series = shop)
    expect_equal(forecast$sales, free$free, tolerance = 1e-5)
    expect_equal(forecast$time, free$time)
  }
  expect_equal(rnnstudio:::plot_data(run, "forecast", NULL)$main, rnnstudio:::plot_data(run, "forecast", NULL, "north")$main)
  expect_gt(drawn_bytes(plot(run, "multi_step", series = "south")), 3000)
  expect_match(error_message(plot(run, "forecast", series = "west"), "plot"), "series must be one of north, south; received west")
  expect_match(error_message(plot(runs()$airline, "forecast", series = "west"), "plot"), "series must be left out")
  expect_equal(predict(run, own["sales"], series = "south"), predict(run, shops)[[2]])
  commas <- transform(shops, sales = sub(".", ",", format(sales, digits = 17), fixed = TRUE))
  expect_equal(predict(run, commas, decimal_mark = "comma"), predict(run, shops))
  expect_match(error_message(predict(run, shops, decimal = "comma"), "predict"), "received decimal")
})
