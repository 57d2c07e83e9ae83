"""How do we judge real programs? Solutions of every set, and 1,640 samples of CodeGen-16B on HumanEval with pass@k.

python -m benchmarks.code_data [FOLDER]    the folder holds humaneval/, mbpp/, ...; default: $SYLLOGYM_SHARED/data
"""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from syllogym.envs.code.boxes import box
from syllogym.envs.code.dataset import read_problems
from syllogym.envs.code.examples import read_examples
from syllogym.envs.code.programming import Task
from syllogym.envs.code.sandbox import Expression, Limits, Verdict
from syllogym.scenarios.analysis.pass_at_k import pass_at_k

SETS = (
    ("humaneval", "humaneval/HumanEval.jsonl"),
    ("mbpp", "mbpp/mbpp.jsonl"),
    ("mbpp_sanitized", "mbpp/sanitized-mbpp.json"),
    ("apps", "apps_samples/apps_train_5.jsonl"),
)
SAMPLES = 20
KS = (1, 5, 10, 20)


class Sample(NamedTuple):
    """One program of a model: which problem, which of its samples, what was recorded of it, and what it is put to."""

    problem: str
    number: int
    recorded: str
    task: Task


def verdicts(tasks: Sequence[Task], seconds: float = 20.0) -> list[Verdict]:
    """Put the solution of each task to its tests."""

    async def one(task: Task) -> Verdict:
        limits = Limits(wall=seconds, cpu=seconds, output=task.room)
        tests = [*task.shown, *task.hidden]
        return (await box("auto").arun(task.whole(task.solution), tests, setup=task.setup, limits=limits)).checked()

    async def every() -> list[Verdict]:
        return await asyncio.gather(*map(one, tasks))

    return asyncio.run(every())


def samples(data: Path, problems: int | None = None) -> Iterator[Sample]:
    """Yield the recorded samples of the first so many problems."""
    file = data / "humaneval" / "HumanEval.jsonl"
    names = [json.loads(line)["task_id"] for line in file.read_text(encoding="utf-8").splitlines()]
    tasks = dict(zip(names, (task for _, task in read_problems("humaneval", str(file))), strict=True))
    packed = (data / "humaneval_codegen16b_samples" / "codegen16b.jsonl.gz").read_bytes()
    for line in gzip.decompress(packed).splitlines()[:problems]:
        row: dict[str, Any] = json.loads(line)
        for number, recorded in enumerate(row["status_first20"]):
            program = row["prompt"] + row["samples"][number]
            yield Sample(row["task_id"], number, recorded, tasks[row["task_id"]]._replace(solution=program))


def estimates(found: Sequence[Sample], passed: Sequence[bool]) -> list[float]:
    """Return pass@k, averaged over problems, for each k of `KS`."""
    correct = dict.fromkeys((sample.problem for sample in found), 0)
    for sample, right in zip(found, passed, strict=True):
        correct[sample.problem] += right
    table = pass_at_k([SAMPLES] * len(correct), list(correct.values()), KS)
    return [float(mean) for mean in table.mean(0)]


def cruxeval(data: Path) -> list[Task]:
    """Return a task for each row, which its function passes if it returns the recorded output."""
    rows = read_examples(str(data / "cruxeval" / "cruxeval.jsonl"), "test", {}, "output")
    return [Task(row.source, (Expression(f"f({row.given}) == ({row.value})", True),)) for row in rows]


def main() -> None:
    data = Path(sys.argv[1] if sys.argv[1:] else Path(os.environ["SYLLOGYM_SHARED"]) / "data")
    print(f"{'solutions of':45}{'rows':>7}{'pass':>7}{'seconds':>9}")
    sets = {file: [task for _, task in read_problems(preset, str(data / file))] for preset, file in SETS}
    for file, tasks in (*sets.items(), ("cruxeval/cruxeval.jsonl", cruxeval(data))):
        started = time.perf_counter()
        found = verdicts(tasks)
        print(f"{file:45}{len(found):7}{sum(one.passed for one in found):7}{time.perf_counter() - started:9.1f}")
    started = time.perf_counter()
    tried = list(samples(data))
    judged = verdicts([sample.task for sample in tried], seconds=4.0)
    ours, theirs = [one.passed for one in judged], [sample.recorded == "pass" for sample in tried]
    agreed = sum(map(bool.__eq__, ours, theirs))
    print(f"\nsamples of CodeGen-16B judged as recorded: {agreed} of {len(tried)}", end="")
    print(f" = {agreed / len(tried):.2%}, in {time.perf_counter() - started:.1f} s")
    for sample, verdict, right in zip(tried, judged, theirs, strict=True):
        if verdict.passed != right:
            print(f"  {sample.problem} sample {sample.number}: recorded {sample.recorded}, here {verdict.status}")
    print(f"\n{'':10}" + "".join(f"pass@{k:<7}" for k in KS))
    for name, right in (("here", ours), ("recorded", theirs)):
        print(f"{name:10}" + "".join(f"{mean:<12.4f}" for mean in estimates(tried, right)))
    box("auto").close()


if __name__ == "__main__":
    main()
