"""Does the display show a run, live in a terminal and as clean lines elsewhere?"""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from syllogym.scenarios.display import Display, sparkline

METRICS = {"reward": 0.5, "accuracy": 0.25, "kl": 0.001, "tokens_per_s": 12345.6, "unheard_of": 1.0}


class Terminal(io.StringIO):
    """A text stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


class Clock:
    """A clock that is set by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def plain(interval: float = 5.0) -> tuple[Display, io.StringIO, Clock]:
    out, clock = io.StringIO(), Clock()
    return Display("Run", console=Console(file=out, width=60), interval=interval, clock=clock), out, clock


def test_elsewhere_than_in_a_terminal_there_is_one_line_an_interval() -> None:
    display, out, clock = plain()
    with display as show:
        show.phase("training", 10)
        for step in range(1, 11):
            clock.now += 2.0
            show.step(step, METRICS)
    numbers = "reward 0.500, accuracy 25.0%, KL 0.0010, tokens/s 12,346"
    assert out.getvalue().splitlines() == [
        "Run",
        "training: 10 steps",
        f"training 3/10, {numbers}, 0:00:06 gone, 0:00:14 left",
        f"training 6/10, {numbers}, 0:00:12 gone, 0:00:08 left",
        f"training 9/10, {numbers}, 0:00:18 gone, 0:00:02 left",
        f"training 10/10, {numbers}, 0:00:20 gone, 0:00:00 left",
    ]


def test_plain_lines_hold_no_control_characters_even_where_colour_is_forced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    display, out, _ = plain(interval=0.0)
    with display as show:
        show.phase("training", 1)
        show.step(1, METRICS)
        show.note("[bold]a note, 95.0%")
    assert out.getvalue().replace("\n", "").isprintable()
    assert "[bold]a note, 95.0%" in out.getvalue()


def test_a_terminal_gets_progress_metrics_sparkline_and_notes() -> None:
    out = Terminal()
    console = Console(file=out, width=100, color_system=None)
    with Display("Run", ["warm-up", "training"], console=console) as show:
        show.phase("warm-up", 4)
        for step in range(1, 5):
            show.step(step, METRICS | {"reward": step / 4})
        show.note("evaluating")
    screen = out.getvalue()
    assert all(text in screen for text in ("▶ warm-up", "· training", "4/4", "reward 1.000", "▁▃▆█", "evaluating"))


def test_the_time_left_of_a_resumed_phase_counts_only_its_own_steps() -> None:
    display, _, clock = plain()
    with display as show:
        show.phase("training", 100)
        assert show.seconds_left() is None
        for step in (91, 92):
            clock.now += 3.0
            show.step(step, {})
        assert show.seconds_left() == pytest.approx(8 * 3.0)


def test_an_exception_ends_the_live_picture_and_goes_on_its_way() -> None:
    display = Display("Run", console=Console(file=Terminal(), width=100))
    with pytest.raises(KeyboardInterrupt), display:
        raise KeyboardInterrupt
    assert display.live is not None and not display.live.is_started


def test_a_number_that_is_not_finite_does_not_spoil_the_picture() -> None:
    out = Terminal()
    with Display("Run", console=Console(file=out, width=100, color_system=None)) as show:
        show.phase("training", 2)
        show.step(1, {"reward": float("nan")})
    assert "reward nan" in out.getvalue()


def test_a_sparkline_goes_from_the_lowest_to_the_highest_and_pools_what_is_too_long() -> None:
    assert sparkline([0, 1, 2, 3, 4, 5, 6, 7]) == "▁▂▃▄▅▆▇█"
    assert sparkline(list(range(100)), width=4) == "▁▃▆█"
    assert sparkline([2.0, 2.0]) == "▁▁"
    assert sparkline([]) == ""


def test_a_team_shows_the_numbers_of_every_role_and_policy() -> None:
    display, out, _ = plain(interval=0.0)
    team = {"reward": 0.5, "speaker/reward": 0.5, "listener/reward": 0.25, "speaker/loss": 0.125, "speaker/lr": 1.0}
    with display as show:
        show.phase("training", 1)
        show.step(1, team)
    assert "training 1/1, speaker reward 0.500, listener reward 0.250, speaker loss 0.1250, 0:00:00" in out.getvalue()
