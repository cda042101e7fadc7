"""The names of the plots of a backtest, which the command line reads without NumPy."""

PLOT_KINDS = ("error_by_origin", "error_by_step")
