"""What came of the strategy's priorities: each indicator followed, and its verdict."""
