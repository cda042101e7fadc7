"""Files for other programs: tables and scripts."""
