# The data of each plot of a run, for base graphics and for ggplot2.

plot_kinds <- c(
  "loss", "accuracy", "echo", "forecast", "multi_step", "confusion", "roc", "precision_recall", "predicted_true", "by_step"
)

# Return the data of one kind of plot: training curves, or the predictions that plots draw, of several series those of one.
plot_data <- function(run, kind, call, series = NULL) {
  chosen <- chosen_series(run, series, call)
  if (kind == "loss" || kind == "accuracy" && "train_accuracy" %in% names(run$history)) {
    return(training_curves(run, kind, call))
  }
  if (kind %in% curve_kinds && has_curves(run)) {
    return(curve_data(run, kind, call))
  }
  if (kind == "by_step" && nrow(run$by_step)) {
    return(by_step_data(run))
  }
  python <- python_run(run, call)
  table <- plot_table(run, call)
  column <- intersect(c("series", "target"), names(table))
  if (length(chosen) && length(column)) table <- table[table[[column[1]]] == chosen, ]
  available <- Filter(function(k) has_plot(k, run, table), plot_kinds)
  if (!kind %in% available) {
    needed <- c(
      accuracy = "predicts classes", echo = "predicts a class for each step", forecast = "predicts values",
      multi_step = "predicts several values of a series at once", confusion = "predicts the class of whole sequences",
      roc = "predicts one of two classes that both occur in its test or validation set",
      precision_recall = "predicts one of two classes that both occur in its test or validation set",
      predicted_true = "predicts one value for each sequence",
      by_step = "predicts several steps ahead and has a test or validation set"
    )
    stop_in(
      call, "This run has no plot \"", kind, "\", which needs a run that ", needed[[kind]], "; it has ",
      paste(available, collapse = ", "), "."
    )
  }
  names <- c("step_name", "unit", "window", "frame", "rate", "period")
  info <- setNames(lapply(names, function(name) to_r(python$info[[name]])), names)
  info$target <- c(as.character(unlist(to_r(builtins()$list(python$info$target_names)))), "value")[1]
  if (length(chosen) && !length(run$series)) info$target <- chosen
  data <- switch(kind,
    echo = echo_data(run, table, info),
    forecast = if ("sequence" %in% names(table)) sequences_data(run, table, info) else series_data(run, table, info),
    multi_step = multi_step_data(run, table, info),
    confusion = confusion_data(run, table),
    predicted_true = predicted_true_data(run, table, info)
  )
  if (length(chosen)) data$main <- paste0(data$main, if (length(run$series)) ", series " else ", ", chosen)
  data
}

# Return the one of several series or targets that is drawn, the first unless the caller names another; NULL for other runs.
chosen_series <- function(run, series, call) {
  if (is.null(series)) {
    return(if (length(run$drawn)) run$drawn[1])
  }
  if (!length(run$drawn)) {
    stop_in(call, "series must be left out: this run has no several series.")
  }
  if (length(series) != 1 || !as.character(series) %in% run$drawn) {
    shown <- paste(utils::head(run$drawn, 10), collapse = ", ")
    stop_in(
      call, "series must be one of ", shown, if (length(run$drawn) > 10) " ...", "; received ",
      paste(format(series), collapse = ", "), "."
    )
  }
  as.character(series)
}

# Return whether a run has predictions for a kind of plot.
has_plot <- function(kind, run, table) {
  predicts <- function(column) column %in% names(table) && any(is.finite(table[[column]]))
  kind == "loss" || nrow(table) > 0 && switch(kind,
    accuracy = length(run$classes) > 0,
    echo = "row" %in% names(table),
    forecast = !length(run$classes) && "step" %in% names(table) && (predicts("one_step") || predicts("prediction")),
    multi_step = predicts("multi_step"),
    confusion = length(run$classes) > 0 && "sequence" %in% names(table),
    roc = ,
    precision_recall = has_curves(run),
    predicted_true = identical(run$task, "regress_sequence"),
    by_step = NROW(run$by_step) > 0
  )
}

