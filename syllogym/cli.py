"""What can a user ask for in the terminal? list, train, evaluate, analyze, replay, play, check.

The commands are thin: each imports what it needs when it runs, so that ``syllogym --help`` is quick. A mistake of the
user's is one sentence on the error stream and exit status 2; a failure of what was asked for is exit status 1.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from syllogym.errors import UserError

if TYPE_CHECKING:
    from rich.console import Console, RenderableType


class _SpeaksPlainly(TyperGroup):
    """A group of commands that answers a user's mistake with one sentence instead of a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except UserError as error:
            _console(stderr=True).print(str(error), style="red", soft_wrap=True, markup=False, highlight=False)
            raise typer.Exit(error.exit_status) from error


app = typer.Typer(
    cls=_SpeaksPlainly,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="A gym where teams of language agents learn to reason.",
)

Setting = Annotated[
    list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Set one setting; may be given several times.")
]
Environment = Annotated[str, typer.Argument(metavar="ENVIRONMENT", help="Name of an environment.")]


def main() -> None:
    """Run the command line (the entry point of the installed ``syllogym``)."""
    app(prog_name="syllogym")


def _print_version(wanted: bool) -> None:
    if wanted:
        from syllogym import __version__

        typer.echo(f"syllogym {__version__}")
        raise typer.Exit


