# Training, prediction, saving and loading.

test_that("a recipe is trained by its name and compared with the publication", {
  skip_without_python()
  run <- rnn_train("echo", epochs = 1, verbose = 0, save = FALSE)
  expect_s3_class(run, "rnn_run")
  expect_equal(names(run$published), c("metric", "update", "published", "run"))
  expect_equal(run$published$run[1], run$history$train_loss[1], tolerance = 1e-6)
  expect_output(print(run), "echo: rnn, 4 units; completed after 666 updates")
  expect_output(print(run), "predicts echo from bit")
  expect_output(print(summary(run)), "Predicts echo from bit.", fixed = TRUE)
  expect_output(print(run), "summary\\(\\) compares this run with the publication")
  expect_output(print(summary(run)), "Compared with the baselines \\(training set\\)(.|\n)*most frequent class")
  expect_output(print(summary(run)), "Compared with the publication, at the same updates")
})

test_that("metrics of weights that were chosen on the test set are marked, and the mark is explained", {
  skip_without_python()
  footnote <- "The best weights were chosen on the test set"
  expect_warning(run <- train_tiny(restore_best_weights = TRUE, val_fraction = 0), footnote)
  expect_true(run$chosen_on_test)
  expect_equal(run$weights_update, run$metrics[["best_update"]])
  expect_output(print(run), paste0("test_rmse\\*(.|\n)*\\* ", footnote))
  expect_output(print(summary(run)), paste0("test_rmse\\*(.|\n)*\\* ", footnote))
  expect_true(all(run$history$chosen_on_test))
  expect_true(all(as.data.frame(run, what = "predictions")$chosen_on_test))
  others <- train_tiny()
  expect_false(others$chosen_on_test)
  expect_false(any(grepl("*", capture.output(print(others), print(summary(others))), fixed = TRUE)))
})

test_that("the same seed gives the same history", {
  skip_without_python()
  expect_identical(train_tiny(seed = 2)$history, train_tiny(seed = 2)$history)
})

test_that("a formula names the target and the features of a data frame", {
  skip_without_python()
  table <- data.frame(day = 1:80, a = series(), b = rev(series()), sales = cumsum(series()))
  for (run in list(
    train_tiny(sales ~ a + b, table),
    train_tiny(sales ~ . - day, table, task = "regress")
  )) {
    expect_equal(run$features, c("a", "b"))
    expect_length(predict(run, table), 80)
    expect_length(predict(run, table[c("b", "day", "a")]), 80)
  }
  expect_equal(train_tiny(sales ~ a, table)$task, "regress")
  alone <- train_tiny(sales ~ 1, table)
  expect_length(rnn_forecast(alone, 3), 3)
  expect_length(predict(alone, table[1:12, ]), 8)
  expect_match(error_message(rnn_train(sales ~ a * b, table)), "Each term")
  transformed <- train_tiny(sales ~ log(a + 5) + b, table, task = "regress")
  expect_equal(transformed$features, c("log(a + 5)", "b"))
  expect_length(predict(transformed, table), 80)
  expect_match(error_message(rnn_train(sales ~ nothing, table)), "nothing")
  expect_match(error_message(rnn_train(~a, table)), "target on its left")
  expect_match(error_message(rnn_train(sales ~ a)), "data must be a data frame")
})

test_that("a formula classifies sequences if the setting sequence names their column", {
  skip_without_python()
  table <- data.frame(
    who = rep(1:20, each = 5), a = series(100), b = rev(series(100)), state = rep(states(20), each = 5)
  )
  run <- rnn_train(state ~ a + b, table, sequence = "who", batch_size = 8, units = 3, updates = 5, verbose = 0, save = FALSE)
  expect_equal(run$task, "classify")
  expect_equal(run$classes, c("low", "high"))
  predicted <- predict(run, table)
  expect_s3_class(predicted, "factor")
  expect_length(predicted, 20)
  expect_match(error_message(rnn_train(state ~ a, table, sequence = "whom")), "no column whom")
  equal <- as_sequences(table, "who", c("a", "b"), "state")
  expect_equal(dim(equal$x), c(20, 5, 2))
  expect_equal(equal$y, states(20))
  expect_equal(as.character(predict(run, equal$x)), as.character(predicted))
  expect_warning(one <- predict(run, table[1:5, c("a", "b")]), "x has no column 'who'; its rows are read as one sequence")
  expect_equal(one, predicted[1])
  expect_match(error_message(rnn_train(a ~ b, table, sequence = "who")), "'a' must be the same in all rows of a sequence")
  uneven <- as_sequences(table[-(1:3), ], "who", c("a", "b"), "state")
  expect_type(uneven$x, "list")
  short <- rnn_train(uneven$x, uneven$y, batch_size = 8, units = 2, updates = 2, verbose = 0, save = FALSE)
  expect_length(predict(short, uneven$x), 20)
})

