"""Lets ``python -m syllogym`` do what ``syllogym`` does."""

from syllogym.cli import main

main()
