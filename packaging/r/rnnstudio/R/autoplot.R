# Pictures of a run in ggplot2.

autoplot.rnn_run <- function(object, kind = c("loss", "accuracy", "echo", "forecast", "multi_step", "confusion"), ...) {
  call <- sys.call(-1)
  kind <- chosen(kind, call)
  if (!requireNamespace("ggplot2", quietly = TRUE)) {
    refuse(call, "autoplot() needs the package ggplot2. Install it with install.packages(\"ggplot2\"), or use plot().")
  }
  shown <- pictured(object, kind, call)
  made <- switch(kind,
    loss = ,
    accuracy = gg_course(shown),
    echo = gg_echo(shown),
    forecast = gg_forecast(shown),
    ahead = gg_ahead(shown),
    confusion = gg_confusion(shown)
  )
  made + ggplot2::labs(title = shown$main) + gg_theme(if (kind == "confusion") "right" else "top", shown$turned)
}

gg_theme <- function(legend, turned) {
  text <- ggplot2::element_text()
  if (isTRUE(turned)) text <- ggplot2::element_text(angle = 90, hjust = 1, vjust = 0.5)
  ggplot2::theme_bw() + ggplot2::theme(
    legend.position = legend, panel.grid.minor = ggplot2::element_blank(), plot.margin = ggplot2::margin(5, 14, 5, 5),
    axis.text.x = text
  )
}

# Columns by name, without words that R's own checks would look for.
aes <- function(...) do.call(ggplot2::aes, lapply(list(...), as.name))

# One scale of a kind ("colour", "linetype", "shape") that knows the looks by name.
gg_scale <- function(kind, values, names) {
  make <- getExportedValue("ggplot2", paste0("scale_", kind, "_manual"))
  guide <- ggplot2::guide_legend(nrow = ceiling(length(names) / 4))
  make(values = setNames(values, names), breaks = names, limits = names, name = NULL, guide = guide)
}

gg_scales <- function(look) {
  dashes <- ifelse(is.na(look$lty), "blank", look$lty)
  names <- rownames(look)
  list(
    gg_scale("colour", look$col, names), gg_scale("linetype", dashes, names), gg_scale("shape", look$pch, names)
  )
}

gg_course <- function(shown) {
  table <- shown$table
  names <- unique(table$series)
  look <- looks[c(names, if (length(shown$naive)) "naive: majority class"), ]
  told <- table[!is.na(looks[table$series, "lty"]), ]
  told <- rbind(thinned(told[told$series == "train", ]), told[told$series != "train", ])
  told$series <- factor(told$series, names) # what is seldom lies on what is dense
  made <- ggplot2::ggplot(
    told, aes(x = "update", y = "value", colour = "series", linetype = "series", shape = "series")
  ) +
    ggplot2::geom_line(data = told[told$series %in% names(which(table(told$series) > 1)), ]) +
    ggplot2::geom_point(data = table[table$series %in% c("validation", "test"), ], size = 2) +
    ggplot2::geom_point(data = table[is.na(looks[table$series, "lty"]), ], size = 3) +
    gg_scales(look) +
    ggplot2::scale_x_continuous(labels = ticks) +
    ggplot2::labs(x = "update", y = shown$label)
  if (length(shown$naive)) {
    level <- data.frame(value = shown$naive, series = "naive: majority class")
    made <- made + ggplot2::geom_hline(aes(yintercept = "value", colour = "series", linetype = "series"), level)
  }
  if (shown$what == "loss") made + ggplot2::scale_y_log10() else made + ggplot2::coord_cartesian(ylim = c(0, 1))
}

gg_echo <- function(shown) {
  panels <- c("loss by update", shown$titles)
  panel <- function(names) factor(names, panels)
  bars <- shown$bars
  bars$panel <- panel(as.character(bars$title))
  bars$middle <- bars$step + 0.5
  wrong <- shown$wrong
  wrong$panel <- panel(as.character(wrong$title))
  wrong <- cbind(wrong, right = wrong$step + 1, low = rep(0, nrow(wrong)), high = rep(0.5, nrow(wrong)))
  course <- cbind(shown$loss, panel = panel("loss by update"))
  ends <- data.frame(panel = panel(panels), middle = 0, height = c(0, rep(2, length(shown$titles))))
  made <- ggplot2::ggplot(bars, aes(x = "middle", y = "height")) +
    ggplot2::geom_col(aes(fill = "what"), position = "identity", width = 1, colour = "white") +
    ggplot2::geom_blank(data = ends) +
    ggplot2::geom_line(aes(x = "update", y = "value"), course, colour = colours[["blue"]]) +
    ggplot2::facet_wrap("panel", scales = "free") +
    gg_scale("fill", unname(colours[c("blue", "red", "green")]), levels(bars$what)) +
    ggplot2::labs(x = shown$step_name, y = NULL, caption = "outlined: predicted wrong")
  if (!nrow(wrong)) {
    return(made)
  }
  made + ggplot2::geom_rect(
    aes(xmin = "step", xmax = "right", ymin = "low", ymax = "high"), wrong,
    inherit.aes = FALSE, fill = NA, colour = colours[["black"]]
  )
}

