# Text of files and runs on the console.

test_that("control characters are shown, and other text stays as it is", {
  printed <- function(...) paste(capture.output(rnnstudio:::cat(...)), collapse = "\n")
  expect_equal(printed("a\033[31mb", 3, "\n", sep = ""), "a<U+001B>[31mb3")
  expect_equal(printed("cod\u202efdp\r\a"), "cod<U+202E>fdp<U+000D><U+0007>")
  expect_equal(printed(c("one", "two"), sep = "\n"), "one\ntwo")
  expect_equal(printed("caf\u00e9", NULL, NA, 1.5), "caf\u00e9 NA 1.5")
  expect_equal(rnnstudio:::visible(c(a = "x\ty", b = NA)), c("x\ty", NA))
})
