"""Which two policies are compared, and where do the findings go? ``syllogym analyze RUN [BASE]``."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from syllogym.agents.policy import Policy
from syllogym.errors import UserError
from syllogym.scenarios.analysis.findings import Findings, Question, find
from syllogym.scenarios.analysis.pictures import draw_fit, draw_lengths, draw_metrics, draw_pass_at_k
from syllogym.scenarios.analysis.report import markdown, token_tables
from syllogym.scenarios.build import make_policy
from syllogym.scenarios.record import read_record
from syllogym.scenarios.run_directory import finished_model, write_whole
from syllogym.scenarios.schema import Scenario
from syllogym.scenarios.strict_yaml import load


def analyze(
    run: Path,
    base: Path | None = None,
    *,
    samples: int = 64,
    instances: int = 64,
    ks: Sequence[int] = (),
    no_thinking: str | None = None,
    tell: Callable[[str], None] = lambda _: None,
) -> Findings:
    """Compare a finished run's policy with the one it began with; write ``analysis/`` in its folder.

    Args:
        run: its folder.
        base: folder of another run of the same environment, whose trained policy is compared with instead.
        samples: replies to each instance, by each policy. instances: held-out ones, always the same.
        ks: where pass@k is estimated; powers of two when empty.
        no_thinking: how a reply without thoughts begins; the closed think block when the chat template knows one.
        tell: is told what is under way.
    """
    model = finished_model(run)
    for k in ks:
        if not 1 <= k <= samples:
            raise UserError(f"k = {k}: pass@k needs at least k replies to each instance, and --samples is {samples}.")
    scenario, _ = load(str(run / "scenario.yaml"), Scenario)
    name, before = _base(run, scenario, base)
    trained = make_policy(scenario, critic=False, path=model)
    if trained.tokenizer.get_vocab() != before.tokenizer.get_vocab():
        raise UserError(f"{name} has another vocabulary than {model}: their replies cannot be compared token by token.")
    record = read_record(run)
    steps = [row for row in record.metrics if row["kind"] == "train"]
    question = Question(instances, samples, ks, no_thinking)
    findings = find(record.title, scenario, steps, trained, (name, before), question, tell)
    folder = run / "analysis"
    folder.mkdir(exist_ok=True)
    pictures = {
        "pass_at_k.png": draw_pass_at_k(findings.comparison),
        "metrics.png": draw_metrics(record.title, steps),
        "lengths.png": draw_lengths(findings.lengths, steps),
        **({"entropy_fit.png": draw_fit(findings.fit, steps)} if findings.fit else {}),
    }
    texts = {
        "analysis.md": markdown(findings),
        "forking_tokens.md": token_tables(findings.forking),
        "analysis.json": json.dumps(findings.to_json(), indent=1, ensure_ascii=False),
    }
    for file, content in {**pictures, **{file: text.encode() for file, text in texts.items()}}.items():
        write_whole(folder / file, content)
    return findings


def _base(run: Path, scenario: Scenario, base: Path | None) -> tuple[str, Policy]:
    """Load what to compare with: another run's policy, or what this run's reinforcement learning began with."""
    if base is not None:
        model = finished_model(base)
        other, _ = load(str(base / "scenario.yaml"), Scenario)
        for key in ("environment", "context"):
            mine, theirs = (getattr(settings, key) for settings in (scenario, other))
            if mine != theirs:
                raise UserError(f"{base} cannot be compared with {run}: its {key} is {theirs!r}, not {mine!r}.")
        return str(base), make_policy(scenario, critic=False, path=model)
    if (run / "base").is_dir():
        return str(run / "base"), make_policy(scenario, critic=False, path=run / "base")
    if scenario.begins_with_a_saved_model:
        return str(scenario.policy.model), make_policy(scenario, critic=False)
    raise UserError(f"{run} holds no base/ to compare with. Name the folder of a run that does: analyze {run} BASE.")
