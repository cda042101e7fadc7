# Runs the examples and tests of the installed R package where Python cannot be used. Fails if one of them fails.
#   RETICULATE_PYTHON=... Rscript packaging/r/without_python.R SOURCES
sources <- normalizePath(commandArgs(TRUE))
library(rnnstudio)

for (page in list.files(file.path(sources, "man"), full.names = TRUE)) {
  examples <- tempfile(fileext = ".R")
  tools::Rd2ex(page, examples)
  if (file.exists(examples)) source(examples, local = new.env(), echo = TRUE)
}

setwd(file.path(sources, "tests"))
source("testthat.R")
