import time

import pytest

from syllogym.envs import Reply, TeamEnv, TextEnv, Turn
from syllogym.envs.doctor import checks_running, diagnose, hostile
from syllogym.envs.doctor.play import Subject
from syllogym.envs.doctor.report import Failed
from tests.envs.doctor import broken

DEFECTS: list[tuple[str, type[TextEnv] | type[TeamEnv], str]] = [
    ("constructs_offline", broken.CallsHome, "127.0.0.1"),
    ("other_thread", broken.SetsAlarms, "signal only works in main thread"),
    ("hostile_replies", broken.TrustsIsdigit, "makes it raise"),
    ("gymnasium_api", broken.TellsMoreThanItsSpace, "observation"),
    ("pettingzoo_api", broken.ObservesPlainStrings, "dtype"),
    ("same_on_every_path", broken.ActPaysDouble, "step and act part"),
    ("finite_and_one_end", broken.EndsTwice, "terminated and truncated at once"),
    ("finite_and_one_end", broken.SettlesNan, "not a finite number"),
    ("reset_hygiene", broken.CountsEpisodes, "a used environment another episode"),
    ("interleaving", broken.KeepsTheKeyOnTheClass, "when other episodes run beside it"),
    ("fork", broken.ForksShareState, "fork()"),
    ("snapshot", broken.SnapshotsForget, "the copy and the original part"),
    ("pickles", broken.HoldsALambda, "pickle"),
    ("global_generators", broken.DrawsFromRandom, "generator of `random`"),
    ("global_generators", broken.SeedsNumpy, "generator of `numpy.random`"),
    ("seeds_apart", broken.AddsTheEpisodeToTheSeed, "shifted by 1"),
    ("seeds_apart", broken.HidesButAddsTheEpisodeToTheSeed, "shifted by 1"),
    ("seeds_apart", broken.NeighboursOverlap, "share"),
    ("splits_apart", broken.MixesSplits, "in both splits"),
    ("canary", broken.Evaluates, "wrote a file"),
    ("canary", broken.Unpickles, "wrote a file"),
    ("canary", broken.ToolEvaluates, "wrote a file"),
    ("canary", broken.FormatsReplies, "as a template"),
    ("lazy_policies", broken.PaysAnything, "'' earns agent 1.000"),
    ("lazy_policies", broken.PaysTheFirstNumberInTheReply, "an echo of the prompt earns"),
    ("reference_solver", broken.SolvesWrongly, "solve earns 0"),
    ("offered_choices", broken.OffersWhatItRefuses, "it offers 'nothing' and then refuses it: illegal = -0.1"),
    ("offered_choices", broken.OffersTwice, "it lists a choice twice"),
    ("offered_choices", broken.OffersEverythingButTheAnswer, "which is none of the choices"),
    ("offered_choices", broken.OffersNothing, "choices lists nothing for agent"),
    ("offered_choices", broken.ChangesWhenAsked, "listing the choices changes the episode"),
]


def finding(check: str, environment: type[TextEnv] | type[TeamEnv]) -> str:
    return next(str(found) for found in diagnose(environment).findings if found.check == check)


@pytest.mark.parametrize(("check", "environment", "words"), DEFECTS, ids=lambda value: getattr(value, "__name__", None))
def test_a_planted_defect_is_found(check: str, environment: type[TextEnv], words: str) -> None:
    line = finding(check, environment)
    assert line.startswith("FAIL") and words in line, line


def test_a_hang_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks_running, "PATIENCE_S", 0.4)
    assert "did not end within 0.4 s" in finding("other_thread", broken.Hangs)


@pytest.mark.parametrize("environment", [broken.HangsOnPowers, broken.RaisesToAnyPower])
def test_a_reply_that_hangs_is_found(environment: type[TextEnv], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hostile, "PATIENCE_S", 1.0)
    line = finding("hostile_replies", environment)
    assert "9**9**9**9" in line and "did not end within 1 s" in line


def test_after_a_hang_nothing_else_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks_running, "PATIENCE_S", 0.4)
    assert [found.status for found in diagnose(broken.Hangs).findings[2:]] == ["skip"] * 19


def test_slow_steps_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow(broken.Healthy):
        def on_step(self, reply: Reply) -> Turn | str:
            time.sleep(0.001)
            return super().on_step(reply)

    monkeypatch.setattr(checks_running, "P99_LIMIT_S", 0.0009)
    with pytest.raises(Failed, match="99 of 100 steps"):
        checks_running.step_time(Subject(Slow, {}))


@pytest.mark.parametrize("environment", [broken.Healthy, broken.HealthyTeam])
def test_a_healthy_environment_passes_every_check(environment: type[TextEnv]) -> None:
    report = diagnose(environment)
    others = {found.check: found.status for found in report.findings if found.status != "pass"}
    assert others == {"cheating_programs": "skip"}, "\n".join(report.lines())
