# "R Deep Learning Cookbook", chapter 6: recurrent neural networks on the digits of MNIST, from R.
#
# The chapter reduces the images from 28 x 28 to 16 x 16 pixels and reads each as a sequence of 16 rows. The state after the
# last row classifies the digit. It builds four models with 64 units: a simple RNN, a bidirectional RNN, three GRU layers and
# an LSTM. Each is trained on 100 batches of 500 images. The files are read from the folder that RNNSTUDIO_DATA names, or
# downloaded once.
#
# Rscript mnist_rows.R     draws the plots into Rplots.pdf
# source("mnist_rows.R")   draws the plots in R's own window

library(rnnstudio)

# All settings are those of the chapter: Adam with learning rate 0.01.
models <- c(
  "simple RNN" = "mnist_rows",
  "bidirectional RNN" = "mnist_rows_bidirectional_rnn",
  "three GRU layers" = "mnist_rows_three_layer_gru",
  "LSTM" = "mnist_rows_lstm"
)
runs <- lapply(models, function(model) rnn_train(model))

for (run in runs) {
  print(summary(run))
  cat("\n")
}

# The chapter evaluated each model on the 10,000 test images, but printed no accuracy.
accuracy <- data.frame(
  parameters = vapply(runs, function(run) run$parameters, 0),
  seconds = round(vapply(runs, function(run) run$seconds, 0), 1),
  test_accuracy = vapply(runs, function(run) run$metrics[["test_accuracy"]], 0)
)
cat("Test accuracy of the four models:\n")
print(accuracy, digits = 4)

plot(runs[["bidirectional RNN"]], "loss") # the chapter's plot of the convergence
plot(runs[["three GRU layers"]], "confusion")
