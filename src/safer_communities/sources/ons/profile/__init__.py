"""Figures of the boroughs from the Office for National Statistics, one module a publication."""
