"""Changes between years: what one is, how often its test is right, and since the strategy."""
