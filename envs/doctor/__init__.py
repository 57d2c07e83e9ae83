"""Is an environment sound? The env doctor checks what training silently depends on.

``diagnose("math/countdown")`` plays the environment in every way that has gone wrong somewhere before and returns a
`Report`: a finding (pass, FAIL or skip, with the reason) for every check.
"""

from __future__ import annotations

from typing import Any

from syllogym.envs import Core, get
from syllogym.envs.doctor.checks_chance import global_generators, seeds_apart, splits_apart
from syllogym.envs.doctor.checks_choices import offered_choices
from syllogym.envs.doctor.checks_programs import cheating_programs
from syllogym.envs.doctor.checks_running import constructs_offline, other_thread, step_time
from syllogym.envs.doctor.checks_scoring import canary, finite_and_one_end, lazy_policies, reference_solver
from syllogym.envs.doctor.checks_state import fork, interleaving, pickles, reset_hygiene, snapshot
from syllogym.envs.doctor.checks_views import gymnasium_api, pettingzoo_api, same_on_every_path
from syllogym.envs.doctor.hostile import hostile_replies
from syllogym.envs.doctor.play import Subject
from syllogym.envs.doctor.report import Check, Failed, Finding, Report, Skipped
from syllogym.errors import check_options

CHECKS: tuple[Check, ...] = (
    constructs_offline, other_thread, canary, hostile_replies,  # first: one that hangs is not asked further
    gymnasium_api, pettingzoo_api, same_on_every_path, finite_and_one_end,
    reset_hygiene, interleaving, fork, snapshot, pickles,
    global_generators, seeds_apart, splits_apart,
    lazy_policies, reference_solver, cheating_programs, offered_choices, step_time,
)  # fmt: skip


def diagnose(environment: str | type[Core], **options: Any) -> Report:
    """Run every check on an environment, given by name or as its class.

    Args:
        environment: what to check.
        options: how to make it; they go before its `doctor_options`. An unknown one raises `UserError`.
    """
    cls = get(environment) if isinstance(environment, str) else environment
    check_options(cls.name or cls.__name__, (*cls.option_defaults(), "split", "max_turns"), options)
    subject = Subject(cls, {**cls.doctor_options, **options})
    if lacking := cls.lacking():
        return Report(subject.name, tuple(Finding(check.__name__, "skip", lacking) for check in CHECKS))
    findings: list[Finding] = []
    for check in CHECKS:
        if any(finding.vital for finding in findings):
            findings.append(Finding(check.__name__, "skip", "not tried: a check that the others need has failed"))
        else:
            findings.append(_run(check, subject))
    return Report(subject.name, tuple(findings))


def _run(check: Check, subject: Subject) -> Finding:
    name = check.__name__
    try:
        return Finding(name, "pass", check(subject))
    except Skipped as skipped:
        return Finding(name, "skip", str(skipped))
    except Failed as failed:
        return Finding(name, "FAIL", str(failed), failed.vital)
    except Exception as error:  # whatever an environment raises is what the doctor is there to report
        return Finding(name, "FAIL", f"{type(error).__name__}: {error}")


__all__ = ["CHECKS", "Finding", "Report", "diagnose"]
