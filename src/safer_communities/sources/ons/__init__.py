"""Releases of the Office for National Statistics."""
