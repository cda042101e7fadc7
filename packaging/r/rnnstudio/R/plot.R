# Pictures of a run in base graphics.

kinds <- c("loss", "accuracy", "echo", "forecast", "multi_step", "confusion")

# Okabe and Ito's colours, which colour-blind eyes can tell apart; dashes and marks say the same again.
colours <- c(
  black = "#202020", grey = "#8A8A8A", blue = "#0072B2", green = "#009E73", red = "#D55E00", orange = "#E69F00",
  purple = "#CC79A7"
)

# How each line looks: colour, dashes (NA: marks alone) and mark (NA: line alone).
looks <- data.frame(
  row.names = c(
    "train", "validation", "test", "published, train", "published, test", "naive: majority class", "input", "truth",
    "naive: last value", "naive: season ago", "one step ahead", "prediction", "free-running", "published prediction"
  ),
  col = colours[c(
    "blue", "green", "red", "purple", "purple", "orange", "grey", "black", "orange", "orange", "blue", "blue", "red",
    "purple"
  )],
  lty = c("solid", "solid", "solid", NA, NA, "dotted", "dotted", "solid", "13", "13", "solid", "42", "5212", NA),
  lwd = c(1, 1.5, 1.5, 1, 1, 1.5, 1, 1.3, 1.5, 1.5, 1.5, 1.8, 1.8, 2),
  pch = c(NA, 17, 16, 18, 5, NA, 0, 16, NA, NA, NA, 4, NA, 5)
)

# Of the two-part forecast, as in the work it comes from.
looks_ahead <- looks
looks_ahead[c("truth", "prediction"), "col"] <- colours[c("blue", "red")]

plot.rnn_run <- function(x, kind = c("loss", "accuracy", "echo", "forecast", "multi_step", "confusion"), ...) {
  call <- sys.call(-1)
  kind <- chosen(kind, call)
  shown <- pictured(x, kind, call)
  switch(kind,
    loss = ,
    accuracy = plot_course(shown, ...),
    echo = plot_echo(shown, ...),
    forecast = plot_forecast(shown, ...),
    ahead = plot_ahead(shown, ...),
    confusion = plot_confusion(shown, ...)
  )
  invisible(x)
}

chosen <- function(kind, call) {
  tryCatch(match.arg(kind, kinds), error = function(e) {
    received <- paste(kind, collapse = ", ")
    refuse(call, "kind must be one of ", paste(kinds, collapse = ", "), "; received ", received, ".")
  })
}

# Axes without data, numbers written out; what the caller gives counts before what we would choose.
blank <- function(xlim, ylim, given = list(), ...) {
  settings <- list(x = xlim, y = ylim, xlim = xlim, ylim = ylim, type = "n", las = 1, main = "", xlab = "", ylab = "")
  for (more in list(list(...), given)) settings[names(more)] <- more
  drawn <- c(is.null(settings$xaxt), is.null(settings$yaxt))
  hidden <- list(xaxt = "n", yaxt = "n", main = "")
  do.call(graphics::plot.default, replace(settings, names(hidden), hidden))
  for (side in which(drawn)) {
    at <- graphics::axTicks(side)
    each <- if (par(c("xlog", "ylog")[side])) at else list(at) # ticks of a logarithm differ in their decimals
    labels <- unlist(lapply(each, ticks, most = c(1e7, 1e6)[side]))
    look <- settings[intersect(names(settings), c("las", "cex.axis", "col.axis", "font.axis"))]
    if (side == 2 && is.null(look$cex.axis)) { # long numbers must not reach the axis title
      room <- (par("mgp")[1] - par("mgp")[2]) * par("cin")[2] * par("cex")
      look$cex.axis <- min(1, room / max(graphics::strwidth(labels, units = "inches")))
    }
    do.call(axis, c(list(side, at, labels), look))
  }
  title(settings$main, line = 2.5)
}

# What the lines and marks mean, above the axes, where it hides no data; legend() would give each the room of the
# longest.
key <- function(labels, look) {
  edge <- par("usr")
  for (cex in seq(0.9, 0.5, -0.05)) { # small in one line rather than large in two, as long as it can be read
    width <- graphics::strwidth("m", cex = cex)
    swatch <- ifelse(is.na(look$lty) & is.na(look$pch), 0, 3 * width)
    wide <- swatch + graphics::strwidth(labels, cex = cex) + width
    row <- from <- numeric(length(wide))
    for (i in seq_along(wide)[-1]) {
      from[i] <- from[i - 1] + wide[i - 1]
      row[i] <- row[i - 1]
      if (from[i] + wide[i] > 1.05 * diff(edge[1:2])) {
        from[i] <- 0
        row[i] <- row[i] + 1
      }
    }
    if (max(row) == 0 || cex < 0.72 && max(row) == 1) break
  }
  line <- par("cin")[2] * par("cex") * cex
  top <- graphics::grconvertY(1, "npc", "inches")
  x <- edge[1] + from
  y <- graphics::grconvertY(top + line * (max(row) - row + 0.75), "inches", "user")
  lined <- !is.na(look$lty)
  graphics::segments(x[lined], y[lined], (x + 2.6 * width)[lined],
    col = look$col[lined], lty = look$lty[lined], lwd = look$lwd[lined], xpd = NA
  )
  points(x + 1.3 * width, y, col = look$col, pch = look$pch, lwd = 1.5, cex = ifelse(lined, 1, 1.5), xpd = NA)
  text(x + swatch, y, labels, adj = c(0, 0.4), cex = cex, col = colours[["black"]], xpd = NA)
}

