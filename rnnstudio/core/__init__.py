"""The types that all other packages share: settings, sequence data, events, history. Pure Python and NumPy."""
