# Pictures of a run in base graphics.

colours <- c(input = "#4477AA", truth = "#EE6677", told = "#228833", published = "#AA3377", naive = "#CC8800")

kinds <- c("loss", "accuracy", "echo", "forecast", "confusion")

plot.rnn_run <- function(x, kind = c("loss", "accuracy", "echo", "forecast", "confusion"), ...) {
  call <- sys.call(-1)
  kind <- chosen(kind, call)
  table <- pictured(x, kind, call)
  switch(kind,
    loss = plot_course(x, "loss", ...),
    accuracy = plot_course(x, "accuracy", ...),
    echo = plot_echo(x, table, ...),
    forecast = plot_forecast(x, table, ...),
    confusion = plot_confusion(table, ...)
  )
  invisible(x)
}

chosen <- function(kind, call) {
  tryCatch(match.arg(kind, kinds), error = function(e) {
    refuse(call, "kind must be one of ", paste(kinds, collapse = ", "), "; received ", paste(kind, collapse = ", "), ".")
  })
}

# What a picture is drawn from: the course of the figures, or the newest predictions on the held-out part.
pictured <- function(run, kind, call) {
  if (kind %in% c("loss", "accuracy")) {
    if (!paste0("train_", kind) %in% names(run$history)) {
      refuse(call, "This run has no picture \"", kind, "\": it tells values, not classes.")
    }
    return(course(run, kind))
  }
  table <- predictions(run, call)
  wanted <- switch(kind,
    echo = "input",
    forecast = "one_step",
    confusion = "sequence"
  )
  fits <- wanted %in% names(table) && (kind != "confusion" || length(run$classes))
  if (!fits || !nrow(table)) {
    suits <- switch(kind,
      echo = "tells a class at every step",
      forecast = "tells the next values of a series",
      confusion = "tells the class of sequences"
    )
    refuse(call, "This run has no picture \"", kind, "\", which is of a run that ", suits, "; its task is ", run$task, ".")
  }
  table
}

# One column of the history as points by name: train, held-out parts, published.
course <- function(run, what) {
  history <- run$history
  parts <- intersect(paste0(c("train_", "valid_", "test_"), what), names(history))
  rows <- lapply(parts, function(name) {
    there <- is.finite(history[[name]])
    data.frame(update = history$update[there], value = history[[name]][there], series = sub("_.*", "", name))
  })
  printed <- run$published
  if (nrow(printed)) {
    printed <- printed[printed$metric %in% paste0(c("train_", "test_"), what), ]
    rows <- c(rows, list(data.frame(
      update = printed$update, value = printed$published, series = rep("published", nrow(printed))
    )))
  }
  do.call(rbind, rows)
}

value_label <- function(run) {
  name <- if (length(run$features) == 1) run$features else "value"
  if (nzchar(run$unit)) paste0(name, " (", run$unit, ")") else name
}

plot_course <- function(run, what, main = run$name, ...) {
  table <- course(run, what)
  if (what == "loss") table <- table[table$value > 0, ]
  label <- if (what == "accuracy") "accuracy" else if (length(run$classes)) "cross-entropy (nats)" else "mean squared error"
  limits <- if (what == "accuracy") c(0, 1) else range(table$value)
  graphics::plot(range(table$update), limits,
    type = "n", log = if (what == "loss") "y" else "", xlab = "update",
    ylab = label, main = main, las = 1, ...
  )
  shades <- c(train = colours[["input"]], valid = colours[["naive"]], test = colours[["truth"]], published = colours[["published"]])
  for (series in unique(table$series)) {
    part <- table[table$series == series, ]
    if (series == "train") {
      part <- thinned(part)
      lines(part$update, part$value, col = shades[[series]])
    } else {
      points(part$update, part$value, col = shades[[series]], pch = if (series == "published") 18 else 16)
      if (series != "published") lines(part$update, part$value, col = shades[[series]])
    }
  }
  there <- unique(table$series)
  legend(if (what == "accuracy") "bottomright" else "topright", there,
    col = shades[there], bty = "n",
    lty = ifelse(there == "published", NA, 1), pch = c(train = NA, valid = 16, test = 16, published = 18)[there]
  )
}

# At most about 4,000 points, of which each stretch keeps its lowest and highest.
thinned <- function(part, most = 2000) {
  if (nrow(part) <= 2 * most) {
    return(part)
  }
  stretch <- cut(seq_len(nrow(part)), most, labels = FALSE)
  keep <- unlist(lapply(split(seq_len(nrow(part)), stretch), function(rows) {
    sort(c(rows[which.min(part$value[rows])], rows[which.max(part$value[rows])]))
  }), use.names = FALSE)
  part[unique(keep), ]
}

# The source work's picture: the loss, and rows of the batch as bars, input 1 high, truth 0.5, prediction 0.3.
plot_echo <- function(run, table, ...) {
  old <- par(mfrow = c(2, 3), mar = c(4, 4, 2, 1))
  on.exit(par(old))
  plot_course(run, "loss", main = "loss")
  top <- max(1, length(run$classes) - 1)
  reach <- max(1, table$input)
  for (row in unique(table$row)) {
    part <- table[table$row == row, ]
    right <- sum(part$truth == part$predicted)
    graphics::plot(c(0, nrow(part)), c(0, 2), type = "n", xlab = "step", ylab = "", las = 1, xaxs = "i", yaxs = "i", ...)
    title(sprintf("row %d: %d of %d right", row, right, nrow(part)), font.main = 1)
    rect(part$step, 0, part$step + 1, part$input / reach, col = colours[["input"]], border = NA)
    rect(part$step, 0, part$step + 1, 0.5 * part$truth / top, col = colours[["truth"]], border = NA)
    rect(part$step, 0, part$step + 1, 0.3 * part$predicted / top, col = colours[["told"]], border = NA)
    wrong <- part[part$truth != part$predicted, ]
    if (nrow(wrong)) rect(wrong$step, 0, wrong$step + 1, 0.5, border = "black", lwd = 2)
    if (row == table$row[1]) {
      legend("topright", c("input", "truth", "prediction"), fill = colours[c("input", "truth", "told")], border = NA, bty = "n")
    }
  }
}

