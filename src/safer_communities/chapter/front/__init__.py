"""What a book begins with: who publishes it and when, and the findings of its first page."""
