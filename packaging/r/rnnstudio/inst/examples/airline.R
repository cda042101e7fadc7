# N. Shukla, "Machine Learning with TensorFlow", chapter 10, from R: the toy sequences, then the airline passengers.
#
# The chapter's class is a series predictor: an LSTM reads a sequence, and at every step the same dense layer tells a
# value. It is tried on three short sequences of numbers, then on the monthly passengers of international airlines from
# 1949 to 1960. The passengers are read from the folder that RNNSTUDIO_DATA names, or fetched once.
#
# Rscript airline.R     the pictures go to Rplots.pdf
# source("airline.R")   the pictures go to R's own window

library(rnnstudio)

# Toy: at each step the sum of the last two numbers. Ten units, Adam, 1,000 updates.
toy <- rnn_train("toy")

# The chapter printed the mean squared error every 100 updates.
print(summary(toy))

# It asked the trained network about 1, 2, 3, 4 and 4, 5, 6, 7 and expected about 1, 3, 5, 7 and 4, 9, 11, 13.
questions <- as_sequences(rbind(1:4, 4:7), steps = 4)
cat("\nAsked about 1, 2, 3, 4 and 4, 5, 6, 7 it answers:\n")
print(round(drop(predict(toy, questions)), 3))

# Airline: the first 80 % of the months to learn from; from five months each time the same five one month later. 100
# units, Adam with learning rate 0.01. It stops when the test error has not fallen for three looks in a row.
airline <- rnn_train("airline")

# The chapter printed train and test error every 100 updates. The warnings are of the chapter's own choices.
cat("\n")
print(summary(airline))

# The chapter's "hallucinations" are told on from the network's own predictions, from the end of the training part. The
# picture below shows those; here are the same from the end of the series.
cat("\nThe next 20 months, in thousands:\n")
print(round(as.numeric(rnn_forecast(airline, steps = 20))))

plot(toy, "forecast") # with the chapter's own predictions
plot(airline, "forecast") # its two pictures in one: each month from the true ones before it, and the hallucinations
