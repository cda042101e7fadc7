"""Recurrent cells, one file each: the settings of a cell, and its kernel."""
