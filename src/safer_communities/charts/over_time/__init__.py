"""Charts of months and years."""
