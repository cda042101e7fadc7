"""What every other part speaks: settings, sequence data, events, history. Pure Python and NumPy."""
