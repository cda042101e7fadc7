# N. Shukla, "Machine Learning with TensorFlow", chapter 10, from R: the toy sequences, then the airline passengers.
#
# The chapter's model is a series predictor: an LSTM reads a sequence, and a dense layer predicts a value at each step. It is
# trained on three short sequences of numbers, then on the monthly passengers of international airlines from 1949 to 1960.
# The passengers are part of the package.
#
# Rscript airline.R     draws the plots into Rplots.pdf
# source("airline.R")   draws the plots in R's own window

library(rnnstudio)

# Toy: at each step, the sum of the last two numbers. Ten units, Adam, 1,000 updates.
toy <- rnn_train("toy")

# The chapter printed the mean squared error every 100 updates.
print(summary(toy))

# It tested the trained network with 1, 2, 3, 4 and 4, 5, 6, 7 and expected about 1, 3, 5, 7 and 4, 9, 11, 13.
inputs <- as_sequences(rbind(1:4, 4:7), steps = 4)
cat("\nPredictions for 1, 2, 3, 4 and 4, 5, 6, 7:\n")
print(round(drop(predict(toy, inputs)), 3))

# Airline: the training set is the first 80 % of the months. From each five months, the network predicts the same five, one
# month later. 100 units, Adam with learning rate 0.01. Training stops after three evaluations without a lower test error.
airline <- rnn_train("airline")

# The chapter printed training and test error every 100 updates. The warnings are about the chapter's own choices.
cat("\n")
print(summary(airline))

# The chapter's "hallucinations" are a free-running forecast from the end of the training set, as in the plot below. This one
# starts at the end of the series.
cat("\nForecast of the next 20 months, in thousands:\n")
print(round(as.numeric(rnn_forecast(airline, h = 20))))

plot(toy, "forecast") # with the chapter's own predictions
plot(airline, "forecast") # both plots of the chapter in one: one-step predictions and the free-running forecast
