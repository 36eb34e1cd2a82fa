"""What Sphinx reads: chapters with charts and tables as HTML, pages of text with their parts."""
