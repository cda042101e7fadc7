# Sequences in the shape the network reads: an array [sequence, step, feature], or a list of matrices of unequal length.

as_sequences <- function(x, ...) UseMethod("as_sequences")

as_sequences.default <- function(x, steps, ...) {
  call <- sys.call(-1)
  if (!(is.numeric(x) || is.logical(x)) || length(dim(x)) > 2) {
    refuse(call, "x must be a matrix with a sequence in each row, or a vector that is one; received ", class(x)[1], ".")
  }
  if (is.null(dim(x))) x <- matrix(x, 1)
  if (missing(steps) || length(steps) != 1 || is.na(steps) || steps < 1 || steps != round(steps)) {
    refuse(call, "steps must be one whole number: how many steps each row of x holds.")
  }
  if (ncol(x) %% steps) {
    refuse(call, "steps must divide the ", ncol(x), " columns of x; received ", steps, ".")
  }
  features <- ncol(x) / steps
  # a row holds step after step, each with its features; R's own order would turn images over
  aperm(array(as.double(t(x)), c(features, steps, nrow(x))), c(3, 2, 1))
}

as_sequences.data.frame <- function(x, sequence, features = NULL, target = NULL, ...) {
  call <- sys.call(-1)
  if (missing(sequence)) {
    refuse(call, "sequence must name the column that says which sequence a row belongs to.")
  }
  refuse_unknown(c(sequence, features, target), x, "x", call)
  if (is.null(features)) features <- setdiff(names(x), c(sequence, target))
  refuse_odd(x, features, call)
  places <- split(seq_len(nrow(x)), factor(x[[sequence]], levels = unique(x[[sequence]])))
  parts <- lapply(places, function(rows) as.matrix(x[rows, features, drop = FALSE]))
  lengths <- unname(vapply(parts, nrow, 0L))
  first <- unname(vapply(places, function(rows) rows[1], 0L))
  equal <- length(unique(lengths)) == 1
  found <- if (equal) array(unlist(parts), c(lengths[1], length(features), length(parts)))
  list(
    x = if (equal) aperm(found, c(3, 1, 2)) else unname(parts),
    y = if (!is.null(target)) x[[target]][first]
  )
}
