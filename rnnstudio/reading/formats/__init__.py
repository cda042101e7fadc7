"""Files other than text tables: one format, or one part of it, in each module."""
