"""Charts and tables of an analyst's own, from any figure and any frame."""
