"""How does a person play an environment in the terminal?

In an environment for a team the person plays every seat in turn, or one seat against the reference solver. A scenario's
`players` bind the agent `human` instead, who plays with or against anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rich.console import Console
from rich.text import Text

from syllogym.agents.terminal import QUOTES, read_reply, show
from syllogym.envs.values import reward_parts
from syllogym.errors import UserError, did_you_mean


def play(
    env: Any, console: Console, read: Callable[[str], str], seed: int | None = None, seat: str | None = None
) -> dict[str, float]:
    """Play one episode and return what each agent earned.

    Args:
        env: a single-agent or team environment.
        console: where prompts, rewards and the end are shown.
        read: asks for one line, given the text to ask with; `EOFError` or `KeyboardInterrupt` ends the game early.
        seed: of the episode; a random one is drawn and shown when None.
        seat: the only agent the person plays; None for every agent.
    """
    if seat is not None:
        _check_seat(env, seat)
    table = _Table(env, console, read, seat)
    env.reset(seed=seed)
    console.print(f"{env.name}, seed {env.seed}", style="bold", highlight=False)
    console.print(f"One line is a reply; {QUOTES} opens and closes a longer one; Ctrl-D leaves.", style="dim")
    try:
        while not env.over:
            table.round()
    except (EOFError, KeyboardInterrupt):
        table.show_end("You left before the end.")
        return table.earned
    for agent in env.agents:
        table.show_prompt(agent)
    table.settle()
    table.show_end("The episode is over." if env.terminated else "The episode is cut off: no turns are left.")
    return table.earned


def _check_seat(env: Any, seat: str) -> None:
    if seat not in env.agents:
        raise UserError(
            f"{env.name} has the seats {', '.join(env.agents)}; not {seat}.{did_you_mean(seat, env.agents)}"
        )
    if len(env.agents) > 1 and not hasattr(env, "solve"):
        raise UserError(f"{env.name} has no reference solver for the other seats; leave --seat out to play them all.")


class _Table:
    """The table a person sits at: one environment, one console, and what each seat has earned so far."""

    def __init__(self, env: Any, console: Console, read: Callable[[str], str], seat: str | None) -> None:
        self.env, self.console, self.read, self.seat = env, console, read, seat
        self.earned: dict[str, float] = dict.fromkeys(env.agents, 0.0)

    def round(self) -> None:
        """Ask everybody whose turn it is, and show what they earn."""
        replies = {agent: self.ask(agent) for agent in self.env.waiting}
        rewards, _ = self.env.act(replies)
        for agent, reward in rewards.items():
            self.pay(agent, reward)

    def ask(self, agent: str) -> str:
        """Return an agent's reply: the person's, or the reference solver's at a seat the person does not play."""
        if self.seat in (None, agent):
            self.show_prompt(agent)
            return read_reply(self.read, "> " if len(self.env.agents) == 1 else f"{agent} > ")
        reply = str(self.env.solve(agent))
        self.console.print(Text(f"{agent} > {reply}"))
        return reply

    def show_prompt(self, agent: str) -> None:
        """Show what an agent has been told since its last reply, unless that is nothing or another seat's secret."""
        prompt = self.env.observe(agent)
        if prompt and self.seat in (None, agent):
            heading = "" if len(self.env.agents) == 1 else f"[to {agent}] "
            show(self.console, str(prompt), heading)

    def pay(self, agent: str, reward: float, why: str = "") -> None:
        """Add a reward to an agent's return; show both, and the reward's parts, unless it is zero."""
        self.earned[agent] += float(reward)
        parts = reward_parts(reward)
        if parts:
            shown = ", ".join(f"{name} {value:+g}" for name, value in parts.items())
            text = (
                f"{self.whose(agent)}reward{why}: {float(reward):+g} ({shown}), return so far {self.earned[agent]:+g}"
            )
            self.console.print(Text(text, style="green" if reward > 0 else "red"))

    def settle(self) -> None:
        """Pay the delayed credit that the environment gives at the end for earlier turns."""
        for turn, credit in sorted(self.env.settled.items()):
            shares = credit if isinstance(credit, Mapping) else dict.fromkeys(self.env.agents, credit)
            for agent, reward in shares.items():
                self.pay(agent, reward, why=f" for turn {turn + 1}")

    def show_end(self, how: str) -> None:
        """Say how it ended and what everybody earned."""
        total = ", ".join(f"{self.whose(agent)}return {value:g}" for agent, value in self.earned.items())
        self.console.print()
        self.console.print(Text(f"{how} Turns: {self.env.turn}; {total}.", style="bold"))

    def whose(self, agent: str) -> str:
        """Return the agent's name in front of what is his, where there are several."""
        return "" if len(self.env.agents) == 1 else f"{agent}'s "
