"""What Sphinx wrote, made private, small and accessible."""
