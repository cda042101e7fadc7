# Fitting, asking, keeping: in R's idiom.

test_that("a recipe is trained by its name, with its published numbers beside its own", {
  skip_without_python()
  run <- rnn_train("echo", epochs = 1, verbose = 0, save = FALSE)
  expect_s3_class(run, "rnn_run")
  expect_equal(names(run$published), c("metric", "update", "published", "run"))
  expect_equal(run$published$run[1], run$history$train_loss[1], tolerance = 1e-6)
  expect_output(print(run), "echo: rnn, 4 units; completed after 666 updates")
  expect_output(print(summary(run)), "naive answers(.|\n)*Published, and this run")
})

test_that("one seed gives one result", {
  skip_without_python()
  expect_identical(tiny(seed = 2)$history, tiny(seed = 2)$history)
})

test_that("a formula names target and features of a data frame", {
  skip_without_python()
  table <- data.frame(day = 1:80, a = series(), b = rev(series()), sales = cumsum(series()))
  for (run in list(
    tiny(sales ~ a + b, table),
    tiny(sales ~ . - day, table, task = "regress")
  )) {
    expect_equal(run$features, c("a", "b"))
    expect_length(predict(run, table), 80)
    expect_length(predict(run, table[c("b", "day", "a")]), 80)
  }
  expect_equal(tiny(sales ~ a, table)$task, "regress")
  alone <- tiny(sales ~ 1, table)
  expect_length(rnn_forecast(alone, 3), 3)
  expect_length(predict(alone, table[1:12, ]), 8)
  expect_match(sentence(rnn_train(sales ~ a * b, table)), "Each term")
  made <- tiny(sales ~ log(a + 5) + b, table, task = "regress")
  expect_equal(made$features, c("log(a + 5)", "b"))
  expect_length(predict(made, table), 80)
  expect_match(sentence(rnn_train(sales ~ nothing, table)), "nothing")
  expect_match(sentence(rnn_train(~a, table)), "target on its left")
  expect_match(sentence(rnn_train(sales ~ a)), "data must be a data frame")
})

test_that("a formula classifies sequences where sequence names their column", {
  skip_without_python()
  table <- data.frame(
    who = rep(1:20, each = 5), a = series(100), b = rev(series(100)), state = rep(states(20), each = 5)
  )
  run <- rnn_train(state ~ a + b, table, sequence = "who", batch_size = 8, units = 3, updates = 5, verbose = 0, save = FALSE)
  expect_equal(run$task, "classify")
  expect_equal(run$classes, c("low", "high"))
  told <- predict(run, table)
  expect_s3_class(told, "factor")
  expect_length(told, 20)
  expect_match(sentence(rnn_train(state ~ a, table, sequence = "whom")), "no column whom")
  found <- as_sequences(table, "who", c("a", "b"), "state")
  expect_equal(dim(found$x), c(20, 5, 2))
  expect_equal(found$y, states(20))
  expect_equal(as.character(predict(run, found$x)), as.character(told))
  expect_match(sentence(predict(run, table[c("a", "b")]), "predict"), "column who")
  expect_match(sentence(rnn_train(a ~ b, table, sequence = "who")), "decimals")
  uneven <- as_sequences(table[-(1:3), ], "who", c("a", "b"), "state")
  expect_type(uneven$x, "list")
  short <- rnn_train(uneven$x, uneven$y, batch_size = 8, units = 2, updates = 2, verbose = 0, save = FALSE)
  expect_length(predict(short, uneven$x), 20)
})

test_that("sequences of unequal length are a list of matrices", {
  skip_without_python()
  x <- lapply(rep(3:8, 4), function(steps) matrix(series(steps * 2), steps, 2))
  run <- rnn_train(x, states(), units = 3, updates = 5, batch_size = 8, verbose = 0, save = FALSE)
  expect_length(predict(run, x), 24)
  expect_equal(dim(predict(run, x, type = "prob")), c(24, 2))
})

test_that("series of time are told on in their own time", {
  skip_without_python()
  run <- tiny(AirPassengers, window = 12)
  told <- rnn_forecast(run, 6)
  expect_s3_class(told, "ts")
  expect_equal(stats::tsp(told), c(1961, 1961 + 5 / 12, 12), tolerance = 1e-8)
  expect_length(rnn_forecast(run, 3, start = 100), 3)
  expect_match(sentence(rnn_forecast(run, 2.5), "rnn_forecast"), "steps must be a whole number")
  expect_match(sentence(rnn_forecast(classifier()), "rnn_forecast"), "predicts its own series")
})

