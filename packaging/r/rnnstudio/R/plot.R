# plot() of a run, in base graphics.

# The colours of Okabe and Ito, which colour-blind readers can distinguish. Line types and symbols differ as well.
colours <- c(
  black = "#202020", grey = "#8A8A8A", blue = "#0072B2", green = "#009E73", red = "#D55E00", orange = "#E69F00",
  purple = "#CC79A7"
)

# The style of each line: colour, line type (NA: symbols only) and symbol (NA: line only).
line_styles <- data.frame(
  row.names = c(
    "training", "validation", "test", "published (training)", "published (test)", "baseline: majority class", "input",
    "truth", "naive last value", "seasonal naive", "one-step prediction", "prediction", "free-running forecast",
    "published prediction"
  ),
  col = colours[c(
    "blue", "green", "red", "purple", "purple", "orange", "grey", "black", "orange", "orange", "blue", "blue", "red",
    "purple"
  )],
  lty = c("solid", "solid", "solid", NA, NA, "dotted", "dotted", "solid", "13", "13", "solid", "42", "5212", NA),
  lwd = c(1, 1.5, 1.5, 1, 1, 1.5, 1, 1.3, 1.5, 1.5, 1.5, 1.8, 1.8, 2),
  pch = c(NA, 17, 16, 18, 5, NA, 0, 16, NA, NA, NA, 4, NA, 5)
)

# The styles of the multi-step plot, as in the publication of the recipe "machinery".
multi_step_styles <- line_styles
multi_step_styles[c("truth", "prediction"), "col"] <- colours[c("blue", "red")]

split_tints <- c(val = colours[["green"]], test = colours[["blue"]])

plot.rnn_run <- function(x, kind = c("loss", "accuracy", "echo", "forecast", "multi_step", "confusion", "roc",
                                     "precision_recall", "predicted_true", "by_step"), series = NULL, ...) {
  call <- sys.call(-1)
  kind <- match_kind(kind, call)
  data <- plot_data(x, kind, call, series)
  switch(kind,
    loss = ,
    accuracy = plot_training_curves(data, ...),
    echo = plot_echo(data, ...),
    forecast = plot_forecast(data, ...),
    multi_step = plot_multi_step(data, ...),
    confusion = plot_confusion(data, ...),
    roc = ,
    precision_recall = plot_curve(data, ...),
    predicted_true = plot_predicted_true(data, ...),
    by_step = plot_by_step(data, ...)
  )
  invisible(x)
}

renamed_kinds <- c(ahead = "multi_step")

# Return the kind of plot that a caller names; warn of an old name.
match_kind <- function(kind, call) {
  if (is.character(kind) && length(kind) == 1 && kind %in% names(renamed_kinds)) {
    renamed <- renamed_kinds[[kind]]
    warning(simpleWarning(sprintf("`%s` is now `%s`.", kind, renamed), call))
    kind <- renamed
  }
  tryCatch(match.arg(kind, plot_kinds), error = function(e) {
    received <- paste(format(kind), collapse = ", ")
    stop_in(call, "kind must be one of ", paste(plot_kinds, collapse = ", "), "; received ", received, ".")
  })
}

# Draw axes without data. The caller's graphical parameters override ours.
empty_axes <- function(xlim, ylim, given = list(), ...) {
  settings <- list(x = xlim, y = ylim, xlim = xlim, ylim = ylim, type = "n", las = 1, main = "", xlab = "", ylab = "")
  for (more in list(list(...), given)) settings[names(more)] <- more
  visible <- c(is.null(settings$xaxt), is.null(settings$yaxt))
  hidden <- list(xaxt = "n", yaxt = "n", main = "")
  do.call(graphics::plot.default, replace(settings, names(hidden), hidden))
  for (side in which(visible)) {
    at <- graphics::axTicks(side)
    groups <- if (par(c("xlog", "ylog")[side])) at else list(at) # ticks of a logarithmic axis differ in their decimals
    labels <- unlist(lapply(groups, format_ticks, max_fixed = c(1e7, 1e6)[side]))
    style <- settings[intersect(names(settings), c("las", "cex.axis", "col.axis", "font.axis"))]
    if (side == 2 && is.null(style$cex.axis)) { # long numbers must not reach the axis title
      width <- (par("mgp")[1] - par("mgp")[2]) * par("cin")[2] * par("cex")
      style$cex.axis <- min(1, width / max(graphics::strwidth(labels, units = "inches")))
    }
    do.call(axis, c(list(side, at, labels), style))
  }
  title(settings$main, line = 2.5)
}

