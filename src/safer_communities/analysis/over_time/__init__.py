"""Recorded crime month by month, from release to release, and in the year to come."""
