# autoplot() of a run, in ggplot2.

autoplot.rnn_run <- function(object, kind = c("loss", "accuracy", "echo", "forecast", "multi_step", "confusion", "roc",
                                              "precision_recall", "predicted_true", "by_step"), series = NULL, ...) {
  call <- sys.call(-1)
  kind <- match_kind(kind, call)
  if (!requireNamespace("ggplot2", quietly = TRUE)) {
    stop_in(call, "autoplot() needs the package ggplot2. Install it with install.packages(\"ggplot2\"), or use plot().")
  }
  data <- plot_data(object, kind, call, series)
  plot <- switch(kind,
    loss = ,
    accuracy = gg_training_curves(data),
    echo = gg_echo(data),
    forecast = gg_forecast(data),
    multi_step = gg_multi_step(data),
    confusion = gg_confusion(data),
    roc = ,
    precision_recall = gg_curve(data),
    predicted_true = gg_predicted_true(data),
    by_step = gg_by_step(data)
  )
  plot + ggplot2::labs(title = data$main) + gg_theme(if (kind == "confusion") "right" else "top", isTRUE(data$vertical))
}

gg_theme <- function(legend, vertical) {
  text <- ggplot2::element_text()
  if (vertical) text <- ggplot2::element_text(angle = 90, hjust = 1, vjust = 0.5)
  ggplot2::theme_bw() + ggplot2::theme(
    legend.position = legend, panel.grid.minor = ggplot2::element_blank(), plot.margin = ggplot2::margin(5, 14, 5, 5),
    axis.text.x = text
  )
}

# Name columns as text, so that R CMD check does not look for variables of these names.
aes <- function(...) do.call(ggplot2::aes, lapply(list(...), as.name))

# Return a manual scale of the line styles: "colour", "linetype" or "shape".
gg_scale <- function(aesthetic, values, names) {
  scale_manual <- getExportedValue("ggplot2", paste0("scale_", aesthetic, "_manual"))
  guide <- ggplot2::guide_legend(nrow = ceiling(length(names) / 4))
  scale_manual(values = setNames(values, names), breaks = names, limits = names, name = NULL, guide = guide)
}

gg_scales <- function(styles) {
  linetypes <- ifelse(is.na(styles$lty), "blank", styles$lty)
  names <- rownames(styles)
  list(
    gg_scale("colour", styles$col, names), gg_scale("linetype", linetypes, names), gg_scale("shape", styles$pch, names)
  )
}

gg_training_curves <- function(data) {
  table <- data$table
  names <- unique(table$series)
  has_baseline <- length(data$baseline) > 0
  styles <- line_styles[c(names, if (has_baseline) "baseline: majority class"), ]
  has_line <- !is.na(line_styles[table$series, "lty"])
  curves <- table[has_line, ]
  curves <- rbind(downsample(curves[curves$series == "training", ]), curves[curves$series != "training", ])
  curves$series <- factor(curves$series, names) # the training curve, with the most points, is drawn first
  lengths <- table(curves$series)
  plot <- ggplot2::ggplot(
    curves, aes(x = "update", y = "value", colour = "series", linetype = "series", shape = "series")
  ) +
    ggplot2::geom_line(data = curves[as.vector(lengths[curves$series]) > 1, ]) +
    ggplot2::geom_point(data = table[table$series %in% c("validation", "test"), ], size = 2) +
    ggplot2::geom_point(data = table[!has_line, ], size = 3) +
    gg_scales(styles) +
    ggplot2::scale_x_continuous(labels = format_ticks) +
    ggplot2::labs(x = "update", y = data$label)
  if (has_baseline) {
    level <- data.frame(value = data$baseline, series = "baseline: majority class")
    plot <- plot + ggplot2::geom_hline(aes(yintercept = "value", colour = "series", linetype = "series"), level)
  }
  if (data$measure == "loss") plot + ggplot2::scale_y_log10() else plot + ggplot2::coord_cartesian(ylim = c(0, 1))
}

gg_echo <- function(data) {
  panels <- c("loss by update", data$titles)
  as_panel <- function(names) factor(names, panels)
  bars <- data$bars
  bars$panel <- as_panel(as.character(bars$title))
  bars$middle <- bars$step + 0.5
  steps <- data$misclassified
  steps$panel <- as_panel(as.character(steps$title))
  steps <- cbind(steps, end = steps$step + 1, low = rep(0, nrow(steps)), high = rep(0.5, nrow(steps)))
  loss <- cbind(data$loss, panel = as_panel("loss by update"))
  limits <- data.frame(panel = as_panel(panels), middle = 0, height = c(0, rep(2, length(data$titles))))
  plot <- ggplot2::ggplot(bars, aes(x = "middle", y = "height")) +
    ggplot2::geom_col(aes(fill = "what"), position = "identity", width = 1, colour = "white") +
    ggplot2::geom_blank(data = limits) +
    ggplot2::geom_line(aes(x = "update", y = "value"), loss, colour = colours[["blue"]]) +
    ggplot2::facet_wrap("panel", scales = "free") +
    gg_scale("fill", unname(colours[c("blue", "red", "green")]), levels(bars$what)) +
    ggplot2::labs(x = data$step_name, y = NULL, caption = "outlined: misclassified")
  if (!nrow(steps)) {
    return(plot)
  }
  plot + ggplot2::geom_rect(
    aes(xmin = "step", xmax = "end", ymin = "low", ymax = "high"), steps,
    inherit.aes = FALSE, fill = NA, colour = colours[["black"]]
  )
}

