# Text of files and runs on the console: control characters are shown, so that a terminal does not obey them.

control_characters <- c(1:8, 11:31, 127:159, 0x061c, 0x200e:0x200f, 0x2028:0x202e, 0x2066:0x2069)

visible <- function(text) {
  vapply(text, function(one) {
    codes <- utf8ToInt(enc2utf8(one))
    is_control <- codes %in% control_characters
    if (!any(is_control)) {
      return(one)
    }
    signs <- intToUtf8(codes, multiple = TRUE)
    signs[is_control] <- sprintf("<U+%04X>", codes[is_control])
    paste(signs, collapse = "")
  }, "", USE.NAMES = FALSE)
}

# All methods for print() use this in place of R's own.
cat <- function(..., sep = " ") {
  parts <- lapply(list(...), function(part) if (is.character(part)) visible(part) else part)
  do.call(base::cat, c(unname(parts), list(sep = sep)))
}
