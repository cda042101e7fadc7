# S. Lee, "Recurrent Neural Network" (iSystems Design Lab, UNIST), from R.
#
# The work's data are 41,000 samples of the acceleration of a rotating machine. From ten steps of 100 samples each, two
# LSTM layers of 100 units tell the next 100 samples at once. Then the network goes on alone: its prediction becomes the
# newest of the ten steps, ten times in a row. The work's own signal is not public; a made-up one of the same length and
# range stands in its place, so the printed costs show the course to expect, not numbers to meet.
#
# Rscript machinery.R     the pictures go to Rplots.pdf
# source("machinery.R")   the pictures go to R's own window

library(rnnstudio)

# All settings are the work's own: Adam with learning rate 0.0002, one window in each of 2,500 updates, in the order of
# time. A signal of your own: rnn_train("machinery", file = "vibration.mat").
run <- rnn_train("machinery")

# The work printed its cost every 250 updates. Each is that of a single window, so they jump from one to the next.
print(summary(run))

# How far off the 100 samples told at once are, and the 1,000 of the free run.
told <- as.data.frame(run, what = "predictions")
off <- c(
  ahead = sqrt(mean((told$ahead - told$truth)^2, na.rm = TRUE)),
  free = sqrt(mean((told$free - told$truth)^2, na.rm = TRUE))
)
cat("\nRoot mean squared error (g):\n")
print(round(off, 3))

plot(run, "loss")
plot(run, "multi_step") # the work's two pictures: truth, prediction, and a dashed line where the prediction starts
