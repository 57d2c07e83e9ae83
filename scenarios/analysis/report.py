"""What do the findings say? analysis.md, the tables of forking tokens, and the table on the screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from syllogym.scenarios.analysis.findings import Findings, Perplexity
from syllogym.scenarios.analysis.forking_tokens import SHARE, ForkingTokens, TokenEntropy
from syllogym.scenarios.analysis.pass_at_k import Comparison, Curve
from syllogym.scenarios.report import grid, printable

_PASS = ("k", "base", "trained", "trained - base")
_TOKENS = ("token", "mean entropy", "drawn", "after (examples)")
_SURE = 0.05
"""Newly solved instances are discovered where chance alone would bring as many more seldom than this."""


def verdict(comparison: Comparison, samples: int) -> str:
    """Say in a few sentences whether reinforcement learning discovered, amplified, or did neither."""
    new, lost = comparison.solved_trained_only, comparison.solved_base_only
    if new and comparison.chance < _SURE:
        said = "Discovers: the trained policy solves instances that the base never does."
    elif comparison.gain.low[0] > 0:
        said = "Amplifies: pass@1 rises, on instances that the base can solve too."
    else:
        said = "Neither discovers nor amplifies: pass@1 does not rise beyond chance."
    said += (
        f" Newly solved: {new}, no longer solved: {lost}, out of {comparison.instances} instances tried {samples} times"
        f" by each (chance of as many new ones if nothing had changed: {comparison.chance:.2g})."
    )
    if comparison.crossing is None:
        return f"{said} The base is above at no k."
    return f"{said} The base is first above at k = {comparison.crossing}."


def markdown(findings: Findings) -> str:
    """Write analysis.md."""
    return "\n".join(
        line for part in (_heading, _passes, _entropy, _lengths, _thinking, _metrics) for line in part(findings)
    )


def screen(findings: Findings) -> RenderableType:
    """Return what is shown in the terminal."""
    table = Table(title=f"pass@k on {findings.instances} held-out instances, with 95 % bands", title_justify="left")
    for heading in _PASS:
        table.add_column(heading, justify="right")
    for row in _pass_rows(findings.comparison):
        table.add_row(*row)
    lines = [verdict(findings.comparison, findings.samples), _fit_sentence(findings), _thinking_sentence(findings)]
    return Group(table, *(Text(line) for line in lines))


def token_tables(forking: ForkingTokens) -> str:
    """Write forking_tokens.md."""
    lines = [
        "# Forking tokens\n",
        f"{forking.tokens:,} sampled tokens of the trained policy, scored again by it; mean entropy {forking.mean:.3f}",
        f"nats. The {SHARE:.0%} with the highest lie above {forking.threshold:.3f} nats, and hold",
        f"{forking.top_share:.0%} of all entropy. Tokens drawn fewer than {forking.minimum} times are left out.\n",
    ]
    for title, rows in (("Highest entropy: where it chooses", forking.highest), ("Lowest: no choice", forking.lowest)):
        lines += [f"## {title}\n", *grid(_TOKENS, map(_token_cells, rows)), ""]
    return "\n".join(lines)


def _heading(findings: Findings) -> Iterable[str]:
    yield f"# What reinforcement learning did: {findings.title}\n"
    yield f"The run's policy against `{findings.base}`: {findings.samples} tries by each on each of"
    yield f"{findings.instances} held-out instances, sampled as in training. Numbers: [analysis.json](analysis.json)."
    if findings.lost:
        yield f"{findings.lost} tries were lost to faults of the environment."


def _passes(findings: Findings) -> Iterable[str]:
    comparison, surprise = findings.comparison, findings.perplexities
    yield "\n## Does it discover or amplify?\n"
    yield verdict(comparison, findings.samples) + "\n"
    yield from grid(_PASS, _pass_rows(comparison))
    yield "\n![pass@k of both policies](pass_at_k.png)\n"
    yield f"Solved at least once by both: {comparison.solved_both}, by the base alone: {comparison.solved_base_only},"
    yield f"by the trained policy alone: {comparison.solved_trained_only}, by neither: {comparison.solved_neither}."
    yield "What the base can but seldom does (its pass@k at the largest k less the trained pass@1):"
    yield f"{comparison.sampling_gap:+.1%}.\n"
    yield "Perplexity of replies, median and 5-95 % range:"
    yield f"trained to itself {_range(surprise.trained_to_itself)}, trained to the base"
    yield f"{_range(surprise.trained_to_base)}, base to itself {_range(surprise.base_to_itself)}."
    yield f"{surprise.inside:.0%} of the trained replies are within the range of what the base says itself."


def _entropy(findings: Findings) -> Iterable[str]:
    yield "\n## Entropy\n"
    yield _fit_sentence(findings)
    if findings.fit:
        yield "\n![accuracy over entropy, with the fit](entropy_fit.png)"
    yield "\nWhere it chooses its way and where it does not: [forking_tokens.md](forking_tokens.md)."


def _lengths(findings: Findings) -> Iterable[str]:
    yield "\n## Length\n"
    names = ("tokens in an episode", "mean", "right", "wrong", "correlation with reward")
    rows = [
        (name, *("-" if value is None else f"{value:.{digits}f}" for value, digits in (
            (found.mean, 1), (found.correct, 1), (found.wrong, 1), (found.correlation, 2)
        )))
        for name, found in findings.lengths.items()
    ]  # fmt: skip
    yield from grid(names, rows)
    yield "\n![reward by length, and lengths over training](lengths.png)"


def _thinking(findings: Findings) -> Iterable[str]:
    yield "\n## Without thinking\n"
    yield _thinking_sentence(findings)


def _metrics(findings: Findings) -> Iterable[str]:
    yield "\n## Over training\n"
    yield "![entropy, clipping, KL, engine gap, effective sample size, groups with no signal](metrics.png)\n"


def _fit_sentence(findings: Findings) -> str:
    fit = findings.fit
    if fit is None:
        return f"Entropy fit: none, since {findings.missing['fit']}."
    law = f"Entropy fit: accuracy = {fit.b:.3f} - {fit.a:.3f} exp(H), R² = {fit.r2:.3f}"
    doubt = "" if fit.holds else " The law does not hold in this run: its ceiling is no prediction."
    return f"{law}; predicted ceiling once no entropy is left: {fit.ceiling:.1%}.{doubt}"


def _thinking_sentence(findings: Findings) -> str:
    found = findings.no_thinking
    if found is None:
        return f"No thinking: not tried, since {findings.missing['no_thinking']}."
    return (
        f"No thinking (replies begun by {found.prefill!r}): pass@1 {_band(found.answering, 0)} in "
        f"{found.tokens_answering:.1f} tokens, against {_band(found.thinking, 0)} in {found.tokens_thinking:.1f}; "
        f"at equal tokens, pass@{found.budget} {_band(found.at_budget, 0)}."
    )


def _pass_rows(comparison: Comparison) -> Iterable[Sequence[str]]:
    for at, k in enumerate(comparison.ks):
        gain = comparison.gain
        change = f"{gain.mean[at]:+.1%} ({100 * gain.low[at]:+.1f} to {100 * gain.high[at]:+.1f})"
        yield str(k), _band(comparison.base, at), _band(comparison.trained, at), change


def _band(curve: Curve, at: int) -> str:
    return f"{curve.mean[at]:.1%} ({100 * curve.low[at]:.1f}-{100 * curve.high[at]:.1f})"


def _range(surprise: Perplexity) -> str:
    return f"{surprise.median:.3f} ({surprise.low:.3f}-{surprise.high:.3f})"


def _token_cells(row: TokenEntropy) -> Sequence[str]:
    contexts = ", ".join(_code(context) for context in row.contexts)
    return _code(row.token), f"{row.entropy:.3f}", str(row.count), contexts


def _code(text: str) -> str:
    """Return text as a code span in which spaces and line ends are seen and nothing can end the span."""
    shown = printable(text.replace("\n", "⏎").replace("\t", "→")).replace(" ", "␣")
    return f"`` {shown} ``" if "`" in shown else f"`{shown}`"
