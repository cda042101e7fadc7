# What there is by name.

rnn_recipes <- function() {
  found <- plain(asking(studio()$recipes()))
  rows_to_frame(lapply(found, function(r) r[c("name", "task", "dataset", "reached", "model_of", "title", "work")]))
}

rnn_datasets <- function() rows_to_frame(plain(asking(studio()$datasets())))

rnn_cells <- function() rows_to_frame(plain(asking(studio()$cells())))

rnn_optimizers <- function() rows_to_frame(plain(asking(studio()$optimizers())))

rnn_runs <- function() {
  found <- plain(asking(studio()$runs()))
  figures <- lapply(found, function(r) numbers(r$metrics))
  names <- unique(unlist(lapply(figures, names)))
  rows_to_frame(lapply(seq_along(found), function(i) {
    about <- found[[i]][setdiff(names(found[[i]]), c("metrics", "path"))]
    c(about, setNames(as.list(figures[[i]][names]), names), path = found[[i]]$path)
  }))
}

rnn_fetch <- function(name, verbose = interactive()) {
  module <- studio()
  invisible(plain(asking(module$fetch(name, verbose = as.integer(isTRUE(verbose))))))
}

rnn_describe <- function(kind = c("recipe", "dataset", "cell", "optimizer"), name) {
  module <- studio()
  if (missing(name)) {
    refuse(sys.call(), "name must be given, such as rnn_describe(\"cell\", \"lstm\").")
  }
  about <- plain(asking(module$describe(kind[1], name)))
  about$settings <- rows_to_frame(lapply(about$settings, function(s) {
    s$default <- shown(s$default)
    s[c("name", "default", "unit", "allowed", "description")]
  }))
  about$published <- rows_to_frame(about$published)
  structure(about, class = "rnn_description")
}

# A setting's value as one would type it.
shown <- function(value) {
  text <- vapply(unlist(value), function(v) {
    if (is.character(v)) encodeString(v, quote = "\"") else format(v, digits = 6)
  }, "")
  if (length(text) == 1) unname(text) else paste0("c(", paste(text, collapse = ", "), ")")
}

print.rnn_description <- function(x, ...) {
  cat(x$kind, " ", x$name, if (!is.null(x$title)) paste0(": ", x$title), "\n", sep = "")
  for (line in c(x$work, x$sentence, x$description, unlist(x$remarks))) cat(strwrap(line, exdent = 2), sep = "\n")
  if (nrow(x$settings)) {
    cat("\nSettings, with their defaults:\n")
    for (i in seq_len(nrow(x$settings))) {
      s <- x$settings[i, ]
      cat(strwrap(paste0(
        s$name, " = ", s$default, ": ", s$description, " Must be ", s$allowed, "."
      ), indent = 2, exdent = 6), sep = "\n")
    }
  }
  invisible(x)
}