test_that("several features come and go by name", {
  skip_without_python()
  x <- cbind(a = series(), b = rev(series()))
  run <- tiny(x)
  expect_equal(run$features, c("a", "b"))
  expect_equal(dimnames(rnn_forecast(run, 4)), list(NULL, c("a", "b")))
  expect_equal(predict(run, x[, 2:1]), predict(run, x))
  expect_equal(colnames(rnn_forecast(tiny(ts(x)), 2)), c("a", "b"))
})

test_that("predict refuses what it cannot answer in R's own words", {
  skip_without_python()
  run <- classifier()
  expect_match(sentence(predict(run), "predict"), "newdata must be given")
  expect_match(sentence(predict(run, sequences(features = 3)), "predict"), "feature")
  expect_match(sentence(predict(tiny(), series(), type = "prob"), "predict"), "tells values")
})

test_that("a run is kept, listed, loaded, and is the same", {
  skip_without_python()
  place <- tempfile("kept")
  run <- rnn_save(classifier(), place)
  again <- rnn_load(place)
  expect_equal(again$metrics, run$metrics)
  expect_equal(again$history, run$history)
  expect_identical(predict(again, sequences(), "prob"), predict(run, sequences(), "prob"))
  expect_match(sentence(rnn_save(tiny(), place), "rnn_save"), "exists|taken|already")
  expect_s3_class(rnn_save(tiny(), place, overwrite = TRUE), "rnn_run")
  listed <- airline(units = 2, updates = 3)
  expect_equal(rnn_runs()$run[1], listed$name)
  expect_equal(rnn_load(listed$name)$metrics, listed$metrics)
})

test_that("what the command line trained is loaded in R, and the other way round", {
  skip_without_python()
  python <- reticulate::py_config()$python
  place <- tempfile("cli")
  command <- c("-m", "rnnstudio", "train", "airline", "--units", "2", "--updates", "4", "--quiet", "--save", place)
  status <- system2(python, command, stdout = FALSE, stderr = FALSE, env = "LD_LIBRARY_PATH=")
  expect_equal(status, 0)
  there <- rnn_load(place)
  here <- airline(units = 2, updates = 4, save = FALSE)
  expect_equal(there$metrics, here$metrics)
  kept <- rnn_save(here, tempfile("r"))
  said <- system2(python, c("-m", "rnnstudio", "forecast", kept$path, "--steps", "2"), stdout = TRUE, env = "LD_LIBRARY_PATH=")
  expect_match(said, "^step,", all = FALSE)
})

test_that("an exported R script reaches the same figures", {
  skip_without_python()
  run <- airline(cell = "gru", units = 3, dense_units = c(4, 3), updates = 10, save = FALSE)
  script <- rnn_export(run, tempfile(fileext = ".R"))
  file <- tempfile(fileext = ".pdf")
  grDevices::pdf(file)
  on.exit(grDevices::dev.off())
  found <- new.env()
  utils::capture.output(suppressWarnings(sys.source(script, found)))
  expect_identical(found$run$metrics, run$metrics)
  table <- utils::read.csv(rnn_export(run, tempfile(fileext = ".csv")))
  expect_equal(table$train_loss, run$history$train_loss, tolerance = 1e-6)
  expect_match(sentence(rnn_export(run, "run.docx"), "rnn_export"), "must end in")
})

test_that("everything there is by name is told", {
  skip_without_python()
  recipes <- rnn_recipes()
  expect_true(all(c("echo", "toy", "airline", "har", "machinery", "mnist_rows") %in% recipes$name))
  expect_match(recipes$reached[recipes$name == "har"], "test accuracy 70.68 % after 4,500 updates")
  expect_true("airline" %in% rnn_datasets()$name)
  expect_true(all(c("rnn", "lstm", "gru") %in% rnn_cells()$name))
  expect_true("adam" %in% rnn_optimizers()$name)
  about <- rnn_describe("recipe", "airline")
  expect_true("units" %in% about$settings$name)
  expect_equal(about$settings$default[about$settings$name == "dense_units"], "c()")
  expect_s3_class(about$published, "data.frame")
  expect_output(print(about), "learning_rate = ")
})

test_that("the real data of the works are read", {
  skip_without("har")
  run <- rnn_train("har", updates = 3, verbose = 0, save = FALSE)
  expect_length(run$classes, 6)
  expect_equal(nrow(as.data.frame(run, what = "predictions")), 2947)
})
