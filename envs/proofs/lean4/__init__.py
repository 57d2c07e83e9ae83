"""Lean 4 as a prover: a toolchain that the user has installed, or a server; nothing of Lean comes with this package."""
