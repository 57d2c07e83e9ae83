"""Small games."""
