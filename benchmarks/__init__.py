"""How fast is it, beside others? One short file a question; `python -m benchmarks.run` prints one table."""
