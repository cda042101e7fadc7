"""The import page: a file with the way it is read, its rows, and the use of each column."""
