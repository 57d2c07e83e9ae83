"""Choosing what a solver is shown."""
