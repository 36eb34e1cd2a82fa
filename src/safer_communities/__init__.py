"""The Safer Communities book: a borough's crime figures, rebuilt from source and checked."""
