# Old names of settings.

test_that("an old name of a setting is applied, and an R warning gives the new name once", {
  skip_without_python()
  old <- testthat::capture_warnings(
    run <- train_tiny(keep = "best", order = "once", valid_fraction = 0.2, readout = "mean")
  )
  expect_equal(sort(old), sort(c(
    "`keep` is now `restore_best_weights`.", "`order` is now `sampling`.", "`valid_fraction` is now `val_fraction`.",
    "`readout` is now `pooling`."
  )))
  settings <- list(restore_best_weights = TRUE, sampling = "shuffle_once", val_fraction = 0.2, pooling = "mean")
  expect_silent(renamed <- do.call(train_tiny, settings))
  expect_identical(run$history, renamed$history)
  expect_identical(run$metrics, renamed$metrics)
  expect_true("val_loss" %in% names(run$metrics))
  state <- testthat::capture_warnings(
    run <- rnn_train("echo", state = "fresh", updates = 3, verbose = 0, save = FALSE)
  )
  expect_equal(state, "`state` is now `stateful`.")
  expect_false(reticulate::py_to_r(run$python$experiment$model$stateful))
  expect_match(error_message(train_tiny(keep = "best", restore_best_weights = TRUE)), "restore_best_weights.*keep")
})
