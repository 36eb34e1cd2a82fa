"""Maps drawn from shapes."""
