# A. Taspinar, "Building Recurrent Neural Networks in Tensorflow" (2018), from R.
#
# The data set is UCI HAR: nine signals of a smartphone at the waist of thirty people, in windows of 128 samples (2.56 s). A
# simple RNN of 32 units classifies each window as one of six activities. The test set has other people than the training
# set. The archive is read from the folder that RNNSTUDIO_DATA names, or downloaded once.
#
# Rscript har.R         draws the plots into Rplots.pdf
# source("har.R")       draws the plots in R's own window

library(rnnstudio)

# All settings are those of the publication: Adam with learning rate 0.001, batches of 100, weight decay 0.001, 5,000
# updates. Its other models are har_lstm, har_gru, har_bidirectional_lstm, har_two_layer_lstm and har_multi_layer_lstm.
run <- rnn_train("har")

# The publication printed the test accuracy every 500 updates.
print(summary(run))

# The accuracy of each activity
table <- as.data.frame(run, what = "predictions")
accuracy <- tapply(table$truth == table$predicted, table$truth, mean)
cat("\nAccuracy of each activity (%):\n")
print(round(100 * accuracy, 1))

plot(run, "accuracy") # accuracy on training batches and test set, with the published values
plot(run, "confusion")
