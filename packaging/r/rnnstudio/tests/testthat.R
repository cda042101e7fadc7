library(testthat)
library(rnnstudio)

test_check("rnnstudio")
