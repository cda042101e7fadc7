"""Data sets, one file each: settings, and a function from settings and seed to sequences in the data's units."""
