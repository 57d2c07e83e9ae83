"""How do we judge real data, and how fast? Gold answers of every set, labelled solutions of GSM8K and MATH.

python benchmarks/math_data.py [FOLDER]    the folder holds gsm8k/, math/, ...; default: $SYLLOGYM_SHARED/data
"""

from __future__ import annotations

import gzip
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from syllogym.envs.answers import FORMS, extract
from syllogym.envs.math.dataset import judge
from syllogym.envs.math.equivalence import equivalent, workers
from syllogym.envs.math.presets import PRESETS
from syllogym.envs.math.rows import read_rows

SETS = (
    ("gsm8k", "gsm8k/train.jsonl.gz"),
    ("gsm8k", "gsm8k/test.jsonl.gz"),
    ("gsm_hard", "gsm_hard/gsm_hard.jsonl.gz"),
    ("math", "math/math_test_5000.jsonl.gz"),
    ("math_500", "math/math500.jsonl"),
    ("math_train", "math/math_train_7474_answers.json.gz"),
    ("aime", "aime_amc/aime_1983_2023.json.gz"),
    ("aime", "aime_amc/aime24.jsonl"),
    ("aime", "aime_amc/aime25_I.jsonl"),
    ("aime", "aime_amc/aime25_II.jsonl"),
    ("amc", "aime_amc/amc23.jsonl"),
    ("dapo", "aime_amc/dapo_aime2024.parquet"),
    ("minerva", "math_misc/minerva_math.jsonl"),
    ("olympiadbench", "math_misc/olympiadbench.jsonl.gz"),
    ("svamp", "math_misc/svamp.jsonl"),
    ("aqua", "math_misc/aqua.jsonl"),
    ("gaokao", "math_misc/gaokao2023en.jsonl"),
    ("cmath", "math_misc/cmath_zh.jsonl"),
    ("college_math", "math_misc/college_math.jsonl.gz"),
    ("orz", "orz_eval_format/orz_math500.json"),
    ("orz", "orz_eval_format/orz_aime2024.json"),
)
RATES = (
    ("integers", "%d,000", "1%d", 20_000),
    ("fractions", "\\frac{%d}{7}", "1.5%d", 20_000),
    ("roots", "\\sqrt{%d}+1", "1+\\sqrt{%d}", 200),
    ("polynomials", "(x+%d)^2-1", "x^2+%dx", 200),
    ("intervals", "(%d,\\infty)", "[%d,\\infty)", 200),
)
MODELS = ("6b_finetuning", "6b_verification", "175b_finetuning", "175b_verification")


def golds(data: Path) -> Iterator[tuple[str, int, list[str]]]:
    """Yield each set's file, its rows, and the gold answers that do not score."""
    for name, file in SETS:
        rows = read_rows(str(data / file), PRESETS[name], {})
        lost = []
        for row in rows:
            found = extract(FORMS["boxed"].write % (row.answer,), "boxed")
            if found is None or not judge(found, row, PRESETS[name].tolerance).equal:
                lost.append(row.answer)
        yield file, len(rows), lost


def solutions(data: Path) -> Iterator[tuple[str, bool, bool, str | None, str]]:
    """Yield model, its label, our verdict, what we found and the gold, for each labelled solution of GSM8K."""
    with gzip.open(data / "gsm8k/example_model_solutions.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            gold = extract(row["ground_truth"], "number") or ""
            for model in MODELS:
                found = extract(row[model]["solution"], "number")
                right = found is not None and equivalent(found, gold).equal
                yield model, row[model]["is_correct"], right, found, gold


def rollouts(data: Path) -> Iterator[tuple[str, bool, bool, str | None, str]]:
    """Yield the same of the model solutions of MATH that another grader (Qwen2.5-Math's) has scored."""
    with gzip.open(data / "math_rollouts_scored/math_cot_100.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            for reply, label in zip(row["code"], row["score"], strict=True):
                found = extract(reply, "boxed")
                yield "Qwen on MATH", label, found is not None and equivalent(found, row["gt"]).equal, found, row["gt"]


def rate(written: str, gold: str, count: int) -> float:
    """Return checks per second, one after the other, of answers that no cache has seen."""
    equivalent(written % 0, gold % 0)
    started = time.perf_counter()
    for n in range(1, count + 1):
        equivalent(written % n, gold % n)
    return count / (time.perf_counter() - started)


def main() -> None:
    data = Path(sys.argv[1] if sys.argv[1:] else Path(os.environ["SYLLOGYM_SHARED"]) / "data")
    print(f"{'set':45}{'rows':>7}{'score 1':>9}{'seconds':>9}")
    started = time.perf_counter()
    for file, rows, lost in golds(data):
        print(f"{file:45}{rows:7}{rows - len(lost):9}{time.perf_counter() - started:9.1f}  {' '.join(lost[:3])}")
        started = time.perf_counter()
    judged, agreed, disagreed = Counter[str](), Counter[str](), []
    for model, label, right, found, gold in (*solutions(data), *rollouts(data)):
        judged[model] += 1
        agreed[model] += label == right
        if label != right:
            disagreed.append((model, label, found, gold))
    print("\nmodel solutions judged as labelled")
    for model, count in judged.items():
        print(f"  {model:20}{agreed[model]:5} of {count}")
    for model, label, found, gold in disagreed:
        print(f"  {model}: labelled {label}, found {found!r}, gold {gold!r}")
    print("\nchecks per second, every answer new, one process asking")
    for kind, written, gold, count in RATES:
        print(f"  {kind:20}{rate(written, gold, count):9.0f}")
    workers.close()


if __name__ == "__main__":
    main()
