# Long-term forecasts on ETTh2 (Zhou et al. 2021), beside published results, from R.
#
# The data set has six loads and the oil temperature of an electricity transformer, every hour. One network reads the last 30
# days of each of the seven series and predicts its next 96 hours. The file is read from the folder that RNNSTUDIO_DATA names,
# or downloaded once (CC BY-ND 4.0).
#
# Rscript etth2.R       draws the plots into Rplots.pdf
# source("etth2.R")     draws the plots in R's own window

library(rnnstudio)

# The first 12, 4 and 4 months of 30 days are training, validation and test set, as in the publications, which also have
# forecasts of 192, 336 and 720 hours: rnn_train("etth2", horizon = 336).
run <- rnn_train("etth2")

# Errors are in standard deviations of the training set, those of SegRNN, DLinear, Informer and others beside them.
print(summary(run))

plot(run, "by_step") # the error at each hour ahead, with the baselines
