"""Readers of data files: tables, signals, labelled sequences, archives and downloads."""
