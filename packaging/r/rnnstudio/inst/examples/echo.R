# E. Hallström, "How to build a recurrent neural network in TensorFlow" (KDnuggets 2017), from R.
#
# The work's data are random bits, 0 or 1 with equal chance, made anew for each of 100 epochs. The network must repeat
# each bit three steps late, which it can do only if its state remembers the last three. A simple RNN of four units
# reads five rows of 10,000 bits, 15 at a time; the state at the end of a window is the state at the start of the next,
# and truncated back-propagation never looks further back than a window.
#
# Rscript echo.R        the picture goes to Rplots.pdf
# source("echo.R")      the picture goes to R's own window

library(rnnstudio)

# All settings are the work's own: Adagrad with learning rate 0.3, 66,600 updates.
run <- rnn_train("echo")

# The work printed its loss at some updates: near log(2) = 0.69, as of a guess, until it breaks. When that happens
# differs from seed to seed. Each epoch starts with a spike, because the first bits of four of the five rows echo bits
# that the fresh state has not seen.
print(summary(run))

# How the loss fell: the median of each epoch.
history <- as.data.frame(run)
epoch <- history$update %/% 666 + 1
losses <- tapply(history$train_loss, epoch, median, na.rm = TRUE)
cat("\nMedian loss of epochs 1 to 8:\n")
print(signif(losses[1:8], 3))

# The work redrew this picture while it trained: the loss, and the five rows of the newest window, input 1 high, truth
# 0.5, prediction 0.3. A bar of truth stands three steps to the right of the input it repeats.
plot(run, "echo")
