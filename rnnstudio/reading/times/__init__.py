"""Dates and clock times: how they are written and counted, and what the stamps of a series say."""
