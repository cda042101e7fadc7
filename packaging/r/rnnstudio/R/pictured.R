# What each picture of a run shows, however it is drawn.

# The course of the figures, or the newest predictions on the held-out part.
pictured <- function(run, kind, call) {
  if (kind == "loss") {
    return(course_of(run, "loss", call))
  }
  if (kind == "accuracy" && "train_accuracy" %in% names(run$history)) {
    return(course_of(run, "accuracy", call))
  }
  python <- live(run, call)
  table <- predictions(run, call)
  there <- c("loss", if (length(run$classes)) "accuracy", Filter(function(k) suits(k, run, table), kinds[-(1:2)]))
  if (!kind %in% there) {
    of <- c(
      accuracy = "tells classes", echo = "tells a class at every step", forecast = "tells values",
      ahead = "tells several values of a series at once", confusion = "tells the class of whole sequences"
    )
    refuse(
      call, "This run has no picture \"", kind, "\", which is of a run that ", of[[kind]], "; it has ",
      paste(there, collapse = ", "), "."
    )
  }
  info <- python$info
  known <- c("step_name", "unit", "window", "frame", "rate", "period")
  about <- setNames(lapply(known, function(name) plain(info[[name]])), known)
  about$target <- c(as.character(unlist(plain(builtins()$list(info$target_names)))), "value")[1]
  switch(kind,
    echo = echo_of(run, table, about),
    forecast = if ("sequence" %in% names(table)) sequences_of(run, table, about) else series_of(run, table, about),
    ahead = ahead_of(run, table, about),
    confusion = confusion_of(run, table)
  )
}

suits <- function(kind, run, table) {
  told <- function(name) name %in% names(table) && any(is.finite(table[[name]]))
  nrow(table) > 0 && switch(kind,
    echo = "row" %in% names(table),
    forecast = !length(run$classes) && (told("one_step") || told("predicted")),
    multi_step = told("multi_step"),
    confusion = length(run$classes) > 0 && "sequence" %in% names(table)
  )
}

heading <- function(run) {
  named <- Filter(nzchar, c(run$name, run$recipe, run$dataset))
  named[1]
}

with_unit <- function(name, unit) if (nzchar(unit)) paste0(name, " (", unit, ")") else name

count <- function(n) format(n, big.mark = ",", trim = TRUE)

# Numbers along an axis, whole ones written out; a year has no comma.
ticks <- function(at, most = 1e7) {
  largest <- max(0, abs(at), na.rm = TRUE)
  plainly <- largest >= 1e-4 && largest < most
  format(at, big.mark = if (largest >= 1e4) "," else "", trim = TRUE, scientific = if (plainly) 10 else NA)
}

# A figure of the history as points by name: train, the held-out parts, what the work printed.
course_of <- function(run, what, call) {
  history <- run$history
  points <- function(update, value, name) {
    there <- is.finite(value) & (what != "loss" | value > 0) # a logarithmic axis has no place for 0
    data.frame(update = update[there], value = value[there], series = rep(name, sum(there)))
  }
  parts <- c(train = "train", validation = "val", test = "test")
  parts <- parts[paste0(parts, "_", what) %in% names(history)]
  rows <- lapply(names(parts), function(name) {
    points(history$update, history[[paste0(parts[[name]], "_", what)]], name)
  })
  printed <- lapply(c("train", "test"), function(part) {
    its <- run$published[run$published$metric %in% paste0(part, "_", what), ]
    if (nrow(its)) points(its$update, its$published, paste0("published, ", part))
  })
  table <- do.call(rbind, c(rows, printed))
  if (!any(table$series == "train")) {
    refuse(call, "This run has no picture \"", what, "\": it ended before its first update.")
  }
  naive <- run$baseline$majority_class
  naive <- naive[names(naive) %in% paste0(parts, "_accuracy")]
  list(
    table = table, what = what, main = heading(run),
    naive = if (what == "accuracy" && length(naive)) unname(naive[1]),
    label = if (what == "accuracy") what else if (length(run$classes)) "cross-entropy (nats)" else "mean squared error"
  )
}

