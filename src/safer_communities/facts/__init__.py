"""A number with its unit, period, area, source and release, and the words that say it."""
