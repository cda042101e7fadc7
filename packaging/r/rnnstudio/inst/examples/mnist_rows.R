# "R Deep Learning Cookbook", chapter 6: recurrent neural networks on the digits of MNIST, from R.
#
# The chapter's images are reduced from 28 x 28 to 16 x 16 pixels and read as a sequence of 16 rows; the state after the
# last row tells the digit. It builds four models with 64 units: a basic RNN, a bidirectional one, three GRU layers and
# an LSTM. Each sees 100 batches of 500 images. The files are read from the folder that RNNSTUDIO_DATA names, or fetched
# once.
#
# Rscript mnist_rows.R     the pictures go to Rplots.pdf
# source("mnist_rows.R")   the pictures go to R's own window

library(rnnstudio)

# All settings are the chapter's own: Adam with learning rate 0.01.
models <- c(
  "basic RNN" = "mnist_rows",
  "bidirectional RNN" = "mnist_rows_bidirectional_rnn",
  "three GRU layers" = "mnist_rows_three_layer_gru",
  "LSTM" = "mnist_rows_lstm"
)
runs <- lapply(models, function(model) rnn_train(model))

for (run in runs) {
  print(summary(run))
  cat("\n")
}

# The chapter asked each model about the 10,000 test images at the end, but printed no number of them.
accuracy <- data.frame(
  parameters = vapply(runs, function(run) run$parameters, 0),
  seconds = round(vapply(runs, function(run) run$seconds, 0), 1),
  test_accuracy = vapply(runs, function(run) run$metrics[["test_accuracy"]], 0)
)
cat("Test accuracy of the four models:\n")
print(accuracy, digits = 4)

plot(runs[["bidirectional RNN"]], "loss") # the chapter's picture of how it converges
plot(runs[["three GRU layers"]], "confusion")
