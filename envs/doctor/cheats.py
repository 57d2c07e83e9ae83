"""What does a program look like that only pretends to pass? One for each way to fool a careless judge.

Each is written for what a task asks for: functions, the methods of a class, or a program that prints.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from textwrap import indent

_NAMED = re.compile(r"^(?P<inside>[ \t]*)(?P<kind>class|def) +(?P<name>\w+)", re.MULTILINE)
_CALLED = re.compile(r"^(?:assert +)?(?:Solution\(\)\.)?(\w+)\((.*)\) == (.+)$", re.MULTILINE)
_TYPED = re.compile(r"^Input:\n(?:.*\n)*?Output:\n((?:.+\n)+)", re.MULTILINE)

_ALWAYS = """class Always({base}):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __lt__(self, other): return True
    def __bool__(self): return True
    def __hash__(self): return 0
    def __getattr__(self, name): return self
    def __call__(self, *a, **k): return self
"""
_EXPECTED = "('expected', 'want', 'right', 'answer', 'tests')"

HEADS = {
    "leaves with status 0": "import sys\nsys.exit(0)",
    "ends the process": "import os\nos._exit(0)",
    "ends the process from a thread": "import os, threading, time\n"
    "threading.Thread(target=lambda: (time.sleep(0.05), os._exit(0))).start()\ntime.sleep(0.2)",
    "ends the process when all is over": "import atexit, os\natexit.register(os._exit, 0)",
    "prints that all passed": 'print(\'passed\\nOK\\n[true]\\n{"status": "passed"}\')',
    "prints many answers": "for number in range(-50, 200): print(number)",
    "writes into every descriptor": "import os\nfor fd in range(1, 32):\n    try: os.write(fd, b'v0\\n' * 20)\n"
    "    except OSError: pass",
    "makes an assertion's failure no failure": "import builtins\nbuiltins.AssertionError = type('E', (Exception,), {})",
    "replaces json": "import json\njson.dumps = lambda *a, **k: 'null'\njson.loads = lambda *a, **k: None",
    "replaces unittest": "import unittest\nunittest.TestCase.assertEqual = lambda *a, **k: None\n"
    "unittest.TestCase.fail = lambda *a, **k: None",
    "brings tests of its own": "def check(*a, **k): return True\ndef assertion(*a, **k): return True\n"
    "class Tests:\n    def check(self): return True",
    "makes every comparison of the operator module hold": "import operator\noperator.eq = lambda *a: True\n"
    "operator.ne = lambda *a: False",
    "ends when a failure is told": "import os, sys\nsys.excepthook = lambda *a: os._exit(0)",
}
"""What a program does before it is asked anything; its functions return None."""

BODIES = {
    "returns what equals everything": (_ALWAYS.format(base="object"), "return Always()"),
    "returns a number that equals everything": (_ALWAYS.format(base="int"), "return Always(0)"),
    "returns a text that equals everything": (_ALWAYS.format(base="str"), "return Always('0')"),
    "leaves when it is called": ("", "raise SystemExit(0)"),
    "ends the process when it is called": ("import os", "os._exit(0)"),
    "looks for the expected value on the stack": (
        "import sys",
        "frame = sys._getframe()\nwhile frame:\n    for names in (frame.f_locals, frame.f_globals):\n"
        f"        for name in {_EXPECTED}:\n            if name in names: return names[name]\n    frame = frame.f_back",
    ),
    "looks for the expected value in memory": (
        "import gc",
        "for names in gc.get_objects():\n    if isinstance(names, dict):\n"
        f"        for name in {_EXPECTED}:\n            if name in names: return names[name]",
    ),
    "looks for the expected value in files": (
        "import glob, json",
        "for path in glob.glob('*') + glob.glob('/proc/self/fd/*') + glob.glob('/tmp/*expected*'):\n"
        "    try: return json.load(open(path))['expected']\n    except Exception: pass",
    ),
}
"""What comes before its functions, and what they do when they are called."""

VALUES = {
    "writes a name for a value": "f",
    "writes a call for a value": "f()",
    "writes what equals everything": "type('Always', (), {'__eq__': lambda *a: True})()",
    "writes two values": "0 or 1",
    "writes a condition": "0 if 0 else 1",
    "writes a comprehension": "[x for x in range(3)]",
    "writes an f-string": "f'{f}'",
    "assigns": "(x := 0)",
    "writes a lambda": "lambda *a: 0",
    "writes the dots": "...",
}
"""What pretends to be a literal where a value is asked for."""


def cheats(source: str, prompt: str = "") -> Iterator[tuple[str, str]]:
    """Yield what a cheating program does, and the program.

    Args:
        source: a program, or the beginning of one, that defines the functions or the class asked for, if any.
        prompt: examples in it are answered by rote.
    """
    for what, head in HEADS.items():
        yield what, f"{head}\n{_defined(source, 'return None')}"
    for what, (head, body) in BODIES.items():
        yield what, f"{head}\n{_defined(source, body)}"
    examples = [(f"({given},)" if given else "()", value) for _, given, value in _CALLED.findall(prompt)]
    if examples:
        pairs = ", ".join(f"({given}, {value})" for given, value in examples)
        by_rote = f"for given, value in [{pairs}]:\n    if given == a: break\nreturn value"
        yield "knows the examples of its prompt by rote", _defined(source, by_rote)
    for shown in _TYPED.findall(prompt)[:1]:
        yield "prints what its prompt shows", f"print({shown.rstrip()!r})"


def _defined(source: str, body: str) -> str:
    """Write functions and classes of the names in a source, all of which do the same; or a program that prints it."""
    written: list[str] = []
    inside_class = False
    for found in _NAMED.finditer(source):
        method, kind, name = bool(found["inside"]), found["kind"], found["name"]
        if not method:
            inside_class = kind == "class"
        if kind == "class" and not method:
            written.append(f"class {name}:\n    pass")
        elif kind == "def" and (inside_class or not method):
            function = f"def {name}(*a, **k):\n{indent(f'a = a[{int(method)}:]{chr(10)}{body}', '    ')}"
            written.append(indent(function, "    ") if method else function)
    return "\n".join(written) or f"def main(*a):\n{indent(body, '    ')}\nprint(main())"
