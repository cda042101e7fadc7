"""The page of the data before a training: what was read, its splits, and what one window covers."""
