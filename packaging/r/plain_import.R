# Checks reticulate::import("rnnstudio"), without the R package. Prints one line per check; fails if a check fails.
#   RETICULATE_PYTHON=... Rscript packaging/r/plain_import.R

failed <- 0

check <- function(what, holds) {
  result <- tryCatch(if (isTRUE(holds)) "ok" else "FAILED", error = function(e) paste("FAILED:", conditionMessage(e)))
  if (result != "ok") failed <<- failed + 1
  cat(sprintf("  %-72s %s\n", what, result))
}

# The message of the R error that an expression raises; NA if it raises none.
error_message <- function(expr) tryCatch({ expr; NA_character_ }, error = conditionMessage)
fails_with <- function(expr, ...) all(vapply(c(...), grepl, NA, error_message(expr), fixed = TRUE))

studio <- reticulate::import("rnnstudio")
check("import() finds the package, not a folder of that name", grepl("^[0-9]+[.][0-9]+", studio$`__version__`))

train <- function(...) studio$train(..., save = FALSE, verbose = 0)
set.seed(1)

echo <- train("echo", units = 4, batch_size = 5, updates = 30)
check("R's numbers, which are floats, are accepted as whole numbers", echo$summary()$updates == 30)
check("counts are numbers", is.double(echo$summary()$parameters) && echo$summary()$parameters == 34)
check("a summary is a list of plain values", is.list(echo$summary()) && is.character(echo$summary()$outcome))
check("metrics are a named list of numbers", is.numeric(echo$metrics$train_loss) && echo$metrics$train_loss > 0)
history <- echo$history()
check("the history is a data frame", is.data.frame(history) && nrow(history) == 30 && all(history$train_loss > 0))
check("the same seed gives the same history", {
  again <- train("echo", units = 4, batch_size = 5, updates = 30, seed = 0)
  identical(again$history()$train_loss, history$train_loss)
})

check("one number is accepted as a list", identical(train("toy", dense_units = 3, updates = 2)$experiment$model$dense_units, 3L))
check("so are several", identical(train("toy", dense_units = c(3, 2), updates = 2)$experiment$model$dense_units, c(3L, 2L)))
check("TRUE and FALSE are booleans", train("toy", bidirectional = TRUE, updates = 2)$experiment$model$bidirectional)

# 12 sequences of 6 steps and 2 features; the first feature determines the class
x <- array(rnorm(12 * 6 * 2), c(12, 6, 2))
kind <- rep(c("up", "down"), 6)
x[, , 1] <- ifelse(kind == "up", 2, -2)
before <- x + 0
classifier <- train(x, kind, task = "classify", classes = c("up", "down"), units = 4, updates = 60, learning_rate = 0.05)
check("an array keeps the order of its axes", classifier$summary()$metrics$test_accuracy == 1)
check("classes keep the order given", identical(unlist(classifier$info$classes), c("up", "down")))
check("the caller's array is unchanged", identical(x, before))
predicted <- classifier$predict(x)
check("predicted classes are text", is.character(predicted) && length(predicted) == 12 && mean(predicted == kind) == 1)
probabilities <- classifier$predict(x, probabilities = TRUE)
check("probabilities are a matrix", {
  identical(dim(probabilities), c(12L, 2L)) && all(abs(rowSums(probabilities) - 1) < 1e-6)
})

matrices <- lapply(c(4, 6, 5, 7, 4, 6, 5, 7), function(n) matrix(rnorm(2 * n), n))
uneven <- train(matrices, rep(c("a", "b"), 4), task = "classify", units = 2, updates = 2)
check("a list of matrices is sequences of unequal length", uneven$summary()$updates == 2)

frame <- data.frame(load = sin(1:80 / 4) + 3, heat = cos(1:80 / 4))
regression <- train(frame, task = "regress", target = "load", features = "heat", window = 8, units = 2, updates = 5)
check("the columns of a data frame have their names", identical(unlist(regression$info$features), "heat"))

series <- train(as.numeric(AirPassengers), window = 12, units = 2, updates = 5)
check("a vector is a series", identical(series$experiment$data$task, "forecast"))
check("a forecast is numeric", is.numeric(series$forecast(6)) && length(series$forecast(6)) == 6)
predictions <- series$predictions()
check("predictions are a data frame", is.data.frame(predictions) && all(c("step_ahead", "prediction") %in% names(predictions)))

folder <- file.path(tempfile(), "run")
check("a run is saved and loaded", {
  series$save(folder)
  isTRUE(all.equal(studio$load(folder)$forecast(6), series$forecast(6)))
})

check("an invalid value is an R error with its name", fails_with(train("echo", units = 2.5), "SettingError", "units"))
check("TRUE is not a number", fails_with(train("echo", units = TRUE), "units"))
check("a missing value is not a number", fails_with(train("echo", units = NA_integer_), "units"))
check("an unknown name is an R error with similar names", fails_with(train("ecko"), "UnknownNameError", "echo"))
check("unusable data are an R error", fails_with(train(c(1, NA, 3, 4), window = 2, missing = "error"), "DataError", "x"))
check("an unknown attribute of a run is refused", !is.na(error_message(echo$metrix <- 3)))
check("error messages are complete", nchar(error_message(train("echo", nothing_known_by_this_name = 1))) < 990)

calls <- 0
stopped <- train("echo", updates = 1e6, callback = function(updates, metrics) {
  calls <<- calls + is.numeric(updates) * is.numeric(metrics$train_loss)
  calls < 3
})
check("training calls an R function, and FALSE stops it", calls == 3 && stopped$outcome == "stopped")
fail <- function(...) stop("my own mistake")
check("an error in the function is an R error", fails_with(train("echo", updates = 1e6, callback = fail), "my own mistake"))
limited <- train("echo", updates = 1e8, max_seconds = 0.5)
check("max_seconds stops it as well", limited$outcome == "stopped" && limited$summary()$seconds < 20)

if (failed) {
  cat(failed, "checks failed\n")
  quit(status = 1)
}