gg_lines <- function(lines, styles, symbols = FALSE) {
  lines$group <- paste(lines$what, lines$piece)
  has_line <- !is.na(styles[lines$what, "lty"])
  has_symbol <- !is.na(styles[lines$what, "pch"])
  lengths <- table(lines$group)
  plot <- ggplot2::ggplot(
    lines, aes(x = "step", y = "value", colour = "what", linetype = "what", shape = "what", group = "group")
  ) +
    ggplot2::geom_line(data = lines[as.vector(lengths[lines$group]) > 1 & has_line, ])
  points <- lines[has_symbol & (symbols | !has_line), ]
  if (nrow(points)) plot <- plot + ggplot2::geom_point(data = points, size = 2.5)
  styles <- styles[unique(lines$what), ]
  if (!symbols) styles$pch[!is.na(styles$lty)] <- NA
  plot + gg_scales(styles)
}

gg_forecast <- function(data) {
  plot <- gg_lines(data$lines, line_styles, data$symbols)
  begin <- pmax(data$regions$begin, data$xlim[1])
  end <- pmin(data$regions$end, data$xlim[2])
  regions <- cbind(data$regions, low = -Inf, high = Inf, middle = (begin + end) / 2)
  shaded <- regions[regions$split %in% names(split_tints), ]
  if (nrow(shaded)) {
    plot <- plot + ggplot2::geom_rect(
      aes(xmin = "begin", xmax = "end", ymin = "low", ymax = "high"), shaded,
      inherit.aes = FALSE, alpha = 0.13, fill = split_tints[shaded$split]
    )
  }
  named <- regions[end - begin > 0.08 * diff(data$xlim), ]
  if (nrow(named)) {
    plot <- plot + ggplot2::geom_text(
      aes(x = "middle", y = "high", label = "name"), named,
      inherit.aes = FALSE, vjust = 1.5, size = 3.2
    )
  }
  if (is.finite(data$begin)) {
    plot <- plot + ggplot2::geom_vline(xintercept = data$begin, colour = colours[["red"]], linetype = "dashed")
  }
  plot <- plot + if (is.null(data$ticks)) {
    ggplot2::scale_x_continuous(labels = format_ticks)
  } else {
    ggplot2::scale_x_continuous(breaks = data$ticks$at, labels = data$ticks$label)
  }
  margin <- diff(data$ylim) * c(0, 0.05) # for the names of the regions
  plot + ggplot2::coord_cartesian(xlim = data$xlim, ylim = data$ylim + margin) +
    ggplot2::labs(x = data$xlab, y = data$ylab)
}

gg_multi_step <- function(data) {
  titles <- vapply(data$panels, function(panel) {
    rmse <- panel$rmse
    if (length(rmse) < 2) panel$title else sprintf("%s; RMSE %.3g, baseline %.3g", panel$title, rmse[1], rmse[2])
  }, "")
  lines <- do.call(rbind, lapply(seq_along(titles), function(i) {
    cbind(data$panels[[i]]$lines, panel = factor(titles[i], titles))
  }))
  begins <- data.frame(
    begin = vapply(data$panels, function(panel) panel$begin, 0), panel = factor(titles, titles)
  )
  gg_lines(lines, multi_step_styles) +
    ggplot2::geom_vline(aes(xintercept = "begin"), begins, colour = colours[["red"]], linetype = "dashed") +
    ggplot2::facet_wrap("panel", ncol = 1, scales = "free") +
    gg_time_scale(data$time_class) +
    ggplot2::labs(x = data$xlab, y = data$ylab)
}

# Return the horizontal scale of panels of which each shows other steps, or other times.
gg_time_scale <- function(time_class) {
  if (is.null(time_class)) {
    return(ggplot2::scale_x_continuous(labels = format_ticks))
  }
  ggplot2::scale_x_continuous(
    breaks = function(limits) time_ticks(limits, time_class)$at, labels = function(at) time_labels(at, time_class)
  )
}

gg_predicted_true <- function(data) {
  ggplot2::ggplot(data$table, aes(x = "truth", y = "prediction")) +
    ggplot2::geom_abline(slope = 1, intercept = 0) +
    ggplot2::geom_hline(yintercept = data$mean, linetype = "dashed", colour = colours[["orange"]]) +
    ggplot2::geom_point(colour = colours[["blue"]], alpha = 0.6) +
    ggplot2::coord_cartesian(xlim = data$limits, ylim = data$limits) +
    ggplot2::labs(x = data$xlab, y = data$ylab, caption = "solid: predicted = true; dashed: mean of the training set")
}

gg_confusion <- function(data) {
  names <- rownames(data$counts)
  cells <- data.frame(
    true = factor(names[row(data$counts)], rev(names)), predicted = factor(names[col(data$counts)], names),
    label = as.vector(data$text), share = as.vector(data$shares)
  )
  labels <- setNames(data$labels, names)
  plot <- ggplot2::ggplot(cells, aes(x = "predicted", y = "true", fill = "share")) +
    ggplot2::geom_tile(colour = "grey85") +
    ggplot2::scale_x_discrete(labels = labels, expand = c(0, 0)) +
    ggplot2::scale_y_discrete(labels = labels, expand = c(0, 0)) +
    ggplot2::scale_fill_gradient(low = "white", high = colours[["blue"]], limits = c(0, 1), name = "share of\nthe row") +
    ggplot2::labs(x = "predicted class", y = "true class")
  for (dark in c(FALSE, TRUE)) {
    plot <- plot + ggplot2::geom_text(
      aes(label = "label"), cells[(cells$share > 0.9) == dark, ],
      colour = if (dark) "white" else colours[["black"]]
    )
  }
  plot
}
