# The folder of the runs: damaged runs, and their repair.

train_saved <- function(...) rnn_train("toy", updates = 2, verbose = 0, ...)

test_that("a damaged run is a row that says what is wrong", {
  skip_without_python()
  good <- train_saved()
  bad <- train_saved()
  writeLines("{", file.path(bad$path, "metrics.json"))
  runs <- rnn_runs()
  row <- runs[runs$run == bad$name, ]
  expect_identical(row$outcome, "damaged")
  expect_match(row$problem, "metrics.json is not as it was saved", fixed = TRUE)
  expect_true(all(is.na(row[c("units", "seconds", "train_loss")])))
  expect_identical(runs[runs$run == good$name, "problem"], "")
  expect_identical(names(runs)[ncol(runs)], "problem")
  expect_match(error_message(rnn_load(bad$name), "rnn_load"), "metrics.json is not as it was saved")
  unlink(bad$path, recursive = TRUE)
})

test_that("damaged runs are checked and repaired", {
  skip_without_python()
  run <- train_saved()
  weights <- file.path(run$path, "weights.npz")
  file.copy(weights, file.path(run$path, "copy.npz"))
  writeLines("no weights", weights)
  unchanged <- rnn_doctor(repair = FALSE)
  expect_identical(unchanged[unchanged$run == run$name, "is_damaged"], TRUE)
  repaired <- rnn_doctor()
  expect_identical(repaired[repaired$run == run$name, "done"], "weights.npz was written anew, as it had been.")
  expect_identical(rnn_load(run$name)$metrics, run$metrics)
  expect_identical(nrow(rnn_doctor()), 0L)
  expect_match(error_message(rnn_doctor("yes"), "rnn_doctor"), "repair must be TRUE or FALSE")
})
