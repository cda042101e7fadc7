"""Everything that is chosen by name: data sets, cells and recipes, one module each, and what these share."""
