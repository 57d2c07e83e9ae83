"""Which two policies are compared, and where do the findings go? ``syllogym analyze RUN [BASE]``."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from syllogym.agents.policy import Policy
from syllogym.errors import UserError
from syllogym.scenarios.analysis.findings import Findings, Question, find
from syllogym.scenarios.analysis.pictures import draw_fit, draw_lengths, draw_metrics, draw_pass_at_k
from syllogym.scenarios.analysis.report import markdown, token_tables
from syllogym.scenarios.build import make_policies
from syllogym.scenarios.record import Row, read_record
from syllogym.scenarios.run_directory import finished_model, write_whole
from syllogym.scenarios.schema import Scenario
from syllogym.scenarios.strict_yaml import load

_ALIKE = {"environment": "environment", "context": "context", "bound": "players"}
"""What two runs must share to be compared, by the scenario's attribute: what the user calls it."""


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
            raise UserError(f"k = {k}: pass@k takes k from 1 to --samples, which is {samples}. Raise it, or lower k.")
    scenario, _ = load(str(run / "scenario.yaml"), Scenario)
    name, before = _base(run, scenario, base)
    trained = _models(scenario, model)
    if any(trained[who].tokenizer.get_vocab() != before[who].tokenizer.get_vocab() for who in trained):
        raise UserError(f"{name} has another vocabulary than {model}: their replies cannot be compared token by token.")
    record = read_record(run)
    examined = scenario.bound[scenario.roles[0]]
    steps = [_own(row, examined) for row in record.metrics if row["kind"] == "train"]
    question = Question(instances, samples, ks, no_thinking)
    with closing(scenario.engine):
        findings = find(record.title, scenario, steps, trained, (name, before), question, tell)
    _write(run / "analysis", findings, steps)
    return findings


def _write(folder: Path, findings: Findings, steps: Sequence[Row]) -> None:
    folder.mkdir(exist_ok=True)
    pictures = {
        "pass_at_k.png": draw_pass_at_k(findings.comparison),
        "metrics.png": draw_metrics(findings.title, steps),
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


def _own(row: Row, member: str) -> Row:
    """Return a step's metrics with those of a team's member under their plain names."""
    return {**row, **{key.removeprefix(f"{member}/"): value for key, value in row.items()}}


def _base(run: Path, scenario: Scenario, base: Path | None) -> tuple[str, dict[str, Policy]]:
    """Load what to compare with: another run's policies, or what this run's reinforcement learning began with."""
    if base is not None:
        model = finished_model(base)
        other, _ = load(str(base / "scenario.yaml"), Scenario)
        for key, called in _ALIKE.items():
            mine, theirs = (getattr(settings, key) for settings in (scenario, other))
            if mine != theirs:
                raise UserError(f"{base} cannot be compared with {run}: its {called} is {theirs!r}, not {mine!r}.")
        return str(base), _models(scenario, model)
    if (run / "base").is_dir():
        return str(run / "base"), _models(scenario, run / "base")
    if scenario.begins_with_saved_models:
        models = dict.fromkeys(str(member.policy.model) for member in scenario.members.values())
        return ", ".join(models), _models(scenario, None)
    raise UserError(f"{run} holds no base/ to compare with. Name the folder of a run that does: analyze {run} BASE.")


def _models(scenario: Scenario, path: Path | None) -> dict[str, Policy]:
    """Load a run's policies; they must be language models, since token statistics are what is analysed."""
    models = {}
    for name, policy in make_policies(scenario, critic=False, path=path).items():
        if not isinstance(policy, Policy):
            raise UserError(f"{name} is no language model but values of replies: it has no tokens to analyse.")
        models[name] = policy
    return models
