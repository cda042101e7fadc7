"""What the files of a run may hold: each value is checked when it is read, whoever wrote it."""