# Draw a legend above the axes, where it hides no data. legend() would give every entry the width of the longest.
draw_legend <- function(labels, styles) {
  edges <- par("usr")
  for (cex in seq(0.9, 0.5, -0.05)) { # one line of small text rather than two lines of large text
    em <- graphics::strwidth("m", cex = cex)
    swatches <- ifelse(is.na(styles$lty) & is.na(styles$pch), 0, 3 * em)
    widths <- swatches + graphics::strwidth(labels, cex = cex) + em
    row <- offset <- numeric(length(widths))
    for (i in seq_along(widths)[-1]) {
      offset[i] <- offset[i - 1] + widths[i - 1]
      row[i] <- row[i - 1]
      if (offset[i] + widths[i] > 1.05 * diff(edges[1:2])) {
        offset[i] <- 0
        row[i] <- row[i] + 1
      }
    }
    if (max(row) == 0 || cex < 0.72 && max(row) == 1) break
  }
  line_height <- par("cin")[2] * par("cex") * cex
  top <- graphics::grconvertY(1, "npc", "inches")
  x <- edges[1] + offset
  y <- graphics::grconvertY(top + line_height * (max(row) - row + 0.75), "inches", "user")
  has_line <- !is.na(styles$lty)
  graphics::segments(x[has_line], y[has_line], (x + 2.6 * em)[has_line],
    col = styles$col[has_line], lty = styles$lty[has_line], lwd = styles$lwd[has_line], xpd = NA
  )
  points(x + 1.3 * em, y, col = styles$col, pch = styles$pch, lwd = 1.5, cex = ifelse(has_line, 1, 1.5), xpd = NA)
  text(x + swatches, y, labels, adj = c(0, 0.4), cex = cex, col = colours[["black"]], xpd = NA)
}

draw_lines <- function(lines, styles, symbols = FALSE) {
  for (name in unique(lines$what)) {
    style <- styles[name, ]
    line <- lines[lines$what == name, ]
    for (piece in if (!is.na(style$lty)) split(line, line$piece)) {
      graphics::lines(piece$step, piece$value, col = style$col, lty = style$lty, lwd = style$lwd)
    }
    if (!is.na(style$pch) && (symbols || is.na(style$lty))) {
      cex <- if (is.na(style$lty)) 1.5 else 1
      points(line$step, line$value, col = style$col, pch = style$pch, lwd = 1.5, cex = cex)
    }
  }
}

plot_training_curves <- function(data, ...) {
  table <- data$table
  names <- unique(table$series)
  log <- data$measure == "loss"
  empty_axes(range(table$update), if (log) range(table$value) else c(0, 1), list(...),
    log = if (log) "y" else "", xlab = "update", ylab = data$label, main = data$main
  )
  has_baseline <- length(data$baseline) > 0
  if (has_baseline) abline(h = data$baseline, col = colours[["orange"]], lty = "dotted", lwd = 1.5)
  styles <- line_styles[c(names, if (has_baseline) "baseline: majority class"), ]
  for (name in names) {
    style <- styles[name, ]
    curve <- table[table$series == name, ]
    if (name == "training") {
      curve <- downsample(curve)
      if (length(names) > 1) style$col <- adjustcolor(style$col, 0.6) # the other curves, with fewer points, lie on it
    }
    if (!is.na(style$lty)) lines(curve$update, curve$value, col = style$col, lwd = style$lwd)
    if (!is.na(style$pch) || nrow(curve) == 1) {
      pch <- if (is.na(style$pch)) 16 else style$pch
      points(curve$update, curve$value, col = style$col, pch = pch, cex = if (is.na(style$lty)) 1.5 else 1)
    }
  }
  draw_legend(rownames(styles), styles)
}

