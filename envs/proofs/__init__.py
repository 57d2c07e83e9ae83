"""Worlds in which something is to be proved, and provers that check it."""
