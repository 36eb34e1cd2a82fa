"""The books of many boroughs, built by many processes, on one machine or on several."""