plot_echo <- function(data, ...) {
  given <- list(...)
  panels <- length(data$titles) + 1
  old <- par(
    mfrow = if (panels > 3) c(2, 3) else c(1, panels), mar = c(3.6, 3.2, 2.6, 0.8), mgp = c(2.2, 0.7, 0),
    omi = c(0, 0, 3.2 * par("cin")[2], 0), lab = c(4, 4, 7)
  )
  on.exit(par(old))
  empty_axes(range(data$loss$update), c(0, max(data$loss$value)), xlab = "update")
  title("loss", font.main = 1, line = 0.8)
  graphics::lines(data$loss$update, data$loss$value, col = colours[["blue"]])
  fill <- c(input = colours[["blue"]], truth = colours[["red"]], prediction = colours[["green"]])
  main <- if (is.null(given$main)) data$main else given$main
  given$main <- NULL
  for (name in data$titles) {
    bars <- data$bars[data$bars$title == name, ]
    misclassified <- data$misclassified[data$misclassified$title == name, ]
    empty_axes(c(min(bars$step), max(bars$step) + 1), c(0, 2), given,
      xlab = data$step_name, xaxs = "i", yaxs = "i", yaxt = "n", xaxt = if (!is.null(data$dates)) "n"
    )
    dates <- data$dates[[name]]
    if (!is.null(dates) && is.null(given$xaxt)) axis(1, dates$at, dates$label)
    axis(2, 0:2, las = 1)
    title(name, font.main = 1, line = 0.8)
    few <- nrow(bars) <= 300
    for (what in names(fill)) {
      part <- bars[bars$what == what & bars$height > 0, ]
      if (nrow(part)) {
        border <- if (few) "white" else NA
        rect(part$step, 0, part$step + 1, part$height, col = fill[[what]], border = border, lwd = 0.5)
      }
    }
    if (nrow(misclassified)) {
      step <- misclassified$step
      rect(step, 0, step + 1, 0.5, border = colours[["black"]], lwd = if (few) 2 else 1)
    }
  }
  graphics::mtext(main, outer = TRUE, line = 2.8, font = 2)
  below_title <- 1 - 1.7 * par("cin")[2] / par("din")[2]
  legend(graphics::grconvertX(0.5, "ndc"), graphics::grconvertY(below_title, "ndc"), c(names(fill), "misclassified"),
    fill = c(fill, NA), border = c(NA, NA, NA, colours[["black"]]), bty = "n", horiz = TRUE, xpd = NA, xjust = 0.5,
    cex = 1.3
  )
}

plot_forecast <- function(data, ...) {
  given <- list(...)
  margin <- diff(data$ylim) * 0.04
  empty_axes(data$xlim, data$ylim + margin * c(0, 2), given,
    xlab = data$xlab, ylab = data$ylab, main = data$main, xaxt = if (!is.null(data$ticks)) "n"
  )
  edges <- par("usr")
  ticks <- if (is.null(data$time_class)) data$ticks else time_ticks(edges[1:2], data$time_class)
  if (!is.null(ticks) && is.null(given$xaxt)) axis(1, ticks$at, ticks$label)
  shade_regions(data$regions, edges)
  draw_lines(data$lines, line_styles, data$symbols)
  if (is.finite(data$begin) && data$begin > edges[1] && data$begin < edges[2]) {
    abline(v = data$begin, col = colours[["red"]], lty = "dashed")
  }
  graphics::box()
  names <- unique(data$lines$what)
  styles <- line_styles[names, ]
  if (!data$symbols) styles$pch[!is.na(styles$lty)] <- NA
  in_x_range <- data$lines$step >= edges[1] & data$lines$step <= edges[2]
  outside <- sum(in_x_range & (data$lines$value < edges[3] | data$lines$value > edges[4]))
  if (outside) styles[nrow(styles) + 1, ] <- list("black", NA, NA, NA)
  draw_legend(c(names, if (outside) paste(format_count(outside), "outside the view")), styles)
}

# Shade the validation and the test set, and name each region that is wide enough.
shade_regions <- function(regions, edges) {
  for (i in seq_len(nrow(regions))) {
    region <- regions[i, ]
    ends <- pmin(pmax(c(region$begin, region$end), edges[1]), edges[2])
    if (region$split %in% names(split_tints)) {
      rect(ends[1], edges[3], ends[2], edges[4], col = adjustcolor(split_tints[[region$split]], 0.13), border = NA)
    }
    if (graphics::strwidth(region$name, cex = 0.85) < diff(ends)) {
      text(mean(ends), edges[4], region$name, adj = c(0.5, 1.6), cex = 0.85, col = colours[["black"]])
    }
  }
}

