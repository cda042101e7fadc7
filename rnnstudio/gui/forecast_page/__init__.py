"""The page of a run's forecast: steps, newer data, what is known ahead, the chart and the table."""
