# task: add
# expect: score0
# must: source that is nested without end is no danger to the parser
def f(a, b):
    for text in ("(" * 100_000 + ")" * 100_000, "-" * 1_000_000 + "1", "[" * 199 + "]" * 199, "a." * 500_000 + "a"):
        try:
            eval(compile(text, "nested", "eval"))
        except (SyntaxError, MemoryError, RecursionError, NameError):
            pass
    return None
