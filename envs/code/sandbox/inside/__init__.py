"""What runs on the far side of the sandbox: standard library only, in a process of its own.

The fork server imports this folder as ``inside``, without the rest of the package; hence the relative imports.
"""
