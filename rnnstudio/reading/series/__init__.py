"""Several series or sequences in one table: which rows are of which, their names, steps and classes."""
