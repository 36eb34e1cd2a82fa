"""The book in a browser while it is written: built again at every change, shown at once."""
