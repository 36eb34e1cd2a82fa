"""Adding a year: which releases, which jumps, which decisions."""