# Return the title of the plots of a run: its name, and which weights are the final ones where these were chosen.
plot_title <- function(run) {
  names <- c(run$name, run$recipe, run$dataset)
  notes <- c(
    if (isTRUE(run$weights_update < run$updates)) paste("after update", format_count(run$weights_update)),
    if (isTRUE(run$chosen_on_test)) "chosen on the test set"
  )
  paste(c(names[nzchar(names)][1], notes), collapse = ", ")
}

with_unit <- function(name, unit) if (nzchar(unit)) paste0(name, " (", unit, ")") else name

format_count <- function(n) format(n, big.mark = ",", trim = TRUE)

# Format numbers along an axis: whole numbers in full, with a comma from 10,000 on, so that years have none.
format_ticks <- function(at, max_fixed = 1e7) {
  largest <- max(0, abs(at), na.rm = TRUE)
  fixed <- largest >= 1e-4 && largest < max_fixed
  format(at, big.mark = if (largest >= 1e4) "," else "", trim = TRUE, scientific = if (fixed) 10 else NA)
}

split_names <- c(train = "training", val = "validation", test = "test")

# Return a metric of the history by update, for each split, with the published values and the baseline.
training_curves <- function(run, measure, call) {
  history <- run$history
  points <- function(update, value, series) {
    drawn <- is.finite(value) & (measure != "loss" | value > 0) # a logarithmic axis has no position for 0
    data.frame(update = update[drawn], value = value[drawn], series = rep(series, sum(drawn)))
  }
  metrics <- setNames(paste0(names(split_names), "_", measure), split_names)
  metrics <- metrics[metrics %in% names(history)]
  curves <- lapply(names(metrics), function(name) points(history$update, history[[metrics[[name]]]], name))
  published <- lapply(c("train", "test"), function(split) {
    rows <- run$published[run$published$metric %in% paste0(split, "_", measure), ]
    if (nrow(rows)) points(rows$update, rows$published, sprintf("published (%s)", split_names[[split]]))
  })
  table <- do.call(rbind, c(curves, published))
  if (!any(table$series == "training")) {
    stop_in(call, "This run has no plot \"", measure, "\": it ended before its first update.")
  }
  comparison <- if (measure == "accuracy") run$comparison
  list(
    table = table, measure = measure, main = plot_title(run), baseline = comparison$baseline_value,
    label = if (measure == "accuracy") measure else if (length(run$classes)) "cross-entropy (nats)" else "mean squared error"
  )
}

# Return the loss and the rows of a batch as bars: input of height 1, truth of height 0.5, prediction of height 0.3, as in
# the publication of the recipe "echo".
echo_data <- function(run, table, info) {
  rows <- unique(table$row)
  rows <- rows[seq_len(min(5, length(rows)))]
  table <- table[table$row %in% rows, ]
  scale01 <- function(values, low, high) if (high > low) (values - low) / (high - low) else 0 * values
  class_height <- function(class) scale01(as.integer(class) - 1, 0, length(run$classes) - 1)
  steps <- data.frame(row = table$row, step = table$step, misclassified = table$truth != table$prediction)
  dates <- if (has_times(table)) split(data.frame(at = table$step + 0.5, label = step_labels(table)), table$row)
  correct <- tapply(!steps$misclassified, steps$row, sum)
  lengths <- tapply(steps$misclassified, steps$row, length)
  titles <- sprintf("row %s: %d of %d correct", names(correct), correct, lengths)
  steps$title <- factor(titles[match(steps$row, names(correct))], titles)
  bars <- rbind(
    cbind(steps, what = "input", height = scale01(table$input, min(table$input), max(table$input))),
    cbind(steps, what = "truth", height = 0.5 * class_height(table$truth)),
    cbind(steps, what = "prediction", height = 0.3 * class_height(table$prediction))
  )
  bars$what <- factor(bars$what, c("input", "truth", "prediction"))
  loss <- data.frame(update = run$history$update, value = run$history$train_loss)
  list(
    bars = bars, misclassified = steps[steps$misclassified, ], titles = titles,
    step_name = if (is.null(dates)) info$step_name else "time", dates = if (!is.null(dates)) setNames(dates, titles),
    main = plot_title(run), loss = downsample(loss[is.finite(loss$value), ])
  )
}

