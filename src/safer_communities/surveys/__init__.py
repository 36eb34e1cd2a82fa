"""Survey percentages and responses: shifts, findings, small cells withheld."""
