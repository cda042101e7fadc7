# Bands around forecasts, as columns of a data frame.

test_that("a forecast has the bands of its run, and level chooses among them", {
  skip_without_python()
  run <- train_tiny(AirPassengers, horizon = 2, levels = c(80, 95))
  table <- rnn_forecast(run, 2, table = TRUE)
  expect_named(table, c("step", "time", "value", "lower_80", "upper_80", "lower_95", "upper_95"))
  expect_equal(table$value, as.vector(rnn_forecast(run, 2)))
  expect_equal((table$lower_80 + table$upper_80) / 2, table$value, tolerance = 1e-6)
  expect_true(all(table$upper_95 > table$upper_80))
  expect_equal(rnn_forecast(run, 2, level = 80), table[1:5])
  expect_error(rnn_forecast(run, 2, level = 50), "level must name bands of the run", class = "rnn_setting_error")
  predictions <- as.data.frame(run, what = "predictions")
  inside <- predictions$truth >= predictions$lower_80 & predictions$truth <= predictions$upper_80
  expect_equal(run$metrics[["test_coverage_80"]], mean(inside))
  expect_output(print(run), "Bands of 80 and 95 % held")
})

test_that("a run has no bands where none are wanted", {
  skip_without_python()
  run <- train_tiny(AirPassengers, levels = "none")
  expect_named(rnn_forecast(run, 1, table = TRUE), c("step", "time", "value"))
  expect_error(train_tiny(AirPassengers, levels = 0), "levels must be whole numbers from 1 to 99", class = "rnn_setting_error")
})