# Return one line of a plot; a new piece begins after steps without a value.
line_data <- function(step, value, what) {
  finite <- is.finite(value)
  step <- step[finite]
  gaps <- diff(step)
  data.frame(
    step = step, value = value[finite], what = rep(what, sum(finite)),
    piece = cumsum(c(1, gaps > min(gaps, Inf)))[seq_along(step)]
  )
}

# Return a y range with the whole truth, and with predictions as far as the truth stays readable.
y_range <- function(lines) {
  truth <- range(lines$value[lines$what == "truth"])
  span <- if (diff(truth) > 0) diff(truth) else max(1, abs(truth[1]))
  near <- lines$value[lines$value >= truth[1] - span & lines$value <= truth[2] + span]
  range(truth, near)
}

# Return a function from steps to the numbers of a time axis, of class Date or POSIXct; NULL where times are unknown.
time_axis <- function(table) {
  known <- if ("time" %in% names(table)) which(!is.na(table$time))
  if (length(known) < 2) {
    return(NULL)
  }
  step <- table$step[known]
  time <- as.numeric(table$time[known])
  last <- length(known)
  each <- stats::median(diff(time) / diff(step))
  to_axis <- function(at) {
    inside <- stats::approx(step, time, at)$y
    inside <- ifelse(at < step[1], time[1] + (at - step[1]) * each, inside)
    ifelse(at > step[last], time[last] + (at - step[last]) * each, inside)
  }
  structure(to_axis, time_class = class(table$time)[1])
}

as_times <- function(numbers, time_class) if (time_class == "Date") .Date(numbers) else .POSIXct(numbers, tz = "UTC")

# Return the ticks of a time axis between two numbers.
time_ticks <- function(limits, time_class) {
  at <- pretty(as_times(limits, time_class), n = 6)
  inside <- as.numeric(at) >= limits[1] & as.numeric(at) <= limits[2]
  data.frame(at = as.numeric(at)[inside], label = attr(at, "labels")[inside])
}

# Return times as text, to the day where none has a time of day.
time_labels <- function(numbers, time_class) {
  times <- as_times(numbers, time_class)
  format(times, if (time_class == "Date") "%Y-%m-%d" else "%Y-%m-%d %H:%M")
}

# Return the lines of one series: truth, one-step predictions, free-running forecast and last-value baseline.
series_data <- function(run, table, info, max_steps = 600) {
  labels <- c(
    truth = "truth", naive = "naive last value", one_step = "one-step prediction", free = "free-running forecast"
  )
  labels <- labels[names(labels) %in% names(table)]
  lines <- do.call(rbind, lapply(names(labels), function(name) line_data(table$step, table[[name]], labels[[name]])))
  begin <- if ("free" %in% names(table)) table$step[is.finite(table$free)][1] else NA
  view <- range(table$step)
  if (diff(view) > max_steps) { # show the start of the free-running forecast, else the start of the test set
    middle <- c(begin, table$step[table$split == "test"], view[2])
    middle <- middle[is.finite(middle)][1]
    right <- min(view[2], middle + max_steps / 2)
    view <- c(max(view[1], right - max_steps), right)
  }
  regions <- do.call(rbind, lapply(intersect(names(split_names), table$split), function(split) {
    steps <- range(table$step[table$split == split])
    data.frame(split = split, name = split_names[[split]], begin = steps[1] - 0.5, end = steps[2] + 0.5)
  }))
  to_axis <- time_axis(table)
  time_class <- attr(to_axis, "time_class")
  if (!is.null(run$tsp)) to_axis <- function(step) run$tsp[1] + step / run$tsp[3] # a time series of R has a time axis
  label <- if (is.null(to_axis)) info$step_name else "time"
  if (is.null(to_axis)) to_axis <- function(step) step
  in_view <- lines[lines$step >= view[1] & lines$step <= view[2], ]
  lines$step <- to_axis(lines$step)
  regions[c("begin", "end")] <- lapply(regions[c("begin", "end")], to_axis)
  list(
    lines = lines, xlim = to_axis(view), ylim = y_range(in_view), regions = regions, begin = to_axis(begin - 0.5),
    ticks = if (!is.null(time_class)) time_ticks(to_axis(view), time_class), time_class = time_class, xlab = label,
    ylab = with_unit(info$target, info$unit), main = plot_title(run), symbols = FALSE
  )
}