# The source work's picture: the loss, and rows of a batch as bars, input 1 high, truth 0.5, prediction 0.3.
echo_of <- function(run, table, about) {
  rows <- unique(table$row)
  rows <- rows[seq_len(min(5, length(rows)))]
  table <- table[table$row %in% rows, ]
  share <- function(values, low, high) if (high > low) (values - low) / (high - low) else 0 * values
  of_class <- function(class) share(as.integer(class) - 1, 0, length(run$classes) - 1)
  places <- data.frame(row = table$row, step = table$step, wrong = table$truth != table$predicted)
  right <- tapply(!places$wrong, places$row, sum)
  long <- tapply(places$wrong, places$row, length)
  titles <- sprintf("row %s: %d of %d right", names(right), right, long)
  places$title <- factor(titles[match(places$row, names(right))], titles)
  bars <- rbind(
    cbind(places, what = "input", height = share(table$input, min(table$input), max(table$input))),
    cbind(places, what = "truth", height = 0.5 * of_class(table$truth)),
    cbind(places, what = "prediction", height = 0.3 * of_class(table$predicted))
  )
  bars$what <- factor(bars$what, c("input", "truth", "prediction"))
  history <- run$history
  list(
    bars = bars, wrong = places[places$wrong, ], titles = titles, step_name = about$step_name, main = heading(run),
    loss = thinned(data.frame(update = history$update, value = history$train_loss)[is.finite(history$train_loss), ])
  )
}

# One line of a picture; a new piece begins where steps were left out.
line_of <- function(step, value, what) {
  there <- is.finite(value)
  step <- step[there]
  apart <- diff(step)
  data.frame(
    step = step, value = value[there], what = rep(what, sum(there)),
    piece = cumsum(c(1, apart > min(apart, Inf)))[seq_along(step)]
  )
}

# What is worth showing: the truth, and predictions as far as the truth stays readable.
reach <- function(lines) {
  truth <- range(lines$value[lines$what == "truth"])
  span <- if (diff(truth) > 0) diff(truth) else max(1, abs(truth[1]))
  near <- lines$value[lines$value >= truth[1] - span & lines$value <= truth[2] + span]
  range(truth, near)
}

# One series: truth, each step told from the true ones before it, and a free run from its own predictions.
series_of <- function(run, table, about, most = 600) {
  told <- c(truth = "truth", naive = "naive: last value", one_step = "one step ahead", free = "free-running")
  told <- told[names(told) %in% names(table)]
  lines <- do.call(rbind, lapply(names(told), function(name) line_of(table$step, table[[name]], told[[name]])))
  begin <- if ("free" %in% names(table)) table$step[is.finite(table$free)][1] else NA
  view <- range(table$step)
  if (diff(view) > most) { # what lies around the start of the free run, else of the test part
    middle <- c(begin, table$step[table$part == "test"], view[2])
    middle <- middle[is.finite(middle)][1]
    right <- min(view[2], middle + most / 2)
    view <- c(max(view[1], right - most), right)
  }
  parts <- do.call(rbind, lapply(unique(table$part), function(name) {
    its <- range(table$step[table$part == name])
    data.frame(name = name, begin = its[1] - 0.5, end = its[2] + 0.5)
  }))
  clock <- function(step) step
  label <- about$step_name
  if (!is.null(run$tsp)) { # a series of R's own is drawn over its own time
    clock <- function(step) run$tsp[1] + step / run$tsp[3]
    label <- "time"
  }
  inside <- lines[lines$step >= view[1] & lines$step <= view[2], ]
  lines$step <- clock(lines$step)
  parts[c("begin", "end")] <- lapply(parts[c("begin", "end")], clock)
  list(
    lines = lines, xlim = clock(view), ylim = reach(inside), parts = parts, begin = clock(begin - 0.5), ticks = NULL,
    xlab = label, ylab = with_unit(about$target, about$unit), main = heading(run), marked = FALSE
  )
}

# Separate sequences of values, side by side, with what the work's own network gave where the work says so.
sequences_of <- function(run, table, about, most = 600) {
  lengths <- tapply(table$step, table$sequence, length)
  shown <- names(lengths)[cumsum(lengths) <= max(most, lengths[1])]
  total <- length(lengths)
  table <- table[table$sequence %in% shown, ]
  lengths <- lengths[shown]
  begins <- setNames(cumsum(c(0, lengths + 1))[seq_along(shown)], shown)
  of <- as.character(table$sequence)
  at <- begins[of] + table$step
  published <- published_outputs(run)
  told <- list(input = table$input, truth = table$truth, prediction = table$predicted)
  if (length(published) == nrow(table) && total == length(shown)) told$`published prediction` <- published
  lines <- do.call(rbind, lapply(names(told), function(name) {
    there <- is.finite(told[[name]])
    data.frame(step = at[there], value = told[[name]][there], what = rep(name, sum(there)), piece = of[there])
  }))
  every <- c(1, 2, 5, 10, 20, 50, 100, 200, 500)
  every <- c(every[nrow(table) <= 24 * every], 1000)[1]
  ticked <- table$step == 1 | table$step %% every == 0
  some <- if (total > length(shown)) sprintf(": the first %d of %s sequences", length(shown), count(total))
  list(
    lines = lines, xlim = range(at), ylim = reach(lines), begin = NA, marked = nrow(table) <= 100,
    parts = data.frame(name = paste("sequence", shown), begin = begins + 0.5, end = begins + lengths + 0.5),
    ticks = data.frame(at = at[ticked], label = table$step[ticked]), xlab = paste(about$step_name, "of each sequence"),
    ylab = with_unit(about$target, about$unit), main = paste0(heading(run), some)
  )
}

