# A. Taspinar, "Building Recurrent Neural Networks in Tensorflow" (2018), from R.
#
# The work's data are those of UCI HAR: nine signals of a smartphone at the waist of thirty people, cut into windows of
# 128 samples (2.56 s). From such a window a simple RNN of 32 units tells which of six activities it was; the people
# tested are not those trained on. The archive is read from the folder that RNNSTUDIO_DATA names, or fetched once.
#
# Rscript har.R         the pictures go to Rplots.pdf
# source("har.R")       the pictures go to R's own window

library(rnnstudio)

# All settings are the work's own: Adam with learning rate 0.001, batches of 100, weight decay 0.001, 5,000 updates.
# Its other models are har_lstm, har_gru, har_bidirectional_lstm, har_two_layer_lstm and har_multi_layer_lstm.
run <- rnn_train("har")

# The work printed the accuracy on the test people every 500 updates.
print(summary(run))

# Which activities are told, and which are taken for each other: the share of each true activity that is told right.
told <- as.data.frame(run, what = "predictions")
right <- tapply(told$truth == told$predicted, told$truth, mean)
cat("\nRight of each activity (%):\n")
print(round(100 * right, 1))

plot(run, "accuracy") # the work's picture: accuracy on train batches and test people, with its printed numbers
plot(run, "confusion")
