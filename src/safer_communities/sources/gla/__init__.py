"""Releases of the Greater London Authority."""
