"""Building and training networks, and predicting with them: the only package that loads TensorFlow."""
