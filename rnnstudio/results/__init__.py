"""Saved runs: their contents, their files, the list of runs, and the thread that trains."""
