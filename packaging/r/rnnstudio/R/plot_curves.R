# The ROC curve and the precision-recall curve of two classes, in base graphics and in ggplot2.

curve_kinds <- c("roc", "precision_recall")

# The style of each line of these plots; the threshold that decides is a symbol.
curve_styles <- data.frame(
  row.names = c("curve", "chance", "threshold"), col = colours[c("blue", "black", "red")], lty = c("solid", "dashed", NA),
  lwd = c(2, 1, 1), pch = c(NA, NA, 16)
)

# Return whether the held-out set of a run has two classes that both occur.
has_curves <- function(run) any(c("test_roc_auc", "val_roc_auc") %in% names(run$metrics))

# Return the curve of a run, that of chance, the threshold that decides, and the texts of the plot.
curve_data <- function(run, kind, call) {
  table <- as.data.frame(run, what = "operating_points")
  points <- python_run(run, call)$record$points
  names <- c("split", "positives", "negatives", "roc_auc", "average_precision", "threshold", "decided_true", "decided_false")
  about <- setNames(lapply(names, function(name) to_r(points[[name]])), names)
  positive <- run$positive_class
  negative <- setdiff(run$classes, positive)
  recall <- about$decided_true / about$positives
  is_roc <- kind == "roc"
  if (is_roc) {
    curve <- data.frame(x = c(0, table$false_positive_rate), y = c(0, table$recall))
    mark <- data.frame(x = about$decided_false / about$negatives, y = recall)
    labels <- c(sprintf("ROC curve, AUC %.4g", about$roc_auc), "chance, AUC 0.5")
  } else {
    curve <- data.frame(x = rep(c(0, table$recall), each = 2), y = rep(c(NA, table$precision), each = 2))
    curve <- data.frame(x = curve$x[-c(1, nrow(curve))], y = curve$y[-(1:2)]) # each precision holds up to its recall
    mark <- data.frame(x = recall, y = about$decided_true / (about$decided_true + about$decided_false))
    labels <- c(sprintf("precision, average %.4g", about$average_precision), "chance: the prevalence")
  }
  prevalence <- about$positives / (about$positives + about$negatives)
  list(
    curve = curve, mark = mark, chance = data.frame(x = c(0, 1), y = if (is_roc) c(0, 1) else rep(prevalence, 2)),
    labels = c(labels, sprintf("threshold %.3g", about$threshold)),
    xlab = if (is_roc) paste0("false positive rate (share of ", negative, ")") else paste("recall of", positive),
    ylab = if (is_roc) paste0("true positive rate (recall of ", positive, ")") else paste("precision of", positive),
    main = sprintf(
      "%s, %s set: %s %s, %s %s", plot_title(run), split_names[[about$split]], format_count(about$positives), positive,
      format_count(about$negatives), negative
    )
  )
}

plot_curve <- function(data, ...) {
  empty_axes(c(0, 1), c(0, 1), list(...), main = data$main, xlab = data$xlab, ylab = data$ylab)
  for (name in c("chance", "curve")) {
    style <- curve_styles[name, ]
    graphics::lines(data[[name]]$x, data[[name]]$y, col = style$col, lty = style$lty, lwd = style$lwd)
  }
  points(data$mark$x, data$mark$y, col = curve_styles["threshold", "col"], pch = 16, cex = 1.5)
  draw_legend(data$labels, curve_styles)
}

gg_curve <- function(data) {
  names <- data$labels
  lines <- rbind(cbind(data$curve, what = names[1]), cbind(data$chance, what = names[2]))
  mark <- cbind(data$mark, what = names[3])[is.finite(data$mark$y), ]
  ggplot2::ggplot(lines, aes(x = "x", y = "y", colour = "what", linetype = "what", shape = "what")) +
    ggplot2::geom_path() +
    ggplot2::geom_point(data = mark, size = 3) +
    gg_scales(`rownames<-`(curve_styles, names)) +
    ggplot2::coord_cartesian(xlim = c(0, 1), ylim = c(0, 1)) +
    ggplot2::labs(x = data$xlab, y = data$ylab)
}
