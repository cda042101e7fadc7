# Runs that differ by seed: mean and spread, and the mean of their predictions.

test_that("a group has mean and spread of its runs, and forecasts their mean", {
  skip_without_python()
  group <- train_tiny(AirPassengers, seeds = 3.0, horizon = 2)
  expect_s3_class(group, "rnn_group")
  expect_equal(group$seeds, 0:2)
  errors <- vapply(group$runs, function(run) {
    table <- as.data.frame(run, what = "predictions")
    sqrt(mean((table$truth - table$prediction)^2))
  }, 0)
  row <- group$spread[group$spread$metric == "test_rmse", ]
  expect_equal(row$mean, mean(errors), tolerance = 1e-6)
  expect_equal(row$sd, sd(errors), tolerance = 1e-4)
  expect_equal(c(row$min, row$max), range(errors), tolerance = 1e-6)
  expect_equal(as.data.frame(group)$test_rmse, errors, tolerance = 1e-6)
  tables <- lapply(group$runs, as.data.frame, what = "predictions")
  together <- Reduce(`+`, lapply(tables, `[[`, "prediction")) / 3
  rmse <- sqrt(mean((together - tables[[1]]$truth)^2))
  expect_equal(group$ensemble_metrics[["test_rmse"]], rmse, tolerance = 1e-4)
  each <- lapply(group$runs, rnn_forecast, 5)
  forecast <- rnn_forecast(group, 5)
  expect_equal(as.vector(forecast), as.vector(Reduce(`+`, each) / 3), tolerance = 1e-6)
  expect_equal(tsp(forecast), c(1961, 1961 + 4 / 12, 12))
  new <- AirPassengers[1:30]
  mean_predicted <- Reduce(`+`, lapply(group$runs, predict, new)) / 3
  expect_equal(predict(group, new), mean_predicted, tolerance = 1e-6)
  expect_output(print(group), "3 runs that differ by seed")
  expect_output(print(summary(group)), "Mean over 3 seeds")
})

test_that("classes follow from the mean of the probabilities", {
  skip_without_python()
  group <- rnn_train(sequences(), states(), seeds = 2, units = 3, updates = 5, batch_size = 8, verbose = 0, save = FALSE)
  shares <- Reduce(`+`, lapply(group$runs, predict, sequences(), type = "prob")) / 2
  expect_equal(predict(group, sequences(), type = "prob"), shares, tolerance = 1e-5)
  expect_equal(as.character(predict(group, sequences())), colnames(shares)[max.col(shares)])
})

test_that("a saved group is listed and loaded, and says which of its runs were deleted", {
  skip_without_python()
  group <- rnn_train(series(), seeds = 2, window = 5, units = 2, updates = 3, verbose = 0)
  listed <- rnn_groups()
  expect_true(group$name %in% listed$group)
  again <- rnn_load(group$name)
  expect_equal(rnn_forecast(again, 3), rnn_forecast(group, 3))
  unlink(group$runs[[2]]$path, recursive = TRUE)
  expect_warning(left <- rnn_load(group$name), "1 of the 2 runs of this group does not exist any more")
  expect_equal(left$seeds, 0)
  expect_equal(rnn_groups()$missing[listed$group == group$name], 1)
  writeLines("[]", file.path(group$runs[[1]]$path, "run.json"))
  expect_match(error_message(rnn_load(group$name), "rnn_load"), "None of the 2 runs")
  unlink(c(group$path, group$runs[[1]]$path), recursive = TRUE)
})

test_that("a group with a damaged run says so, and has the others", {
  skip_without_python()
  group <- rnn_train(series(), seeds = 3, window = 5, units = 2, updates = 3, verbose = 0)
  writeLines("[]", file.path(group$runs[[2]]$path, "run.json"))
  expect_warning(left <- rnn_load(group$name), "cannot be read: mean, spread and predictions are those of 2 of 3 runs")
  expect_equal(left$seeds, c(0, 2))
  expect_equal(left$missing$outcome, "damaged")
  expect_equal(as.data.frame(left)$seed, c(0, 1, 2))
  expect_true(is.na(as.data.frame(left)$train_loss[2]))
  expect_output(print(left), "2 of 3 runs that differ by seed")
  expect_output(print(summary(left)), "2 of 3 runs that differ by seed")
  expect_equal(rnn_groups()$damaged[rnn_groups()$group == group$name], 1)
  unlink(c(group$path, vapply(group$runs, function(run) run$path, "")), recursive = TRUE)
})

test_that("what is no number of seeds, is refused", {
  skip_without_python()
  for (seeds in list(0, 2.5, c(1, 2), "many")) {
    message <- error_message(train_tiny(seeds = seeds))
    expect_match(message, "seeds must be a whole number from 1 to 1000")
  }
  expect_s3_class(train_tiny(seeds = 1), "rnn_run")
})

test_that("the mean of a group is evaluated, backtested and exported", {
  skip_without_python()
  days <- data.frame(day = as.Date("2024-01-01") + 0:79, sales = series())
  group <- rnn_train(days[1:70, ], target = "sales", seeds = 2, window = 5, units = 2, updates = 3, verbose = 0, save = FALSE)
  each <- lapply(group$runs, rnn_evaluate, days[71:80, ])
  result <- rnn_evaluate(group, days[71:80, ])
  mean_predicted <- (each[[1]]$table$prediction + each[[2]]$table$prediction) / 2
  expect_equal(result$table$prediction, mean_predicted, tolerance = 1e-6)
  expect_equal(result$table$truth[1:10], days$sales[71:80])
  expect_equal(result$metrics[["rmse"]], sqrt(mean((mean_predicted[1:10] - days$sales[71:80])^2)), tolerance = 1e-6)
  expect_equal(result$count, 10)
  expect_output(print(result), "11 predictions, compared with 10 true values")
  backtests <- lapply(group$runs, rnn_backtest, 3, verbose = FALSE)
  of_mean <- rnn_backtest(group, 3, verbose = FALSE)
  networks <- vapply(backtests, function(x) x$predictions$network, numeric(3))
  expect_equal(of_mean$predictions$network, rowMeans(networks), tolerance = 1e-6)
  runs <- read.csv(rnn_export(group, tempfile(fileext = ".csv")))
  expect_equal(runs$test_rmse, as.data.frame(group)$test_rmse, tolerance = 1e-6)
  saved <- rnn_save(group, tempfile("group"))
  expect_equal(rnn_load(saved$path)$seeds, group$seeds)
  table <- read.csv(rnn_export(group, tempfile(fileext = ".csv"), table = "predictions"))
  own <- lapply(group$runs, as.data.frame, what = "predictions")
  expect_equal(table$prediction, (own[[1]]$prediction + own[[2]]$prediction) / 2, tolerance = 1e-6)
})

test_that("classes of new data are compared with the truth in them", {
  skip_without_python()
  d <- data.frame(load = series(), state = ifelse(series() > 0.5, "on", "off"))
  run <- rnn_train(d, task = "label", target = "state", features = "load", window = 5, units = 2, updates = 3, verbose = 0, save = FALSE)
  result <- rnn_evaluate(run, d)
  expect_equal(as.character(result$table$truth), d$state)
  expect_equal(result$metrics[["accuracy"]], mean(result$table$prediction == result$table$truth))
  expect_length(rnn_evaluate(run, d["load"])$metrics, 0)
  expect_match(error_message(rnn_evaluate(run), "rnn_evaluate"), "newdata must be given")
})
