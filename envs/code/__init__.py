"""Environments whose replies are programs, and the sandbox that runs them."""
