"""Published works, one file each: the work's own values, and the numbers it printed."""
