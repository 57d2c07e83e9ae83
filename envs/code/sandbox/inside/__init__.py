"""What runs on the far side of the sandbox: standard library only, in a process of its own.

The fork server imports this folder by its full name, but none of the packages around it (see `BOOT` in `place`).
"""
