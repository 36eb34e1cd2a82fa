"""What the tables say for one borough and edition."""
