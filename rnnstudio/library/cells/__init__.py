"""Recurrent cells, one file each: settings, and a function that builds one Keras layer."""
