"""Worlds in which agents reason together: one solves and one checks, several debate, one sets the tasks of another."""
