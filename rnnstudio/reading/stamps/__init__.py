"""The times of the rows of a table: the columns that hold them, and the order of the rows."""
