"""Publications of the Department for Education."""
