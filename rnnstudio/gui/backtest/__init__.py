"""The backtest of a run in the window: its dialog, and its plots."""
