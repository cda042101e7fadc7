"""Building, training and asking networks: the only home of TensorFlow."""
