"""What the cells of a column are: numbers and how they are written, yes/no, missing values, times or text."""