draw_lines <- function(lines, look, marked = FALSE) {
  for (name in unique(lines$what)) {
    its <- look[name, ]
    part <- lines[lines$what == name, ]
    for (piece in if (!is.na(its$lty)) split(part, part$piece)) {
      graphics::lines(piece$step, piece$value, col = its$col, lty = its$lty, lwd = its$lwd)
    }
    if (!is.na(its$pch) && (marked || is.na(its$lty))) {
      points(part$step, part$value, col = its$col, pch = its$pch, lwd = 1.5, cex = if (is.na(its$lty)) 1.5 else 1)
    }
  }
}

plot_course <- function(shown, ...) {
  table <- shown$table
  names <- unique(table$series)
  log <- shown$what == "loss"
  blank(range(table$update), if (log) range(table$value) else c(0, 1), list(...),
    log = if (log) "y" else "", xlab = "update", ylab = shown$label, main = shown$main
  )
  if (length(shown$naive)) abline(h = shown$naive, col = colours[["orange"]], lty = "dotted", lwd = 1.5)
  look <- looks[c(names, if (length(shown$naive)) "naive: majority class"), ]
  for (name in names) {
    its <- look[name, ]
    part <- table[table$series == name, ]
    if (name == "train") {
      part <- thinned(part)
      if (any(table$series != "train")) its$col <- adjustcolor(its$col, 0.6) # what is seldom lies on what is dense
    }
    if (!is.na(its$lty)) lines(part$update, part$value, col = its$col, lwd = its$lwd)
    if (!is.na(its$pch) || nrow(part) == 1) {
      mark <- if (is.na(its$pch)) 16 else its$pch
      points(part$update, part$value, col = its$col, pch = mark, cex = if (is.na(its$lty)) 1.5 else 1)
    }
  }
  key(rownames(look), look)
}

plot_echo <- function(shown, ...) {
  given <- list(...)
  panels <- length(shown$titles) + 1
  old <- par(
    mfrow = if (panels > 3) c(2, 3) else c(1, panels), mar = c(3.6, 3.2, 2.6, 0.8), mgp = c(2.2, 0.7, 0),
    omi = c(0, 0, 3.2 * par("cin")[2], 0), lab = c(4, 4, 7)
  )
  on.exit(par(old))
  blank(range(shown$loss$update), c(0, max(shown$loss$value)), xlab = "update")
  title("loss", font.main = 1, line = 0.8)
  graphics::lines(shown$loss$update, shown$loss$value, col = colours[["blue"]])
  fill <- c(input = colours[["blue"]], truth = colours[["red"]], prediction = colours[["green"]])
  main <- if (is.null(given$main)) shown$main else given$main
  given$main <- NULL
  for (name in shown$titles) {
    bars <- shown$bars[shown$bars$title == name, ]
    wrong <- shown$wrong[shown$wrong$title == name, ]
    blank(c(min(bars$step), max(bars$step) + 1), c(0, 2), given,
      xlab = shown$step_name, xaxs = "i", yaxs = "i", yaxt = "n"
    )
    axis(2, 0:2, las = 1)
    title(name, font.main = 1, line = 0.8)
    few <- nrow(bars) <= 300
    for (what in names(fill)) {
      its <- bars[bars$what == what & bars$height > 0, ]
      if (nrow(its)) {
        rect(its$step, 0, its$step + 1, its$height, col = fill[[what]], border = if (few) "white" else NA, lwd = 0.5)
      }
    }
    if (nrow(wrong)) rect(wrong$step, 0, wrong$step + 1, 0.5, border = colours[["black"]], lwd = if (few) 2 else 1)
  }
  graphics::mtext(main, outer = TRUE, line = 2.8, font = 2)
  below <- 1 - 1.7 * par("cin")[2] / par("din")[2] # the title
  legend(graphics::grconvertX(0.5, "ndc"), graphics::grconvertY(below, "ndc"), c(names(fill), "wrong"),
    fill = c(fill, NA), border = c(NA, NA, NA, colours[["black"]]), bty = "n", horiz = TRUE, xpd = NA, xjust = 0.5,
    cex = 1.3
  )
}

