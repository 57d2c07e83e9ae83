"""Metamath: databases (``.mm`` files), the kernel that checks their proofs, and proving by steps that name theorems."""
