"""Worlds in which thoughts branch: search trees as state, puzzles that are searched, what a search may spend."""
