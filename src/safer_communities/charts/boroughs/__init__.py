"""Charts of all boroughs at once: a map of squares, and a funnel."""
