"""Pure functions of numbers: they know nothing of this book."""