# What the work's trained network gave for each step of the test sequences, one after the other.
published_outputs <- function(run) {
  if (!nzchar(run$recipe)) {
    return(NULL)
  }
  # a recipe of another version may be gone
  about <- tryCatch(plain(studio()$describe("recipe", run$recipe)), error = function(e) NULL)
  unlist(about$published_outputs)
}

# Many values told at once, then told on from its own predictions, each beside truth and naive answer.
ahead_of <- function(run, table, about) {
  part <- function(column, title) {
    at <- table$step[is.finite(table[[column]])]
    window <- about$window * about$frame
    before <- if (length(at) < window) min(window, max(3 * length(at), 50)) else window %/% 2
    view <- c(max(table$step[1], at[1] - before), at[length(at)] + max(1, min(length(at), before %/% 2)))
    told <- table[[column]][match(at, table$step)]
    naive <- naive_ahead(table, at, about$period)
    true <- table$truth[match(at, table$step)]
    lines <- rbind(
      line_of(table$step, table$truth, "truth"), line_of(at, naive$values, naive$name), line_of(at, told, "prediction")
    )
    lines <- lines[lines$step >= view[1] & lines$step <= view[2], ]
    error <- function(values) sqrt(mean((values - true)^2, na.rm = TRUE))
    rmse <- setNames(c(error(told), error(naive$values)), c("prediction", naive$name))
    list(
      lines = lines, xlim = view, ylim = reach(lines), begin = at[1] - 0.5, rmse = rmse[is.finite(rmse)],
      title = sprintf(title, count(length(at)))
    )
  }
  list(
    parts = c(
      list(part("multi_step", "%s values at once")),
      if (any(is.finite(table$free))) list(part("free", "%s values in a free run"))
    ),
    xlab = if (about$rate > 0) sprintf("%s (%s in a second)", about$step_name, count(about$rate)) else about$step_name,
    ylab = with_unit(about$target, about$unit), main = heading(run)
  )
}

# The naive answer that is hardest to beat: the last value before, or those of the season before.
naive_ahead <- function(table, at, period) {
  value <- function(step) table$truth[match(step, table$step)]
  found <- list(`naive: last value` = rep(value(at[1] - 1), length(at)))
  if (period > 0) found$`naive: season ago` <- value(at[1] - period + (at - at[1]) %% period)
  missed <- vapply(found, function(values) sum((values - value(at))^2, na.rm = !anyNA(values)), 0)
  name <- c(names(which.min(missed)), names(found))[1]
  list(name = name, values = found[[name]])
}

# A row of counts per true class.
confusion_of <- function(run, table) {
  counts <- unclass(table(table$truth, table$predicted))
  names(dimnames(counts)) <- NULL
  many <- nrow(counts) > 12 # where zeros would hide the rest, and names in two lines each other
  labels <- if (many) colnames(counts) else two_lines(colnames(counts))
  list(
    counts = counts, shares = counts / pmax(1, rowSums(counts)), labels = labels,
    written = ifelse(counts == 0 & many, "", count(counts)),
    turned = length(labels) * max(nchar(unlist(strsplit(labels, "\n", fixed = TRUE)))) > 60,
    main = sprintf("%s: %s of %s right", heading(run), count(sum(diag(counts))), count(sum(counts)))
  )
}

# A class name in two lines, parted near its middle.
two_lines <- function(name) {
  vapply(name, function(n) {
    at <- gregexpr("[_ /-]", n)[[1]]
    at <- at[at > 1 & at < nchar(n)]
    if (!length(at) || nchar(n) <= 6) {
      return(n)
    }
    at <- at[which.min(abs(at - nchar(n) / 2))]
    paste0(sub("[_ ]$", "", substr(n, 1, at)), "\n", substr(n, at + 1, nchar(n)))
  }, "", USE.NAMES = FALSE)
}

# At most about 2 * `most` points, of which each stretch keeps its lowest and highest.
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
