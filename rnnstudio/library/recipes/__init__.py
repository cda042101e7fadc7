"""Recipes, one module per publication: the settings of its experiments and the numbers it printed."""
