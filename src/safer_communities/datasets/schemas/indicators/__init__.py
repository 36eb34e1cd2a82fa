"""The tables of what stands beside recorded crime: flags, surveys, courts, other places."""