gg_lines <- function(lines, look, marked = FALSE) {
  lines$group <- paste(lines$what, lines$piece)
  long <- lines$group %in% names(which(table(lines$group) > 1))
  made <- ggplot2::ggplot(
    lines, aes(x = "step", y = "value", colour = "what", linetype = "what", shape = "what", group = "group")
  ) +
    ggplot2::geom_line(data = lines[long & !is.na(look[lines$what, "lty"]), ])
  dots <- lines[!is.na(look[lines$what, "pch"]) & (marked | is.na(look[lines$what, "lty"])), ]
  if (nrow(dots)) made <- made + ggplot2::geom_point(data = dots, size = 2.5)
  look <- look[unique(lines$what), ]
  if (!marked) look$pch[!is.na(look$lty)] <- NA
  made + gg_scales(look)
}

gg_forecast <- function(shown) {
  made <- gg_lines(shown$lines, looks, shown$marked)
  ends <- cbind(pmax(shown$parts$begin, shown$xlim[1]), pmin(shown$parts$end, shown$xlim[2]))
  parts <- cbind(shown$parts, low = -Inf, high = Inf, middle = rowMeans(ends))
  shaded <- parts[parts$name %in% c("validation", "test"), ]
  if (nrow(shaded)) {
    made <- made + ggplot2::geom_rect(
      aes(xmin = "begin", xmax = "end", ymin = "low", ymax = "high"), shaded,
      inherit.aes = FALSE, alpha = 0.13, fill = ifelse(shaded$name == "test", colours[["blue"]], colours[["green"]])
    )
  }
  named <- parts[ends[, 2] - ends[, 1] > 0.08 * diff(shown$xlim), ]
  if (nrow(named)) {
    made <- made + ggplot2::geom_text(
      aes(x = "middle", y = "high", label = "name"), named,
      inherit.aes = FALSE, vjust = 1.5, size = 3.2
    )
  }
  if (is.finite(shown$begin)) {
    made <- made + ggplot2::geom_vline(xintercept = shown$begin, colour = colours[["red"]], linetype = "dashed")
  }
  made <- made + if (is.null(shown$ticks)) {
    ggplot2::scale_x_continuous(labels = ticks)
  } else {
    ggplot2::scale_x_continuous(breaks = shown$ticks$at, labels = shown$ticks$label)
  }
  room <- diff(shown$ylim) * c(0, 0.05) # for the names of the parts
  made + ggplot2::coord_cartesian(xlim = shown$xlim, ylim = shown$ylim + room) +
    ggplot2::labs(x = shown$xlab, y = shown$ylab)
}

gg_ahead <- function(shown) {
  titles <- vapply(shown$parts, function(part) {
    rmse <- part$rmse
    if (length(rmse) < 2) part$title else sprintf("%s; RMSE %.3g, naive %.3g", part$title, rmse[1], rmse[2])
  }, "")
  rows <- lapply(seq_along(titles), function(i) cbind(shown$parts[[i]]$lines, panel = factor(titles[i], titles)))
  lines <- do.call(rbind, rows)
  begins <- data.frame(begin = vapply(shown$parts, function(part) part$begin, 0), panel = factor(titles, titles))
  gg_lines(lines, looks_ahead) +
    ggplot2::geom_vline(aes(xintercept = "begin"), begins, colour = colours[["red"]], linetype = "dashed") +
    ggplot2::facet_wrap("panel", ncol = 1, scales = "free") +
    ggplot2::scale_x_continuous(labels = ticks) +
    ggplot2::labs(x = shown$xlab, y = shown$ylab)
}

gg_confusion <- function(shown) {
  names <- rownames(shown$counts)
  cells <- data.frame(
    true = factor(names[row(shown$counts)], rev(names)), predicted = factor(names[col(shown$counts)], names),
    label = as.vector(shown$written), share = as.vector(shown$shares)
  )
  labels <- setNames(shown$labels, names)
  made <- ggplot2::ggplot(cells, aes(x = "predicted", y = "true", fill = "share")) +
    ggplot2::geom_tile(colour = "grey85") +
    ggplot2::scale_x_discrete(labels = labels, expand = c(0, 0)) +
    ggplot2::scale_y_discrete(labels = labels, expand = c(0, 0)) +
    ggplot2::scale_fill_gradient(low = "white", high = colours[["blue"]], limits = c(0, 1), name = "share of\nits row")
  for (dark in c(FALSE, TRUE)) {
    made <- made + ggplot2::geom_text(
      aes(label = "label"), cells[(cells$share > 0.9) == dark, ],
      colour = if (dark) "white" else colours[["black"]]
    )
  }
  made
}
