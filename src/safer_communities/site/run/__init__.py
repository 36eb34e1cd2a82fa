"""Notebooks run, and what builds made kept while it holds."""
