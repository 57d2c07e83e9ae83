"""Strategies that search a tree of thoughts, and those who propose and judge the thoughts."""
