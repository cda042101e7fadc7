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

test_that("one call trains on data and forecasts them with a plan", {
  skip_without_python()
  n <- 1:120
  sales <- data.frame(day = as.Date("2024-01-01") + n - 1, sales = 10 + sin(n) + 3 * (n %% 7 == 0), promo = as.numeric(n %% 7 == 0))
  plan <- data.frame(day = as.Date("2024-04-30") + 0:3, promo = c(0, 1, 0, 1))
  table <- rnn_forecast(
    sales, 4,
    xreg = plan, target = "sales", window = 5, units = 2, updates = 3, save = FALSE, levels = 80
  )
  expect_equal(table$time, plan$day)
  expect_named(table, c("step", "time", "sales", "lower_80", "upper_80"))
  other <- rnn_forecast(
    sales, 4,
    xreg = transform(plan, promo = 0), target = "sales", window = 5, units = 2, updates = 3, save = FALSE, levels = 80
  )
  expect_false(isTRUE(all.equal(table$sales, other$sales))) # promo is known ahead
})
