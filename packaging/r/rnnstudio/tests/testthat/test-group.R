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
  unlink(c(group$path, group$runs[[1]]$path), recursive = TRUE)
})

test_that("what is no number of seeds, and what needs one run, is refused", {
  skip_without_python()
  for (seeds in list(0, 2.5, c(1, 2), "many")) {
    message <- error_message(train_tiny(seeds = seeds))
    expect_match(message, "seeds must be a whole number from 1 to 1000")
  }
  group <- train_tiny(seeds = 2)
  expect_match(error_message(rnn_backtest(group), "rnn_backtest"), "run must be one run; received a group of 2 runs")
  expect_s3_class(train_tiny(seeds = 1), "rnn_run")
})
