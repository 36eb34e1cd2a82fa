"""Figures of the boroughs' people, work, homes, health and services, one module a publication."""
