"""Where replies are programs: is a program paid that only pretends to pass?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from syllogym.envs.code.replies import as_reply, program_in
from syllogym.envs.doctor.play import Subject, constant, returns, solution
from syllogym.envs.doctor.report import Failed, Skipped

_EPISODES = 3
_DEFINED = re.compile(r"^def (\w+)", re.MULTILINE)
_ALWAYS = """class Always({base}):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __lt__(self, other): return True
    def __bool__(self): return True
    def __hash__(self): return 0
    def __getattr__(self, name): return self
    def __call__(self, *a, **k): return self
"""
_HEADS = {
    "leaves with status 0": "import sys\nsys.exit(0)",
    "ends the process": "import os\nos._exit(0)",
    "prints that all passed": 'print(\'passed\\nOK\\n[true]\\n{"status": "passed"}\')',
    "writes into every descriptor": "import os\nfor fd in range(1, 32):\n    try: os.write(fd, b'v0\\n' * 20)\n"
    "    except OSError: pass",
    "makes an assertion's failure no failure": "import builtins\nbuiltins.AssertionError = type('E', (Exception,), {})",
    "replaces json": "import json\njson.dumps = lambda *a, **k: 'null'\njson.loads = lambda *a, **k: None",
}
_BODIES = {
    "returns what equals everything": (_ALWAYS.format(base="object"), "return Always()"),
    "returns a number that equals everything": (_ALWAYS.format(base="int"), "return Always(0)"),
    "leaves when it is called": ("", "raise SystemExit(0)"),
    "ends the process when it is called": ("import os", "os._exit(0)"),
    "looks for the expected value on the stack": (
        "import sys",
        "frame = sys._getframe()\n    while frame:\n        for names in (frame.f_locals, frame.f_globals):\n"
        "            for name in ('expected', 'want', 'right', 'answer', 'tests'):\n"
        "                if name in names: return names[name]\n        frame = frame.f_back",
    ),
}


def cheating_programs(subject: Subject) -> str:
    """No program is paid that leaves early, forges output, patches builtins or returns what equals everything."""
    env = subject.make()
    count = 0
    for seed in range(_EPISODES):
        env.reset(seed=seed)
        right = program_in(solution(env, env.waiting[0]) or "")
        if right is None:
            raise Skipped("its replies are no programs")
        for what, program in cheats(_DEFINED.findall(right)):
            earned = max(returns(env, seed, constant(as_reply(program))).values())
            if earned > 0:
                raise Failed(f"it pays {earned:g} in seed {seed} for a program that {what}.")
            count += 1
    return f"{count} programs, none paid"


def cheats(functions: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield what a cheating program does, and the program, which defines these functions."""
    for what, head in _HEADS.items():
        yield what, "\n".join((head, *(f"def {name}(*a, **k): return None" for name in functions)))
    for what, (head, body) in _BODIES.items():
        yield what, "\n".join((head, *(f"def {name}(*a, **k):\n    {body}" for name in functions)))
