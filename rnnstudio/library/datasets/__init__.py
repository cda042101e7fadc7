"""Data sets, one module each: settings, and a function from settings and seed to sequences in original units."""