test_that("a sequence can have one value, in arrays, data frames and formulas", {
  skip_without_python()
  table <- data.frame(who = rep(1:20, each = 5), a = series(100), b = rev(series(100)), wear = rep(1:20 + 0.5, each = 5))
  train_values <- function(...) rnn_train(..., batch_size = 8, units = 3, updates = 5, verbose = 0, save = FALSE)
  run <- train_values(wear ~ a + b, table, sequence = "who")
  expect_equal(run$task, "regress_sequence")
  expect_named(run$baseline, "training_mean")
  predicted <- predict(run, table)
  expect_type(predicted, "double")
  expect_length(predicted, 20)
  held_out <- as.data.frame(run, what = "predictions")
  expect_named(held_out, c("sequence", "truth", "prediction", "baseline"))
  expect_equal(held_out$truth, held_out$sequence + 0.5)
  expect_equal(run$metrics[["test_rmse"]], sqrt(mean((predicted[held_out$sequence] - held_out$truth)^2)), tolerance = 1e-5)
  expect_equal(predict(run, table, table = TRUE)$prediction, predicted)
  equal <- as_sequences(table, "who", c("a", "b"), "wear")
  of_arrays <- train_values(equal$x, equal$y, task = "regress_sequence")
  expect_equal(as.vector(predict(of_arrays, equal$x)), as.vector(predicted), tolerance = 1e-5)
  expect_equal(train_values(table, sequence = "who", target = "wear", features = c("a", "b"))$task, "regress_sequence")
  expect_match(error_message(train_values(equal$x, equal$y)), "task must be one of classify, label, regress, regress_sequence")
})

test_that("sequences of unequal length are a list of matrices", {
  skip_without_python()
  x <- lapply(rep(3:8, 4), function(steps) matrix(series(steps * 2), steps, 2))
  run <- rnn_train(x, states(), units = 3, updates = 5, batch_size = 8, verbose = 0, save = FALSE)
  expect_length(predict(run, x), 24)
  expect_equal(dim(predict(run, x, type = "prob")), c(24, 2))
})

test_that("the forecast of a time series is a time series that continues it", {
  skip_without_python()
  run <- train_tiny(AirPassengers, window = 12)
  forecast <- rnn_forecast(run, 6)
  expect_s3_class(forecast, "ts")
  expect_equal(stats::tsp(forecast), c(1961, 1961 + 5 / 12, 12), tolerance = 1e-8)
  expect_length(rnn_forecast(run, 3, start = 100), 3)
  expect_match(error_message(rnn_forecast(run, 2.5), "rnn_forecast"), "steps must be a whole number")
  expect_match(error_message(rnn_forecast(classifier()), "rnn_forecast"), "predicts its own input series")
})

test_that("forecasts reach a date, and continue newer data", {
  skip_without_python()
  run <- train_tiny(AirPassengers, window = 12)
  dated <- rnn_forecast(run, until = as.Date("1961-03-15"), table = TRUE)
  expect_identical(dated$time, seq(as.Date("1961-01-01"), by = "month", length.out = 3))
  newer <- window(AirPassengers, 1955, c(1957, 6))
  forecast <- rnn_forecast(run, 4, newdata = newer)
  expect_equal(stats::tsp(forecast), c(1957.5, 1957.75, 12), tolerance = 1e-8)
  expect_equal(as.numeric(forecast), as.numeric(rnn_forecast(run, 4, start = 102)), tolerance = 1e-5)
  expect_equal(rnn_forecast(run, 4, newdata = as.numeric(newer)), as.numeric(forecast))
  expect_equal(rnn_forecast(run, 1, newdata = newer, table = TRUE)$time, as.Date("1957-07-01"))
  expect_warning(renamed <- rnn_forecast(run, steps = 2), "steps was renamed to h")
  expect_length(renamed, 2)
})

