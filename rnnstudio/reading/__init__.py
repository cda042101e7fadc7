"""Files as they are found in the wild, turned into arrays: tables, signals, archives, downloads."""