plot_multi_step <- function(data, ...) {
  given <- list(...)
  styles <- multi_step_styles
  old <- par(mfrow = c(length(data$panels), 1), mar = c(4, 4.1, 4, 1.5), mgp = c(2.7, 0.8, 0))
  on.exit(par(old))
  for (panel in data$panels) {
    empty_axes(panel$xlim, panel$ylim, given,
      main = paste0(data$main, ": ", panel$title), ylab = data$ylab, xlab = data$xlab, xaxs = "i",
      xaxt = if (!is.null(panel$ticks)) "n"
    )
    if (!is.null(panel$ticks) && is.null(given$xaxt)) axis(1, panel$ticks$at, panel$ticks$label)
    draw_lines(panel$lines, styles)
    abline(v = panel$begin, col = colours[["red"]], lty = "dashed")
    names <- unique(panel$lines$what)
    rmse <- panel$rmse[names]
    labels <- ifelse(is.na(rmse), names, sprintf("%s, RMSE %.3g", names, rmse))
    draw_legend(labels, replace(styles[names, ], "pch", NA))
  }
}

plot_predicted_true <- function(data, main = data$main, ...) {
  empty_axes(data$limits, data$limits, list(...), xlab = data$xlab, ylab = data$ylab)
  abline(0, 1)
  abline(h = data$mean, lty = 2, col = colours[["orange"]])
  points(data$table$truth, data$table$prediction, pch = 19, col = grDevices::adjustcolor(colours[["blue"]], 0.6))
  title(main, line = 2.1)
  graphics::legend("topleft", c("predicted = true", "mean of the training set"),
    lty = c(1, 2), col = c("black", colours[["orange"]]), bty = "n", cex = 0.9
  )
}

plot_confusion <- function(data, main = data$main, ...) {
  counts <- data$counts
  n <- nrow(counts)
  graphics::plot.new() # the width of text is known only after a page exists
  inches <- function(text, cex = 0.9) max(graphics::strwidth(text, units = "inches", cex = cex))
  line <- par("mai")[1] / par("mar")[1]
  labels <- data$labels
  label_lines <- if (any(grepl("\n", labels, fixed = TRUE))) 2 else 1
  left <- inches(labels) + 2.2 * line
  cell_width <- (par("fin")[1] - left - line) / n
  label_cex <- min(0.9, 0.85 * cell_width / inches(labels))
  horizontal <- label_cex > 0.65
  bottom <- if (horizontal) (2 + label_lines) * line else inches(labels) + 2.2 * line
  cell_height <- (par("fin")[2] - bottom - 3.6 * line) / n
  old <- par(mai = c(bottom, left, 3.6 * line, 1 * line), new = TRUE)
  on.exit(par(old["mai"]))
  shades <- grDevices::colorRampPalette(c("white", colours[["blue"]]))(101)
  image(seq_len(n), seq_len(n), t(data$shares[n:1, , drop = FALSE]),
    zlim = c(0, 1), axes = FALSE, xlab = "", ylab = "", col = shades, ...
  )
  abline(h = seq_len(n + 1) - 0.5, v = seq_len(n + 1) - 0.5, col = "grey85")
  graphics::box(col = "grey60")
  column_labels <- if (horizontal && label_lines == 2) sub("^([^\n]*)$", "\\1\n", labels) else labels
  axis(1, seq_len(n), column_labels,
    las = if (horizontal) 1 else 2, tick = FALSE, line = if (horizontal) label_lines - 1.8 else -0.4, gap.axis = -1,
    cex.axis = if (horizontal) label_cex else min(0.9, 0.95 * cell_width / label_lines / line)
  )
  axis(2, n:1, labels,
    las = 2, tick = FALSE, line = -0.4, gap.axis = -1, cex.axis = min(0.9, 0.95 * cell_height / label_lines / line)
  )
  title(main, line = 2.1)
  graphics::mtext("shade: share of the sequences in the row", 3, line = 0.6, cex = 0.85)
  graphics::mtext("predicted class", 1, line = bottom / line - 1.1)
  graphics::mtext("true class", 2, line = left / line - 1.2)
  digit_height <- graphics::strheight("0", units = "inches")
  cex <- min(1.1, 0.85 * cell_width / inches(data$text, 1), 0.6 * cell_height / digit_height)
  text_colours <- ifelse(counts == 0, "grey70", ifelse(data$shares > 0.9, "white", colours[["black"]]))
  if (cex >= 0.4) text(col(counts), n + 1 - row(counts), data$text, col = text_colours, cex = cex)
}