test_that("several features keep their names", {
  skip_without_python()
  x <- cbind(a = series(), b = rev(series()))
  run <- train_tiny(x)
  expect_equal(run$features, c("a", "b"))
  expect_equal(dimnames(rnn_forecast(run, 4)), list(NULL, c("a", "b")))
  expect_equal(predict(run, x[, 2:1]), predict(run, x))
  expect_length(suppressWarnings(train_tiny(ts(x)))$features, 1) # like a data frame
  expect_equal(train_tiny(ts(x), target = "a")$features, "a")
})

test_that("missing values are filled from the past, cut at both ends, and keep the time axis", {
  skip_without_python()
  x <- ts(series(), start = c(2000, 1), frequency = 12)
  x[c(1:3, 30, 78:80)] <- NA
  run <- suppressWarnings(train_tiny(x, max_gap = 2.0))
  expect_match(run$warnings[1], "3 steps at the start and 3 steps at the end of x were left out")
  expect_match(run$warnings[2], "1 missing value of x was filled with the last value before")
  expect_equal(stats::tsp(rnn_forecast(run, 2))[1], 2000 + 77 / 12, tolerance = 1e-8)
  expect_false(anyNA(suppressWarnings(predict(run, x[28:40]))))
  masked <- suppressWarnings(train_tiny(cbind(a = x, b = 1:80), missing = "mask"))
  expect_equal(masked$features, "a")
  expect_equal(stats::tsp(rnn_forecast(masked, 2))[1], 2000 + 77 / 12, tolerance = 1e-8)
  x[30:33] <- NA
  expect_match(error_message(train_tiny(x, max_gap = 2)), "no values for 4 steps in a row.*Set max_gap to 4")
  expect_match(error_message(train_tiny(x, missing = "interpolate")), "was replaced by past")
})

test_that("predict refuses missing and unsuitable arguments", {
  skip_without_python()
  run <- classifier()
  expect_match(error_message(predict(run), "predict"), "newdata must be given")
  expect_match(error_message(predict(run, sequences(features = 3)), "predict"), "feature")
  expect_match(error_message(predict(train_tiny(), series(), type = "prob"), "predict"), "predicts values")
})

test_that("a run that is saved, listed and loaded is the same", {
  skip_without_python()
  folder <- tempfile("saved")
  run <- rnn_save(classifier(), folder)
  again <- rnn_load(folder)
  expect_equal(again$metrics, run$metrics)
  expect_equal(again$history, run$history)
  expect_identical(predict(again, sequences(), "prob"), predict(run, sequences(), "prob"))
  expect_match(error_message(rnn_save(train_tiny(), folder), "rnn_save"), "exists|taken|already")
  expect_s3_class(rnn_save(train_tiny(), folder, overwrite = TRUE), "rnn_run")
  file <- tempfile(fileext = ".rnnrun")
  expect_equal(rnn_save(again, file)$path, file)
  expect_identical(predict(rnn_load(file), sequences(), "prob"), predict(run, sequences(), "prob"))
  listed <- train_airline(units = 2, updates = 3)
  expect_equal(rnn_runs()$run[1], listed$name)
  expect_equal(rnn_load(listed$name)$metrics, listed$metrics)
})

test_that("every cell is trained by its name", {
  skip_without_python()
  for (cell in rnn_cells()$name) {
    run <- train_tiny(cell = cell)
    expect_equal(c(run$cell, run$outcome), c(cell, "completed"))
  }
})

test_that("a training starts from the weights of a run", {
  skip_without_python()
  run <- classifier()
  saved <- rnn_save(run, tempfile("saved"))
  train_again <- function(...) {
    suppressWarnings(
      rnn_train(sequences(), states(), units = 3, updates = 2, batch_size = 8, verbose = 0, save = FALSE, ...)
    )
  }
  again <- train_again(initial_weights = run)
  expect_match(again$warnings, "started from the weights", all = FALSE)
  expect_equal(again$history$test_loss[1], run$metrics[["test_loss"]], tolerance = 1e-5)
  expect_false(isTRUE(all.equal(again$history$test_loss[1], train_again()$history$test_loss[1])))
  expect_identical(train_again(initial_weights = rnn_load(saved$path))$history, again$history)
  expect_identical(train_again(initial_weights = saved$path)$history, again$history)
  expect_match(error_message(train_tiny(initial_weights = run)), "initial_weights")
})

