# The folder of the runs: damaged runs, and their repair.

# The file of a part of a run: a training with several checkpoints numbers it, as in weights-2.npz.
stored_file <- function(run, part) list.files(run$path, paste0("^", part, "(-[0-9]+)?[.]"), full.names = TRUE)[1]

train_saved <- function(...) rnn_train("toy", updates = 2, verbose = 0, ...)

test_that("a damaged run is a row that says what is wrong", {
  skip_without_python()
  good <- train_saved()
  bad <- train_saved()
  writeLines("{", stored_file(bad, "metrics"))
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
  weights <- stored_file(run, "weights")
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

test_that("runs are deleted, listed in the trash, restored, and deleted for good", {
  skip_without_python()
  rnn_empty_trash()
  run <- train_saved()
  expect_identical(rnn_delete(run), run$name)
  expect_false(run$name %in% rnn_runs()$run)
  expect_identical(rnn_trash()$run, run$name)
  expect_identical(names(rnn_trash()), c("run", "name", "kind", "deleted", "bytes", "path"))
  expect_identical(rnn_restore(run$name), run$name)
  expect_identical(rnn_load(run$name)$metrics, run$metrics)
  rnn_delete(run$name)
  expect_identical(rnn_empty_trash(), 1)
  expect_identical(nrow(rnn_trash()), 0L)
  expect_match(error_message(rnn_restore(run$name), "rnn_restore"), "no run in the trash called")
  expect_match(error_message(rnn_delete(3), "rnn_delete"), "run must be a saved run")
  expect_match(error_message(rnn_delete(train_tiny()), "rnn_delete"), "is not saved")
})
