# rnnstudio from R without the R package, as reticulate::import() gives it. One line per check; fails where one does.
#   RETICULATE_PYTHON=... Rscript packaging/r/plain_import.R

failed <- 0

check <- function(what, holds) {
  told <- tryCatch(if (isTRUE(holds)) "ok" else "FAILED", error = function(e) paste("FAILED:", conditionMessage(e)))
  if (told != "ok") failed <<- failed + 1
  cat(sprintf("  %-72s %s\n", what, told))
}

# The sentence of the R error that an expression ends in; NA where it ends in none.
refusal <- function(expr) tryCatch({ expr; NA_character_ }, error = conditionMessage)
says <- function(expr, ...) all(vapply(c(...), grepl, NA, refusal(expr), fixed = TRUE))

studio <- reticulate::import("rnnstudio")
check("import() finds the package, not a folder of that name", grepl("^[0-9]+[.][0-9]+", studio$`__version__`))

short <- function(...) studio$train(..., save = FALSE, verbose = 0)
set.seed(1)

echo <- short("echo", units = 4, batch_size = 5, updates = 30)
check("numbers of R, which are floats, serve as whole numbers", echo$summary()$updates == 30)
check("counts arrive as numbers", is.double(echo$summary()$parameters) && echo$summary()$parameters == 34)
check("a summary is a list of plain values", is.list(echo$summary()) && is.character(echo$summary()$outcome))
check("metrics are a named list of numbers", is.numeric(echo$metrics$train_loss) && echo$metrics$train_loss > 0)
history <- echo$history()
check("the history is a data frame", is.data.frame(history) && nrow(history) == 30 && all(history$train_loss > 0))
check("the same seed gives the same figures", {
  again <- short("echo", units = 4, batch_size = 5, updates = 30, seed = 0)
  identical(again$history()$train_loss, history$train_loss)
})

check("a number alone serves as a list", identical(short("toy", dense_units = 3, updates = 2)$experiment$model$dense_units, 3L))
check("several do as well", identical(short("toy", dense_units = c(3, 2), updates = 2)$experiment$model$dense_units, c(3L, 2L)))
check("TRUE and FALSE are such", short("toy", bidirectional = TRUE, updates = 2)$experiment$model$bidirectional)

# 12 sequences, 6 steps, 2 features; the first feature says which class
x <- array(rnorm(12 * 6 * 2), c(12, 6, 2))
kind <- rep(c("up", "down"), 6)
x[, , 1] <- ifelse(kind == "up", 2, -2)
kept <- x + 0
labelled <- short(x, kind, task = "classify", classes = c("up", "down"), units = 4, updates = 60, learning_rate = 0.05)
check("an array of R has its axes where they were", labelled$summary()$metrics$test_accuracy == 1)
check("classes stand in the order given", identical(unlist(labelled$info$classes), c("up", "down")))
check("the caller's array is as it was", identical(x, kept))
told <- labelled$predict(x)
check("classes told are text", is.character(told) && length(told) == 12 && mean(told == kind) == 1)
odds <- labelled$predict(x, probabilities = TRUE)
check("probabilities are a matrix", identical(dim(odds), c(12L, 2L)) && all(abs(rowSums(odds) - 1) < 1e-6))

parts <- lapply(c(4, 6, 5, 7, 4, 6, 5, 7), function(n) matrix(rnorm(2 * n), n))
uneven <- short(parts, rep(c("a", "b"), 4), task = "classify", units = 2, updates = 2)
check("a list of matrices is sequences of unequal length", uneven$summary()$updates == 2)

frame <- data.frame(load = sin(1:80 / 4) + 3, heat = cos(1:80 / 4))
told_on <- short(frame, task = "regress", target = "load", features = "heat", window = 8, units = 2, updates = 5)
check("a data frame has its columns by name", identical(unlist(told_on$info$features), "heat"))

series <- short(as.numeric(AirPassengers), window = 12, units = 2, updates = 5)
check("a vector is a series", identical(series$experiment$data$task, "forecast"))
check("what is told on is numeric", is.numeric(series$forecast(6)) && length(series$forecast(6)) == 6)
check("predictions are a data frame", is.data.frame(series$predictions()) && "one_step" %in% names(series$predictions()))

folder <- file.path(tempfile(), "run")
check("a run is kept and comes back", {
  series$save(folder)
  isTRUE(all.equal(studio$load(folder)$forecast(6), series$forecast(6)))
})

check("a wrong value is an R error that names it", says(short("echo", units = 2.5), "SettingError", "units"))
check("TRUE is no number", says(short("echo", units = TRUE), "units"))
check("a missing value is none either", says(short("echo", units = NA_integer_), "units"))
check("an unknown name is an R error that offers the near ones", says(short("ecko"), "UnknownNameError", "echo"))
check("data that cannot be used are an R error", says(short(c(1, NA, 3, 4), window = 2), "DataError", "x"))
check("a mistyped attribute of a run is refused", !is.na(refusal(echo$metrix <- 3)))
check("sentences are whole", nchar(refusal(short("echo", nothing_known_by_this_name = 1))) < 990)

calls <- 0
stopped <- short("echo", updates = 1e6, callback = function(updates, metrics) {
  calls <<- calls + is.numeric(updates) * is.numeric(metrics$train_loss)
  calls < 3
})
check("an R function is called while training, and FALSE stops it", calls == 3 && stopped$outcome == "stopped")
check("an error in it is an R error", says(short("echo", updates = 1e6, callback = function(...) stop("so it is")), "so it is"))
limited <- short("echo", updates = 1e8, max_seconds = 0.5)
check("max_seconds stops it as well", limited$outcome == "stopped" && limited$summary()$seconds < 20)

if (failed) {
  cat(failed, "of these failed\n")
  quit(status = 1)
}