test_that("R loads runs of the command line, and the command line loads runs of R", {
  skip_without_python()
  python <- reticulate::py_config()$python
  folder <- tempfile("cli")
  command <- c("-m", "rnnstudio", "train", "airline", "--units", "2", "--updates", "4", "--quiet", "--save", folder)
  status <- system2(python, command, stdout = FALSE, stderr = FALSE, env = "LD_LIBRARY_PATH=")
  expect_equal(status, 0)
  loaded <- rnn_load(folder)
  run <- train_airline(units = 2, updates = 4, save = FALSE)
  expect_equal(loaded$metrics, run$metrics)
  saved <- rnn_save(run, tempfile("r"))
  command <- c("-m", "rnnstudio", "forecast", saved$path, "--steps", "2")
  output <- system2(python, command, stdout = TRUE, env = "LD_LIBRARY_PATH=")
  expect_match(output, "^step,", all = FALSE)
})

test_that("an exported R script reproduces the metrics", {
  skip_without_python()
  run <- train_airline(cell = "gru", units = 3, dense_units = c(4, 3), updates = 10, save = FALSE)
  script <- rnn_export(run, tempfile(fileext = ".R"))
  file <- tempfile(fileext = ".pdf")
  grDevices::pdf(file)
  on.exit(grDevices::dev.off())
  environment <- new.env()
  utils::capture.output(suppressWarnings(sys.source(script, environment)))
  expect_identical(environment$run$metrics, run$metrics)
  table <- utils::read.csv(rnn_export(run, tempfile(fileext = ".csv")))
  expect_equal(table$train_loss, run$history$train_loss, tolerance = 1e-6)
  commas <- utils::read.csv2(rnn_export(run, tempfile(fileext = ".csv"), decimal = "comma"))
  expect_identical(commas, table)
  expect_match(error_message(rnn_export(run, "run.docx"), "rnn_export"), "must end in")
})

test_that("dates are dates in tables of predictions and forecasts", {
  skip_without_python()
  run <- train_airline(updates = 1, save = FALSE)
  table <- as.data.frame(run, what = "predictions")
  expect_s3_class(table$time, "Date")
  expect_true(all(table$time == seq(as.Date("1949-01-01"), by = "month", length.out = 144)[table$step + 1]))
  forecast <- rnn_forecast(run, 14, table = TRUE)
  expect_identical(forecast$time, seq(as.Date("1961-01-01"), by = "month", length.out = 14))
  expect_equal(forecast$passengers, rnn_forecast(run, 14))
  expect_identical(rnn_forecast(run, 1, start = 100, table = TRUE)$time, as.Date("1957-05-01"))
})

test_that("stamps with a time of day become POSIXct in UTC, and unknown ones NA", {
  skip_without_python()
  stamps <- c("2022-10-25T03:00:00.25", "NaT", "1949-01-01T00:00")
  python <- rnnstudio:::numpy()$array(as.list(stamps), dtype = "datetime64[ns]")
  times <- rnnstudio:::array_from_python(python)
  expect_s3_class(times, "POSIXct")
  expect_identical(attr(times, "tzone"), "UTC")
  expect_identical(is.na(times), c(FALSE, TRUE, FALSE))
  expect_equal(as.numeric(times[1]), as.numeric(as.POSIXct("2022-10-25 03:00:00", tz = "UTC")) + 0.25)
})

test_that("recipes, data sets, cells and optimizers are listed and described", {
  skip_without_python()
  recipes <- rnn_recipes()
  expect_true(all(c("echo", "toy", "airline", "har", "machinery", "mnist_rows", "etth2") %in% recipes$name))
  expect_match(recipes$reached[recipes$name == "har"], "test accuracy 70.68 % after 4,500 updates")
  expect_true("airline" %in% rnn_datasets()$name)
  expect_true(all(c("rnn", "lstm", "gru", "mingru", "minlstm") %in% rnn_cells()$name))
  expect_true("adam" %in% rnn_optimizers()$name)
  expect_true(all(c("publication", "summary") %in% names(recipes)))
  expect_match(recipes$publication[recipes$name == "echo"], "Hallstr")
  description <- rnn_describe("recipe", "airline")
  expect_true("units" %in% description$settings$name)
  expect_equal(description$settings$default[description$settings$name == "dense_units"], "c()")
  expect_s3_class(description$published, "data.frame")
  expect_output(print(description), "learning_rate = ")
  expect_output(print(description), description$publication, fixed = TRUE)
})

