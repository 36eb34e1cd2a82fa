"""Where a borough stands among the boroughs, and a ward among the wards, by rate."""