plot_forecast <- function(run, table, last = 300, main = run$name, ...) {
  shown <- table[table$step > max(table$step) - last, ]
  told <- intersect(c("truth", "one_step", "free", "naive"), names(shown))
  styles <- list(
    col = c(truth = "black", one_step = colours[["truth"]], free = colours[["told"]], naive = colours[["naive"]])[told],
    lty = c(truth = 1, one_step = 1, free = 2, naive = 3)[told]
  )
  near <- range(shown$truth, shown$one_step, shown$free, finite = TRUE)
  graphics::matplot(shown$step, shown[told],
    type = "l", col = styles$col, lty = styles$lty, ylim = near, xlab = "step",
    ylab = value_label(run), main = main, las = 1, ...
  )
  test <- shown$step[shown$part == "test"]
  if (length(test)) abline(v = min(test) - 0.5, lty = 3)
  labels <- c(truth = "truth", one_step = "one step ahead", free = "free-running", naive = "naive: last value")[told]
  legend("topleft", labels, col = styles$col, lty = styles$lty, bty = "n")
}

plot_confusion <- function(table, main = NULL, ...) {
  counts <- confusion(table)
  shares <- counts / pmax(1, rowSums(counts))
  n <- nrow(counts)
  long <- max(nchar(rownames(counts)))
  old <- par(mar = c(4 + long / 3, 4 + long / 3, 3, 1))
  on.exit(par(old))
  image(seq_len(n), seq_len(n), t(shares[n:1, , drop = FALSE]),
    zlim = c(0, 1), axes = FALSE, xlab = "", ylab = "",
    col = grDevices::colorRampPalette(c("white", colours[["input"]]))(64), ...
  )
  axis(1, seq_len(n), colnames(counts), las = 2, tick = FALSE)
  axis(2, seq_len(n), rev(rownames(counts)), las = 2, tick = FALSE)
  title(if (is.null(main)) sprintf("%s right of %s", format(sum(diag(counts)), big.mark = ","), format(sum(counts), big.mark = ",")) else main)
  graphics::mtext("told", 1, line = 2 + long / 3)
  graphics::mtext("true", 2, line = 2 + long / 3)
  for (i in seq_len(n)) {
    text(seq_len(n), n + 1 - i, counts[i, ], col = ifelse(shares[i, ] > 0.6, "white", "black"))
  }
}

confusion <- function(table) {
  classes <- levels(table$truth)
  unclass(table(factor(table$truth, classes), factor(table$predicted, classes)))
}

autoplot.rnn_run <- function(object, kind = c("loss", "accuracy", "echo", "forecast", "confusion"), ...) {
  call <- sys.call(-1)
  kind <- chosen(kind, call)
  draw_with_ggplot(object, kind, pictured(object, kind, call))
}

draw_with_ggplot <- function(run, kind, table) {
  # columns by name, without words that R's own checks would look for
  aes <- function(...) do.call(ggplot2::aes_, lapply(list(...), as.name))
  switch(kind,
    loss = ,
    accuracy = {
      made <- ggplot2::ggplot(table, aes(x = "update", y = "value", colour = "series")) +
        ggplot2::geom_line(data = table[table$series != "published", ]) +
        ggplot2::geom_point(data = table[table$series != "train", ]) +
        ggplot2::labs(x = "update", y = kind, title = run$name, colour = NULL)
      if (kind == "loss") made + ggplot2::scale_y_log10() else made
    },
    echo = {
      long <- data.frame(
        row = rep(paste("row", table$row), 3), step = rep(table$step + 0.5, 3),
        height = c(table$input / max(1, table$input), 0.5 * table$truth, 0.3 * table$predicted),
        what = factor(rep(c("input", "truth", "prediction"), each = nrow(table)), c("input", "truth", "prediction"))
      )
      ggplot2::ggplot(long, aes(x = "step", y = "height", fill = "what")) +
        ggplot2::geom_col(position = "identity", width = 1) +
        ggplot2::facet_wrap("row") +
        ggplot2::scale_fill_manual(values = unname(colours[c("input", "truth", "told")])) +
        ggplot2::labs(x = "step", y = NULL, fill = NULL, title = run$name)
    },
    forecast = {
      told <- intersect(c("truth", "one_step", "free"), names(table))
      long <- do.call(rbind, lapply(told, function(name) {
        data.frame(step = table$step, value = table[[name]], what = gsub("_", " ", name))
      }))
      ggplot2::ggplot(long[is.finite(long$value), ], aes(x = "step", y = "value", colour = "what")) +
        ggplot2::geom_line() +
        ggplot2::labs(x = "step", y = value_label(run), colour = NULL, title = run$name)
    },
    confusion = {
      counts <- confusion(table)
      cells <- data.frame(
        true = factor(rep(rownames(counts), ncol(counts)), rev(rownames(counts))),
        told = factor(rep(colnames(counts), each = nrow(counts)), colnames(counts)),
        count = as.vector(counts), share = as.vector(counts / pmax(1, rowSums(counts)))
      )
      ggplot2::ggplot(cells, aes(x = "told", y = "true", fill = "share")) +
        ggplot2::geom_tile() +
        ggplot2::geom_text(aes(label = "count")) +
        ggplot2::scale_fill_gradient(low = "white", high = colours[["input"]], limits = c(0, 1)) +
        ggplot2::labs(title = run$name)
    }
  )
}
