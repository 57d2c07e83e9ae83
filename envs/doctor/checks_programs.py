"""Where replies are programs, or values of them: is a reply paid that only pretends to be right?"""

from __future__ import annotations

import re
from typing import Any

from syllogym.envs.answers import FORMS, extract
from syllogym.envs.code.programming import Programming
from syllogym.envs.code.replies import as_reply, program_in
from syllogym.envs.doctor.cheats import VALUES, cheats
from syllogym.envs.doctor.play import Subject, constant, returns, solution
from syllogym.envs.doctor.report import Failed, Skipped

_EPISODES = 3
_ASKED = re.compile(r"\bf\(.*\)(?= return)")


def cheating_programs(subject: Subject) -> str:
    """No program is paid that leaves early, forges output, patches its judge, or knows only what its prompt shows.

    Where a value of a program is asked for, nothing but the value is paid.
    """
    env = subject.make()
    count = 0
    for seed in range(_EPISODES):
        env.reset(seed=seed)
        for what, reply in _cheating_replies(env):
            earned = max(returns(env, seed, constant(reply)).values())
            if earned > 0:
                raise Failed(f"it pays {earned:g} in seed {seed} for a reply that {what}.")
            count += 1
    return f"{count} replies, none paid"


def _cheating_replies(env: Any) -> list[tuple[str, str]]:
    """Return what cheating replies do, and the replies."""
    agent = env.waiting[0]
    prompt = str(env.observe(agent))
    known = solution(env, agent) or ""
    right = program_in(known)
    if right is not None or isinstance(env, Programming):
        program = right or program_in(prompt) or prompt
        return [(f"holds a program that {what}", as_reply(cheat)) for what, cheat in cheats(program, prompt)]
    if program_in(prompt) is None or extract(known, "tag") is None:
        raise Skipped("its replies are neither programs nor values of them")
    values = {**VALUES, "writes the call that is asked about": (_ASKED.findall(prompt) or ["f(0)"])[-1]}
    return [(what, FORMS["tag"].write % (value,)) for what, value in values.items()]
