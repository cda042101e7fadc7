# E. Hallström, "How to build a recurrent neural network in TensorFlow" (KDnuggets 2017), from R.
#
# The data are random bits, 0 or 1 with equal probability, generated again for each of 100 epochs. The network must repeat
# each bit three steps later, so its state must remember the last three bits. A simple RNN of four units reads five rows of
# 10,000 bits in windows of 15. The network is stateful: the state at the end of a window is the initial state of the next.
# Back-propagation is truncated to one window.
#
# Rscript echo.R        draws the plot into Rplots.pdf
# source("echo.R")      draws the plot in R's own window

library(rnnstudio)

# All settings are those of the publication: Adagrad with learning rate 0.3, 66,600 updates.
run <- rnn_train("echo")

# The publication printed its loss at some updates. The loss stays near log(2) = 0.69, that of a random guess, until it
# falls; the update of the fall depends on the seed. Each epoch starts with a spike, because the first bits of four of the
# five rows repeat bits that the reset state has not seen.
print(summary(run))

# The median loss of each epoch
history <- as.data.frame(run)
epoch <- history$update %/% 666 + 1
losses <- tapply(history$train_loss, epoch, median, na.rm = TRUE)
cat("\nMedian loss of epochs 1 to 8:\n")
print(signif(losses[1:8], 3))

# The publication redrew this plot during training: the loss, and the five rows of the newest window with input (height 1),
# truth (0.5) and prediction (0.3). The truth is the input three steps earlier.
plot(run, "echo")