@app.callback()
def syllogym(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """A gym where teams of language agents learn to reason."""


@app.command("list")
def list_things(
    what: Annotated[
        str | None,
        typer.Argument(metavar="[WHAT]", help="envs, agents, strategies, algorithms, scenarios, or one name."),
    ] = None,
) -> None:
    """Show what there is, or everything about one thing."""
    from syllogym.inventory import ROOMS, show_rooms, show_thing

    if what is None or what in ROOMS:
        _console().print(show_rooms([what] if what else ROOMS))
    else:
        _console().print(show_thing(what))


@app.command()
def train(
    scenario: Annotated[str | None, typer.Argument(metavar="[SCENARIO]", help="Name or YAML file.")] = None,
    settings: Setting = None,
    run_dir: Annotated[Path | None, typer.Option("--run-dir", help="Folder of the run's files.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on from the newest checkpoint in --run-dir.")] = False,
) -> None:
    """Train agents as a scenario says."""
    from syllogym.scenarios.report import console_summary
    from syllogym.scenarios.train import train as run

    _console().print(console_summary(run(scenario, settings or (), run_dir, resume)))


@app.command()
def evaluate(
    target: Annotated[str, typer.Argument(metavar="TARGET", help="A run's folder, or a scenario's name or YAML file.")],
    settings: Setting = None,
    agent: Annotated[
        str | None, typer.Option(help="An agent in the policy's place: oracle, '{name: majority, n: 8}'.")
    ] = None,
    episodes: Annotated[int | None, typer.Option(min=1, help="How many held-out instances.")] = None,
    run_dir: Annotated[
        Path | None, typer.Option("--run-dir", help="Of searches: folder of files, to go on in.")
    ] = None,
    trees: Annotated[bool, typer.Option("--trees", help="Of searches: keep every tree, also as a page.")] = False,
) -> None:
    """Measure a policy, an agent, or strategies of search (evaluate.search) on instances that training never draws."""
    from syllogym.scenarios.evaluate import evaluate as measure
    from syllogym.scenarios.evaluate import read_target
    from syllogym.scenarios.report import evaluation_table, sample_episodes

    if read_target(target, settings or ())[0].evaluate.search is not None:
        player = [] if agent is None else [f"evaluate.search.player={agent}"]
        _search(target, [*(settings or ()), *player], episodes, run_dir, trees)
        return
    if run_dir is not None or trees:
        raise UserError("--run-dir and --trees are for searches: the scenario has no evaluate.search.")
    result, played = measure(target, settings or (), agent=agent, episodes=episodes)
    console = _console()
    console.print(evaluation_table([result]))
    if "faults" in result:
        console.print(f"Lost to faults: {result['faults']} episodes; most often, {result['fault']}.", markup=False)
    console.print(sample_episodes(played[:3]))


def _search(target: str, settings: list[str], episodes: int | None, run_dir: Path | None, trees: bool) -> None:
    from syllogym.scenarios.search.evaluate import evaluate_search
    from syllogym.scenarios.search.report import screen

    findings, folder = evaluate_search(target, settings, episodes=episodes, run_dir=run_dir, trees=trees)
    console = _console()
    console.print(screen(findings))
    console.print(f"Report: {folder / 'search.md'}", markup=False, highlight=False, soft_wrap=True)


@app.command()
def analyze(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a finished run.")],
    base: Annotated[
        Path | None, typer.Argument(metavar="[BASE]", help="Folder of a run to compare with; the run's own beginning.")
    ] = None,
    samples: Annotated[int, typer.Option(min=1, help="Replies to each instance, by each policy.")] = 64,
    instances: Annotated[int, typer.Option(min=1, help="How many held-out instances.")] = 64,
    k: Annotated[
        list[int] | None, typer.Option("--k", help="Where pass@k is estimated; may be given several times.")
    ] = None,
    no_thinking: Annotated[
        str | None, typer.Option(metavar="TEXT", help="How a reply without thoughts begins, for the comparison.")
    ] = None,
) -> None:
    """See what reinforcement learning did: pass@k, entropy, forking tokens, lengths. Writes RUN/analysis/."""
    from syllogym.scenarios.analysis.analyze import analyze as examine
    from syllogym.scenarios.analysis.report import screen

    console = _console()
    with console.status("") as status:
        findings = examine(
            run, base, samples=samples, instances=instances, ks=k or (), no_thinking=no_thinking, tell=status.update
        )
    console.print(screen(findings))
    console.print(f"Analysis: {run / 'analysis' / 'analysis.md'}", markup=False, highlight=False, soft_wrap=True)


@app.command()
def replay(
    recorded: Annotated[Path, typer.Argument(metavar="FILE", help="episodes.jsonl, also as .gz, or a run's folder.")],
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first so many episodes.")] = None,
) -> None:
    """Run environments again on recorded replies and report what differs. Exit status 1 when anything does."""
    from syllogym.scenarios.recordings import replay as play_again

    console = _console()
    played = differing = 0
    for number, episode, differences in play_again(recorded, limit):
        played, differing = number, differing + bool(differences)
        for difference in differences:
            line = f"Episode {number} ({episode.env}, seed {episode.seed}), {difference}."
            console.print(line, markup=False, highlight=False, soft_wrap=True)
    console.print(f"Episodes played again: {played}; as recorded: {played - differing}; different: {differing}.")
    if differing:
        raise typer.Exit(1)


@app.command()
def play(
    environment: Environment,
    settings: Setting = None,
    seed: Annotated[int | None, typer.Option(help="Seed of the episode; a random one is drawn otherwise.")] = None,
    seat: Annotated[str | None, typer.Option(help="In a team, the only agent you play; all of them otherwise.")] = None,
) -> None:
    """Play an environment yourself. --set takes its difficulty options."""
    from syllogym.envs import Fault, make
    from syllogym.scenarios.play import play as sit_down
    from syllogym.scenarios.strict_yaml import parse_override

    options: dict[str, Any] = {}
    for setting in settings or ():
        options |= parse_override(setting).plain()
    try:
        sit_down(make(environment, **options), _console(), input, seed=seed, seat=seat)
    except Fault as fault:
        _fail(f"The environment failed: {fault}")


@app.command()
def check(
    environment: Annotated[str | None, typer.Argument(metavar="[ENVIRONMENT]", help="Name of an environment.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Check every environment.")] = False,
    sandbox: Annotated[
        bool, typer.Option("--sandbox", help="See which isolation this machine gives programs.")
    ] = False,
) -> None:
    """Examine an environment: seeds, resets, forks, scorer, solver, speed. Exit status 1 when a check fails."""
    if sandbox + every + (environment is not None) != 1:
        raise UserError("What should be checked? Name one environment, or write --all, or --sandbox.")
    if sandbox:
        _check_sandbox()
        return
    from syllogym import envs
    from syllogym.envs.doctor import diagnose

    healthy = True
    for name in [environment] if environment else envs.names():
        report = diagnose(name)
        healthy = healthy and report.ok
        for line in report.lines():
            _console().print(line, markup=False, highlight=False, soft_wrap=True)
    if not healthy:
        raise typer.Exit(1)


def _check_sandbox() -> None:
    from syllogym.envs.code.sandbox.layers import chosen, findings

    for line in findings():
        _console().print(line, markup=False, highlight=False, soft_wrap=True)
    if chosen() is None:
        raise typer.Exit(1)


def _console(stderr: bool = False) -> Console:
    from rich.console import Console

    return Console(stderr=stderr, emoji=False)


def _fail(sentence: str | RenderableType) -> None:
    _console(stderr=True).print(sentence, style="red", soft_wrap=True, markup=False, highlight=False)
    raise typer.Exit(1)