# Return the lines of separate sequences side by side, with the published outputs of the same sequences.
sequences_data <- function(run, table, info, max_steps = 600) {
  lengths <- tapply(table$step, table$sequence, length)
  shown <- names(lengths)[cumsum(lengths) <= max(max_steps, lengths[1])]
  total <- length(lengths)
  table <- table[table$sequence %in% shown, ]
  lengths <- lengths[shown]
  begins <- setNames(cumsum(c(0, lengths + 1))[seq_along(shown)], shown)
  sequence <- as.character(table$sequence)
  at <- begins[sequence] + table$step
  columns <- list(input = table$input, truth = table$truth, prediction = table$prediction)
  published <- published_outputs(run)
  if (length(published) == nrow(table) && total == length(shown)) columns$`published prediction` <- published
  lines <- do.call(rbind, lapply(names(columns), function(name) {
    finite <- is.finite(columns[[name]])
    data.frame(
      step = at[finite], value = columns[[name]][finite], what = rep(name, sum(finite)), piece = sequence[finite]
    )
  }))
  intervals <- c(1, 2, 5, 10, 20, 50, 100, 200, 500)
  interval <- c(intervals[nrow(table) <= 24 * intervals], 1000)[1]
  has_tick <- table$step == 1 | table$step %% interval == 0
  subset <- if (total > length(shown)) sprintf(": the first %d of %s sequences", length(shown), format_count(total))
  list(
    lines = lines, xlim = range(at), ylim = y_range(lines), begin = NA, symbols = nrow(table) <= 100,
    regions = data.frame(
      split = "", name = paste("sequence", shown), begin = begins + 0.5, end = begins + lengths + 0.5
    ),
    ticks = data.frame(at = at[has_tick], label = step_labels(table)[has_tick]),
    xlab = if (has_times(table)) "time" else paste(info$step_name, "of each sequence"), ylab = with_unit(info$target, info$unit),
    main = paste0(plot_title(run), subset)
  )
}

has_times <- function(table) "time" %in% names(table) && !anyNA(table$time)

# Return the date of each row, or its step where dates are unknown.
step_labels <- function(table) {
  if (has_times(table)) time_labels(as.numeric(table$time), class(table$time)[1]) else as.character(table$step)
}

# Return the published outputs for all steps of the test sequences, one sequence after the other.
published_outputs <- function(run) {
  if (!nzchar(run$recipe)) {
    return(NULL)
  }
  # The recipe of a run from another version may not exist.
  recipe <- tryCatch(to_r(rnnstudio_module()$describe("recipe", run$recipe)), error = function(e) NULL)
  unlist(recipe$published_outputs)
}

# Return the multi-step forecast and the free-running forecast, each with the truth and the best baseline.
multi_step_data <- function(run, table, info) {
  to_axis <- time_axis(table)
  time_class <- attr(to_axis, "time_class")
  if (is.null(to_axis)) to_axis <- function(step) step
  panel <- function(column, title) {
    at <- table$step[is.finite(table[[column]])]
    window <- info$window * info$frame
    before <- if (length(at) < window) min(window, max(3 * length(at), 50)) else window %/% 2
    view <- c(max(table$step[1], at[1] - before), at[length(at)] + max(1, min(length(at), before %/% 2)))
    predicted <- table[[column]][match(at, table$step)]
    baseline <- forecast_baseline(table, at, info$period)
    truth <- table$truth[match(at, table$step)]
    lines <- rbind(
      line_data(table$step, table$truth, "truth"), line_data(at, baseline$values, baseline$name),
      line_data(at, predicted, "prediction")
    )
    lines <- lines[lines$step >= view[1] & lines$step <= view[2], ]
    rmse <- function(values) sqrt(mean((values - truth)^2, na.rm = TRUE))
    rmses <- setNames(c(rmse(predicted), rmse(baseline$values)), c("prediction", baseline$name))
    lines$step <- to_axis(lines$step)
    list(
      lines = lines, xlim = to_axis(view), ylim = y_range(lines), begin = to_axis(at[1] - 0.5),
      rmse = rmses[is.finite(rmses)], title = sprintf(title, format_count(length(at))),
      ticks = if (!is.null(time_class)) time_ticks(to_axis(view), time_class)
    )
  }
  name <- if (is.null(time_class)) info$step_name else "time"
  list(
    panels = c(
      list(panel("multi_step", "multi-step forecast of %s values")),
      if (any(is.finite(table$free))) list(panel("free", "free-running forecast of %s values"))
    ),
    time_class = time_class,
    xlab = if (info$rate > 0) sprintf("%s (%s per second)", name, format_count(info$rate)) else name,
    ylab = with_unit(info$target, info$unit), main = plot_title(run)
  )
}