plot_forecast <- function(shown, ...) {
  given <- list(...)
  room <- diff(shown$ylim) * 0.04
  blank(shown$xlim, shown$ylim + room * c(0, 2), given,
    xlab = shown$xlab, ylab = shown$ylab, main = shown$main, xaxt = if (!is.null(shown$ticks)) "n"
  )
  edge <- par("usr")
  if (!is.null(shown$ticks) && is.null(given$xaxt)) axis(1, shown$ticks$at, shown$ticks$label)
  shade_parts(shown$parts, edge)
  draw_lines(shown$lines, looks, shown$marked)
  if (is.finite(shown$begin) && shown$begin > edge[1] && shown$begin < edge[2]) {
    abline(v = shown$begin, col = colours[["red"]], lty = "dashed")
  }
  graphics::box()
  told <- unique(shown$lines$what)
  look <- looks[told, ]
  if (!shown$marked) look$pch[!is.na(look$lty)] <- NA
  inside <- shown$lines$step >= edge[1] & shown$lines$step <= edge[2]
  hidden <- sum(inside & (shown$lines$value < edge[3] | shown$lines$value > edge[4]))
  if (hidden) look[nrow(look) + 1, ] <- list("black", NA, NA, NA)
  key(c(told, if (hidden) paste(count(hidden), "off scale")), look)
}

# The held-out parts of a series shaded, and the name of each part where there is room for it.
shade_parts <- function(parts, edge) {
  tints <- c(validation = adjustcolor(colours[["green"]], 0.13), test = adjustcolor(colours[["blue"]], 0.13))
  for (i in seq_len(nrow(parts))) {
    part <- parts[i, ]
    ends <- pmin(pmax(c(part$begin, part$end), edge[1]), edge[2])
    if (part$name %in% names(tints)) rect(ends[1], edge[3], ends[2], edge[4], col = tints[[part$name]], border = NA)
    if (graphics::strwidth(part$name, cex = 0.85) < diff(ends)) {
      text(mean(ends), edge[4], part$name, adj = c(0.5, 1.6), cex = 0.85, col = colours[["black"]])
    }
  }
}

plot_ahead <- function(shown, ...) {
  given <- list(...)
  look <- looks_ahead
  old <- par(mfrow = c(length(shown$parts), 1), mar = c(4, 4.1, 4, 1.5), mgp = c(2.7, 0.8, 0))
  on.exit(par(old))
  for (part in shown$parts) {
    blank(part$xlim, part$ylim, given,
      main = paste0(shown$main, ": ", part$title), ylab = shown$ylab, xlab = shown$xlab, xaxs = "i"
    )
    draw_lines(part$lines, look)
    abline(v = part$begin, col = colours[["red"]], lty = "dashed")
    told <- unique(part$lines$what)
    rmse <- part$rmse[told]
    key(ifelse(is.na(rmse), told, sprintf("%s, RMSE %.3g", told, rmse)), replace(look[told, ], "pch", NA))
  }
}

plot_confusion <- function(shown, main = shown$main, ...) {
  counts <- shown$counts
  n <- nrow(counts)
  graphics::plot.new() # the width of a text is known only once there is a page
  inches <- function(text, cex = 0.9) max(graphics::strwidth(text, units = "inches", cex = cex))
  line <- par("mai")[1] / par("mar")[1]
  labels <- shown$labels
  high <- if (any(grepl("\n", labels, fixed = TRUE))) 2 else 1
  left <- inches(labels) + 2.2 * line
  wide <- (par("fin")[1] - left - line) / n
  fits <- min(0.9, 0.85 * wide / inches(labels))
  upright <- fits > 0.65
  below <- if (upright) (2 + high) * line else inches(labels) + 2.2 * line
  tall <- (par("fin")[2] - below - 3.6 * line) / n
  old <- par(mai = c(below, left, 3.6 * line, 1 * line), new = TRUE)
  on.exit(par(old["mai"]))
  shades <- grDevices::colorRampPalette(c("white", colours[["blue"]]))(101)
  image(seq_len(n), seq_len(n), t(shown$shares[n:1, , drop = FALSE]),
    zlim = c(0, 1), axes = FALSE, xlab = "", ylab = "", col = shades, ...
  )
  abline(h = seq_len(n + 1) - 0.5, v = seq_len(n + 1) - 0.5, col = "grey85")
  graphics::box(col = "grey60")
  level <- if (upright && high == 2) sub("^([^\n]*)$", "\\1\n", labels) else labels
  axis(1, seq_len(n), level,
    las = if (upright) 1 else 2, tick = FALSE, line = if (upright) high - 1.8 else -0.4, gap.axis = -1,
    cex.axis = if (upright) fits else min(0.9, 0.95 * wide / high / line)
  )
  axis(2, n:1, labels,
    las = 2, tick = FALSE, line = -0.4, gap.axis = -1, cex.axis = min(0.9, 0.95 * tall / high / line)
  )
  title(main, line = 2.1)
  graphics::mtext("shade: share of the sequences of its row", 3, line = 0.6, cex = 0.85)
  graphics::mtext("predicted", 1, line = below / line - 1.1)
  graphics::mtext("true", 2, line = left / line - 1.2)
  cex <- min(1.1, 0.85 * wide / inches(shown$written, 1), 0.6 * tall / graphics::strheight("0", units = "inches"))
  shade <- ifelse(counts == 0, "grey70", ifelse(shown$shares > 0.9, "white", colours[["black"]]))
  if (cex >= 0.4) text(col(counts), n + 1 - row(counts), shown$written, col = shade, cex = cex)
}
