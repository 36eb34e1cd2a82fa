"""Releases of the Metropolitan Police Service."""
