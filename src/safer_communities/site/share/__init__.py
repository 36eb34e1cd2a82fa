"""What lets the site be found and shared: descriptions, a feed, a page for dead links."""