# Return the best baseline of a forecast: the last value before it, or the values one season earlier.
forecast_baseline <- function(table, at, period) {
  truth_at <- function(step) table$truth[match(step, table$step)]
  baselines <- list(`naive last value` = rep(truth_at(at[1] - 1), length(at)))
  if (period > 0) baselines$`seasonal naive` <- truth_at(at[1] - period + (at - at[1]) %% period)
  errors <- vapply(baselines, function(values) sum((values - truth_at(at))^2, na.rm = !anyNA(values)), 0)
  name <- c(names(which.min(errors)), names(baselines))[1]
  list(name = name, values = baselines[[name]])
}

# Return true and predicted value of each sequence, their common range, and the mean of the training set.
predicted_true_data <- function(run, table, info) {
  list(
    main = plot_title(run), table = table[c("sequence", "truth", "prediction", "baseline")],
    limits = range(table$truth, table$prediction, table$baseline, finite = TRUE), mean = table$baseline[1],
    xlab = with_unit(paste("true", info$target), info$unit), ylab = with_unit(paste("predicted", info$target), info$unit)
  )
}

# Return the confusion matrix: a row per true class, a column per predicted class.
confusion_data <- function(run, table) {
  counts <- unclass(table(table$truth, table$prediction))
  names(dimnames(counts)) <- NULL
  many <- nrow(counts) > 12 # zeros would hide the other numbers, and names in two lines would overlap
  labels <- if (many) colnames(counts) else two_lines(colnames(counts))
  list(
    counts = counts, shares = counts / pmax(1, rowSums(counts)), labels = labels,
    text = ifelse(counts == 0 & many, "", format_count(counts)),
    vertical = length(labels) * max(nchar(unlist(strsplit(labels, "\n", fixed = TRUE)))) > 60,
    main = sprintf("%s: %s of %s correct", plot_title(run), format_count(sum(diag(counts))), format_count(sum(counts)))
  )
}

# Break class names into two lines near their middle.
two_lines <- function(names) {
  vapply(names, function(name) {
    at <- gregexpr("[_ /-]", name)[[1]]
    at <- at[at > 1 & at < nchar(name)]
    if (!length(at) || nchar(name) <= 6) {
      return(name)
    }
    at <- at[which.min(abs(at - nchar(name) / 2))]
    paste0(sub("[_ ]$", "", substr(name, 1, at)), "\n", substr(name, at + 1, nchar(name)))
  }, "", USE.NAMES = FALSE)
}

# Reduce a curve to about 2 * `max_bins` points: the lowest and the highest of each bin.
downsample <- function(curve, max_bins = 2000) {
  if (nrow(curve) <= 2 * max_bins) {
    return(curve)
  }
  bin <- cut(seq_len(nrow(curve)), max_bins, labels = FALSE)
  extremes <- unlist(lapply(split(seq_len(nrow(curve)), bin), function(rows) {
    sort(c(rows[which.min(curve$value[rows])], rows[which.max(curve$value[rows])]))
  }), use.names = FALSE)
  curve[unique(extremes), ]
}
