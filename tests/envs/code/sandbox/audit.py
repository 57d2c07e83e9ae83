"""Do all hostile programs get their verdicts here, as whoever runs this, under the layers that are named?

    python -m tests.envs.code.sandbox.audit [--layers landlock+seccomp] [--shared FOLDER]

Exits with an error if one escapes, is paid, hangs, or brings about a fault. To try it as another user, for instance:
``setpriv --reuid 65534 --regid 65534 --clear-groups python -m tests.envs.code.sandbox.audit``.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path

from syllogym.envs.code.sandbox import Call, Limits, Sandbox
from tests.envs.code.sandbox import corpus

LIMITS = Limits(wall=4, cpu=1, memory=256 << 20)
WORKERS = 6


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--layers", default="bubblewrap+landlock+seccomp")
    parser.add_argument("--shared", type=Path, help="a folder of further programs, with tasks.json")
    asked = parser.parse_args()
    programs = corpus.programs(corpus.OWN)
    if asked.shared:
        corpus.learn_tasks(asked.shared)
        programs = corpus.programs(asked.shared)
    box = corpus.under(*asked.layers.split("+"), servers=2)
    with tempfile.TemporaryDirectory() as folder, corpus.canary(Path(folder)) as aim:
        wrong = asyncio.run(audit(box, programs, aim)) + aim.harm()
    box.close()
    sys.stdout.write("".join(f"{line}\n" for line in wrong))
    sys.stdout.write(f"{len(programs)} programs as user {os.geteuid()} under {asked.layers}: {len(wrong)} wrong\n")
    return bool(wrong)


async def audit(box: Sandbox, programs: list[corpus.Program], aim: corpus.Canary) -> list[str]:
    """Run all of them, several at a time; return what went wrong."""
    wrong: list[str] = []
    waiting = iter(programs)

    async def work() -> None:
        for program in waiting:
            began = time.monotonic()
            verdict = await box.arun(corpus.aimed(program, aim), program.asked(), limits=LIMITS)
            if not corpus.as_expected(program, verdict):
                wrong.append(f"{program.name}: {verdict.status} {verdict.fraction} {verdict.message}")
            if time.monotonic() - began > len(program.asked()) * (LIMITS.wall + LIMITS.patience) + 10:
                wrong.append(f"{program.name}: hangs")

    await asyncio.gather(*(work() for _ in range(WORKERS)))
    honest = await box.arun("def f(): return 1", [Call("f", (), 1)])
    return wrong + ([] if honest.passed else [f"an honest program afterwards: {honest}"])


if __name__ == "__main__":
    sys.exit(main())
