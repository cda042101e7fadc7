"""The page that uses a run on new data: predictions, and their metrics where the truth is known."""
