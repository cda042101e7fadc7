"""Runs: the thread that trains, the result, and the folders it is kept in."""
