"""Releases of the Mayor's Office for Policing and Crime."""
