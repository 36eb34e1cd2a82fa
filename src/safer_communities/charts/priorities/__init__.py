"""Charts of what came of the priorities: a row for each indicator, and the tally of verdicts."""
