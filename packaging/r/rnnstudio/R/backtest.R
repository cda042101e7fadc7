# Backtests: forecasts from origins in the past, by the network of a run and by simple methods.

rnn_backtest <- function(run, origins = NULL, h = NULL, every = NULL, refit = FALSE, verbose = interactive(), save = TRUE) {
  call <- sys.call()
  python <- python_predictor(run, call)
  result <- call_with_warnings(
    python$backtest, origins,
    steps = h, every = every, refit = refit, verbose = as.integer(isTRUE(verbose) || is.numeric(verbose) && verbose > 0),
    save = save, call = call
  )
  text <- function(x) as.character(to_r(builtins()$str(x)))
  structure(
    list(
      conclusion = text(result$conclusion), description = text(result$description), better = text(result$better),
      metrics = frame_from_python(result$metrics()), by_step = frame_from_python(result$by_step()),
      by_origin = frame_from_python(result$by_origin()), predictions = frame_from_python(result$predictions()),
      notes = as.character(unlist(to_r(builtins()$list(result$notes)))), refit = isTRUE(as.logical(refit))
    ),
    class = "rnn_backtest"
  )
}

print.rnn_backtest <- function(x, ...) {
  cat(x$conclusion, "\n", x$description, "\n", sep = "")
  print(x$metrics, row.names = FALSE, digits = 4)
  for (note in x$notes) cat(note, "\n", sep = "")
  invisible(x)
}

as.data.frame.rnn_backtest <- function(x, row.names = NULL, optional = FALSE,
                                       what = c("predictions", "metrics", "by_step", "by_origin"), ...) {
  x[[match.arg(what)]]
}

plot.rnn_backtest <- function(x, by = c("origin", "step"), ...) {
  by <- match.arg(by)
  scores <- if (by == "origin") x$by_origin else x$by_step
  measure <- if (all(is.na(scores$mase))) "rmse" else "mase"
  at <- scores[[if (by == "origin") "origin_number" else "step_ahead"]]
  methods <- unique(scores$method)
  errors <- vapply(methods, function(m) scores[[measure]][scores$method == m], numeric(length(unique(at))))
  errors <- matrix(errors, ncol = length(methods))
  matplot(
    unique(at), errors,
    type = "b", pch = c(19, rep(NA, length(methods) - 1)), lty = seq_along(methods), lwd = c(2, rep(1, length(methods) - 1)),
    col = seq_along(methods), ylim = c(0, max(errors, na.rm = TRUE)), ylab = toupper(measure),
    xlab = if (by == "origin") "origin, from the first to the last" else "steps ahead", ...
  )
  legend("topright", methods, lty = seq_along(methods), col = seq_along(methods), bty = "n", cex = 0.8)
  invisible(x)
}
