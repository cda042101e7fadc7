# Trainings that go on.

test_that("a run goes on and is extended", {
  skip_without_python()
  folder <- file.path(tempfile(), "toy")
  whole <- rnn_train("toy", updates = 40, save = FALSE, verbose = 0)
  stopped <- rnn_train("toy", updates = 40, save = folder, verbose = 0, callback = function(updates, metrics) updates < 5)
  expect_identical(stopped$outcome, "stopped")
  resumed <- rnn_resume(stopped, verbose = 0)
  expect_identical(resumed$outcome, "completed")
  expect_identical(resumed$metrics, whole$metrics)
  expect_match(error_message(rnn_resume(folder, verbose = 0), "rnn_resume"), "is complete after 40 updates")
  expect_warning(longer <- rnn_resume(folder, updates = 10, verbose = 0, checkpoint_seconds = 5), "extended from 40 to 50")
  expect_identical(nrow(longer$history), nrow(whole$history) + 10L)
  expect_match(error_message(rnn_resume(folder, updates = c(1, 2)), "rnn_resume"), "updates must be a single value")
  expect_match(error_message(rnn_resume(3), "rnn_resume"), "run must be a saved run")
})
