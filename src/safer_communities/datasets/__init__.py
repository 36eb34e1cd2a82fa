"""The tables of `data/`: what they hold, how they are loaded, checked, described and written."""
