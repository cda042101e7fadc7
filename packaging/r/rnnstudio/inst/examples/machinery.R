# S. Lee, "Recurrent Neural Network" (iSystems Design Lab, UNIST), from R.
#
# The data are 41,000 samples of the acceleration of a rotating machine. Two LSTM layers of 100 units read ten steps of 100
# samples each, and predict the next 100 samples at once. The free-running forecast then repeats this ten times: each
# prediction becomes the newest of the ten steps. The publication's signal is not public. A simulated signal of the same
# length and range replaces it, so the published costs are a rough guide only.
#
# Rscript machinery.R     draws the plots into Rplots.pdf
# source("machinery.R")   draws the plots in R's own window

library(rnnstudio)

# All settings are those of the publication: Adam with learning rate 0.0002, 2,500 updates of one window each, in the order
# of time. To use your own signal: rnn_train("machinery", file = "vibration.mat").
run <- rnn_train("machinery")

# The publication printed its cost every 250 updates. Each cost is that of a single window, so the values vary.
print(summary(run))

# The errors of the multi-step forecast of 100 samples and of the free-running forecast of 1,000 samples
table <- as.data.frame(run, what = "predictions")
rmse <- c(
  multi_step = sqrt(mean((table$multi_step - table$truth)^2, na.rm = TRUE)),
  free = sqrt(mean((table$free - table$truth)^2, na.rm = TRUE))
)
cat("\nRoot mean squared error (g):\n")
print(round(rmse, 3))

plot(run, "loss")
plot(run, "multi_step") # both plots of the publication: truth, prediction, and a dashed line where the prediction starts
