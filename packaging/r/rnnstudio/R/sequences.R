# as_sequences(): arrays [sequence, step, feature], or lists of matrices where sequences differ in length.

as_sequences <- function(x, ...) UseMethod("as_sequences")

as_sequences.default <- function(x, steps, ...) {
  call <- sys.call(-1)
  if (!(is.numeric(x) || is.logical(x)) || length(dim(x)) > 2) {
    stop_in(
      call, "x must be a numeric matrix with one sequence per row, or a numeric vector of one sequence; received ",
      class(x)[1], "."
    )
  }
  if (is.null(dim(x))) x <- matrix(x, 1)
  if (missing(steps) || length(steps) != 1 || is.na(steps) || steps < 1 || steps != round(steps)) {
    stop_in(call, "steps must be one whole number: the number of steps in each row of x.")
  }
  if (ncol(x) %% steps) {
    stop_in(call, "steps must divide the ", ncol(x), " columns of x; received ", steps, ".")
  }
  features <- ncol(x) / steps
  # Each row holds all features of step 1, then those of step 2. R's column order would transpose images.
  aperm(array(as.double(t(x)), c(features, steps, nrow(x))), c(3, 2, 1))
}

as_sequences.data.frame <- function(x, sequence, features = NULL, target = NULL, ...) {
  call <- sys.call(-1)
  if (missing(sequence)) {
    stop_in(call, "sequence must name the column that holds the sequence of each row.")
  }
  check_columns_exist(c(sequence, features, target), x, "x", call)
  if (is.null(features)) features <- setdiff(names(x), c(sequence, target))
  check_numeric(x, features, call)
  rows <- split(seq_len(nrow(x)), factor(x[[sequence]], levels = unique(x[[sequence]])))
  matrices <- lapply(rows, function(i) as.matrix(x[i, features, drop = FALSE]))
  lengths <- unname(vapply(matrices, nrow, 0L))
  first_rows <- unname(vapply(rows, function(i) i[1], 0L))
  list(
    x = if (length(unique(lengths)) == 1) {
      aperm(array(unlist(matrices), c(lengths[1], length(features), length(matrices))), c(3, 1, 2))
    } else {
      unname(matrices)
    },
    y = if (!is.null(target)) x[[target]][first_rows]
  )
}
