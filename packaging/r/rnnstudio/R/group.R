# Groups of runs that differ by seed: what R holds of them, print, summary and predictions.

as_group <- function(python, call) {
  force(python)
  summary <- call_python(to_r(python$summary()), call)
  runs <- call_python(builtins()$list(python$runs), call)
  runs <- lapply(seq_len(length(runs)) - 1L, function(i) as_run(runs$`__getitem__`(i), call))
  first <- runs[[1]]
  shared <- c(
    "recipe", "dataset", "cell", "units", "layers", "bidirectional", "task", "classes", "features", "series", "roles",
    "unit", "baseline", "chosen_on_test", "footnote"
  )
  structure(
    c(
      list(name = summary$group, path = summary$path, seeds = as.numeric(unlist(summary$seeds)), runs = runs),
      unclass(first)[shared],
      list(
        metrics = numbers(summary$metrics),
        spread = spread_to_frame(summary$spread),
        ensemble_metrics = numbers(summary$ensemble_metrics),
        by_seed = series_to_frame(summary$by_seed),
        missing = rows_to_frame(summary$missing),
        conclusions = as.character(unlist(summary$conclusions)),
        warnings = counted_from_one(as.character(unlist(summary$warnings))),
        python = python
      )
    ),
    class = "rnn_group"
  )
}

# Return mean, standard deviation, minimum and maximum of each metric, a row for each.
spread_to_frame <- function(spread) {
  columns <- lapply(c(mean = "mean", sd = "std", min = "min", max = "max"), function(name) {
    numbers(lapply(spread, function(values) values[[name]]))
  })
  data.frame(metric = names(spread), columns, row.names = NULL)
}

# Return a run or a group, whichever Python has returned.
as_result <- function(python, call) {
  force(python)
  is_group <- call_python(to_r(builtins()$hasattr(python, "spread")), call)
  if (is_group) as_group(python, call) else as_run(python, call)
}

print.rnn_group <- function(x, ...) {
  cat(
    "<rnn_group ", if (nzchar(x$name)) x$name else "(not saved)", "> ",
    if (nzchar(x$recipe)) x$recipe else x$dataset, ": ", x$cell, ", ", x$units, " units; ", counted_runs(x),
    " runs that differ by seed\n",
    sep = ""
  )
  if (any(nzchar(x$roles))) cat("  predicts ", x$roles, "\n", sep = "")
  table <- x$spread
  table$metric <- marked(table$metric, x$footnote)
  print(table, digits = 4, row.names = FALSE)
  if (any(nzchar(x$footnote))) cat("  ", x$footnote, "\n", sep = "")
  if (length(x$ensemble_metrics)) cat("  mean of the predictions: ", metrics_text(x$ensemble_metrics), "\n", sep = "")
  for (sentence in x$conclusions) cat("  ", sentence, "\n", sep = "")
  invisible(x)
}

summary.rnn_group <- function(object, ...) {
  structure(
    unclass(object)[c("name", "path", "seeds", "spread", "ensemble_metrics", "by_seed", "missing", "baseline", "conclusions", "warnings", "footnote")],
    class = "summary.rnn_group"
  )
}

print.summary.rnn_group <- function(x, ...) {
  cat(counted_runs(x), " runs that differ by seed, on the same split of the same data\n\n", sep = "")
  print(x$by_seed, digits = 4, row.names = FALSE)
  cat("\nOver the seeds:\n")
  table <- x$spread
  table$metric <- marked(table$metric, x$footnote)
  print(table, digits = 4, row.names = FALSE)
  compared <- unique(unlist(lapply(x$baseline, names)))
  if (length(compared)) {
    cat("\nBaselines:\n")
    rows <- lapply(x$baseline, function(metrics) setNames(metrics[compared], compared))
    print(as.data.frame(do.call(rbind, rows)), digits = 4)
  }
  if (any(nzchar(x$footnote))) cat(x$footnote, "\n", sep = "")
  if (length(x$ensemble_metrics)) cat("Mean of the predictions: ", metrics_text(x$ensemble_metrics), "\n", sep = "")
  for (sentence in x$conclusions) cat(sentence, "\n", sep = "")
  if (nzchar(x$path)) cat("\nSaved as ", x$name, " in ", x$path, "\n", sep = "")
  for (sentence in x$warnings) cat("Note:", sentence, "\n")
  invisible(x)
}

# Return the number of runs of a group as text, as in "4 of 5" where others are missing.
counted_runs <- function(x) {
  count <- length(x$seeds)
  if (NROW(x$missing)) paste(count, "of", count + NROW(x$missing)) else as.character(count)
}

# Return metrics as text.
metrics_text <- function(metrics) paste(names(metrics), vapply(metrics, format, "", digits = 4), collapse = ", ")

as.data.frame.rnn_group <- function(x, row.names = NULL, optional = FALSE, ...) x$by_seed

rnn_groups <- function() {
  rows <- call_python(to_r(rnnstudio_module()$groups()))
  flat <- lapply(rows, function(row) {
    main <- main_metric(row$spread)
    c(
      row[c("group", "name", "note", "created", "recipe", "dataset", "cell")],
      list(runs = length(row$runs), missing = row$missing, damaged = row$damaged, untrained = length(row$untrained), metric = main),
      if (nzchar(main)) list(mean = row$spread[[main]]$mean, sd = row$spread[[main]]$std) else list(mean = NULL, sd = NULL),
      row["path"]
    )
  })
  series_to_frame(flat)
}

# Return the name of the metric that a list of groups shows.
main_metric <- function(spread) {
  known <- paste0(rep(c("test", "val", "train"), each = 4), "_", c("accuracy", "rmse", "scaled_mse", "loss"))
  c(intersect(known, names(spread)), "")[1]
}
