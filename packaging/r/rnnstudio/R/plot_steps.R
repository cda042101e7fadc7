# The error of forecasts by step ahead, in base graphics and in ggplot2.

# The style of each line of this plot: the run, and up to four baselines.
by_step_styles <- data.frame(
  col = colours[c("blue", "orange", "green", "purple", "grey")], lty = c("solid", "13", "42", "5212", "dotted"),
  lwd = c(2, 1.5, 1.5, 1.5, 1.5), pch = c(16, NA, NA, NA, NA)
)
baseline_labels <- c(last_value = "naive last value", seasonal_last_value = "seasonal naive")

# Return the root mean squared error at each step ahead, of the run and of each baseline; of several targets the mean squared
# error in scaled units.
by_step_data <- function(run) {
  table <- run$by_step
  columns <- utils::head(grep("(rmse|scaled_mse)$", names(table), value = TRUE), 5)
  names <- sub("_?(scaled_mse|rmse)$", "", columns)
  labels <- ifelse(names %in% names(baseline_labels), baseline_labels[names], gsub("_", " ", names))
  labels <- ifelse(nzchar(names), labels, "this run")
  lines <- do.call(rbind, lapply(seq_along(columns), function(i) {
    line_data(table$step_ahead, as.numeric(table[[columns[i]]]), labels[i])
  }))
  is_scaled <- "scaled_mse" %in% columns
  highest <- sort(vapply(labels[-1], function(label) max(lines$value[lines$what == label], 0), 0))
  top <- max(lines$value[lines$what == "this run"], if (length(highest) > 1) utils::head(highest, -1) else highest, 0)
  list(
    lines = lines, styles = `rownames<-`(by_step_styles[seq_along(labels), ], labels),
    xlim = c(1, max(2, table$step_ahead)), ylim = c(0, if (top > 0) 1.05 * top else 1), xlab = "steps ahead",
    ylab = if (is_scaled) "scaled MSE" else with_unit("RMSE", run$unit),
    main = paste0(plot_title(run), ", ", split_names[[table$split[1]]], " set")
  )
}

plot_by_step <- function(data, ...) {
  empty_axes(data$xlim, data$ylim, list(...), main = data$main, xlab = data$xlab, ylab = data$ylab)
  for (name in rev(rownames(data$styles))) {
    own <- data$lines[data$lines$what == name, ]
    style <- data$styles[name, ]
    graphics::lines(own$step, own$value, col = style$col, lty = style$lty, lwd = style$lwd)
    if (!is.na(style$pch)) points(own$step, own$value, col = style$col, pch = style$pch)
  }
  draw_legend(rownames(data$styles), data$styles)
}

gg_by_step <- function(data) {
  ggplot2::ggplot(data$lines, aes(x = "step", y = "value", colour = "what", linetype = "what", shape = "what")) +
    ggplot2::geom_line() +
    ggplot2::geom_point(data = data$lines[data$lines$what == "this run", ]) +
    gg_scales(data$styles) +
    ggplot2::coord_cartesian(xlim = data$xlim, ylim = data$ylim) +
    ggplot2::labs(x = data$xlab, y = data$ylab)
}