test_that("a run is compared with published results on the same test set", {
  skip_without("etth2")
  run <- rnn_train(
    "etth2", window = 2, units = 2, linear_skip = FALSE, updates = 1, restore_best_weights = FALSE, verbose = 0, save = FALSE
  )
  results <- run$published_results
  expect_equal(names(results), c("model", "metric", "published", "run", "note", "source"))
  segrnn <- results[results$model == "SegRNN" & results$metric == "test_scaled_mse", ]
  expect_equal(c(segrnn$published, segrnn$run), c(0.278, run$metrics[["test_scaled_mse"]]))
  expect_output(print(summary(run)), "Informer test_scaled_mse *3.755")
  published <- rnn_describe("recipe", "etth2")$published_results
  expect_equal(published$value[published$model == "Informer" & published$horizon == 96], c(3.755, 1.525))
})

test_that("the data of a publication are read", {
  skip_without("har")
  run <- rnn_train("har", updates = 3, verbose = 0, save = FALSE)
  expect_length(run$classes, 6)
  expect_equal(nrow(as.data.frame(run, what = "predictions")), 2947)
})

test_that("how a data frame or file is read is shown", {
  skip_without_python()
  sales <- data.frame(day = as.Date("2024-01-01") + 0:9, sales = c(3.5, NA, 4:11))
  account <- rnn_inspect(sales)
  expect_equal(account$columns$kind, c("time", "number"))
  expect_equal(account$columns$missing, c(0, 1))
  expect_equal(account$time$frequency, "D")
  expect_output(print(account), "every day, 2024-01-01 to 2024-01-10")
  file <- tempfile(fileext = ".csv")
  writeLines(c("day;sales", "1;1.026", "2;1.500"), file)
  expect_equal(rnn_inspect(file)$questions[[1]]$setting, "thousands_mark")
  expect_equal(rnn_inspect(file, thousands_mark = "point")$columns$written[2], "1.234,5")
})

test_that("several series in one data frame are trained, reported and forecast one by one", {
  skip_without_python()
  sales <- data.frame(
    day = as.Date("2024-01-01") + rep(0:39, 2), shop = rep(c("A", "B"), each = 40), sales = c(series(40), 100 * series(40))
  )
  expect_error(train_tiny(sales, target = "sales"), "series to shop")
  run <- train_tiny(sales, target = "sales", series = "shop")
  expect_equal(run$series, c("A", "B"))
  expect_equal(run$by_series$series, c("A", "B"))
  expect_equal(run$by_series$windows, c(8, 8))
  expect_gt(run$by_series$test_rmse[2], 10 * run$by_series$test_rmse[1])
  forecast <- rnn_forecast(run, 2)
  expect_equal(forecast$series, c("A", "A", "B", "B"))
  expect_equal(forecast$time, as.Date("2024-02-09") + c(1, 2, 1, 2) - 0)
  expect_equal(unique(as.data.frame(run, what = "predictions")$series), c("A", "B"))
  expect_length(predict(run, sales), 2)
  by_formula <- rnn_train(
    sales ~ 1, sales,
    series = "shop", time = "day", window = 5, levels = "none", units = 2, updates = 3, verbose = 0, save = FALSE
  )
  expect_equal(by_formula$metrics, run$metrics)
})

test_that("each of several series has a learned vector where series_embedding says so", {
  skip_without_python()
  sales <- data.frame(
    day = as.Date("2024-01-01") + rep(0:39, 2), shop = rep(c("A", "B"), each = 40), sales = rep(series(40), 2)
  )
  run <- train_tiny(sales, target = "sales", series = "shop", series_embedding = 2, freeze_linear_skip = FALSE)
  forecast <- rnn_forecast(run, 2)
  expect_true(all(forecast$sales[forecast$series == "A"] != forecast$sales[forecast$series == "B"]))
  expect_error(predict(run, transform(sales, shop = "C")), "mean, scale and learned vector are unknown")
  expect_error(train_tiny(sales[1:40, -2], target = "sales", series_embedding = 2), "Set it to 0; received 2")
})
