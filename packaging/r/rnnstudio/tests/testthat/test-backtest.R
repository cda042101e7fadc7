# Backtests: their tables, the sentence that compares the methods, and their plots.

test_that("a backtest has a table for each origin and step, and names the better method", {
  skip_without_python()
  run <- train_tiny(series(90), horizon = 3)
  result <- rnn_backtest(run, 4, h = 3, every = 5)
  expect_s3_class(result, "rnn_backtest")
  rows <- as.data.frame(result)
  expect_equal(nrow(rows), 12)
  expect_equal(rows$truth, series(90)[rows$step + 1])
  expect_equal(rows$last_value, series(90)[rows$origin + 1])
  mase <- setNames(result$metrics$mase, result$metrics$method)
  best <- names(which.min(mase))
  expect_equal(result$better, if (best == "network") "" else best) # empty: no other method is better
  errors <- abs(rows$truth - rows$network)
  expect_equal(result$metrics$mae[1], mean(errors))
  expect_equal(result$by_step$mae[result$by_step$method == "network"], as.numeric(tapply(errors, rows$step_ahead, mean)))
  expect_output(print(result), result$conclusion, fixed = TRUE)
  for (by in c("origin", "step")) {
    file <- tempfile(fileext = ".png")
    grDevices::png(file)
    plot(result, by)
    grDevices::dev.off()
    expect_gt(file.size(file), 2000)
  }
  expect_error(rnn_backtest(run, 500), "at most", class = "rnn_setting_error")
  expect_error(rnn_backtest(classifier()), "task forecast", class = "rnn_data_error")
})
