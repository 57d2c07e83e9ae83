"""Two healthy environments, and one for each defect that the env doctor must find."""

import contextlib
import pickle
import random
import signal
import socket
import time
from typing import Any

import numpy as np

from syllogym.envs import Prompt, Reply, Reward, TeamEnv, TextEnv, Turn, tool
from syllogym.envs.space import Text


class Healthy(TextEnv):
    """Say the sum; the broken ones below differ from it in one thing."""

    max_turns = 3
    levels = {"high": (10_000, 10**6)}

    def on_reset(self, rng: random.Random, high: int = 10**6) -> str:
        self.a, self.b = rng.randint(1000, high), rng.randint(1000, high)
        return f"{self.a} + {self.b} = ?"

    def on_step(self, reply: Reply) -> Turn | str:
        return Turn("Yes.", Reward(correct=1.0), over=True) if reply == self.solve() else "No."

    def solve(self) -> str:
        return str(self.a + self.b)

    def choices(self, agent: str) -> list[str]:
        return [self.solve(), "I do not know."]


class HealthyTeam(TeamEnv):
    agents = ("asker", "helper")
    max_turns = 4

    def on_reset(self, rng: random.Random) -> dict[str, str]:
        self.key = str(rng.randint(10**6, 10**9))
        return {"asker": "Say the key.", "helper": f"The key is {self.key}."}

    def on_step(self, agent: str, reply: Reply) -> Turn:
        return Turn({"*": f"{agent}: {reply}"}, {"*": float(reply == self.key)}, over=reply == self.key)

    def solve(self, agent: str) -> str:
        return self.key if agent == "helper" else "?"

    def choices(self, agent: str) -> list[str]:
        return ["?", self.key]


class OffersWhatItRefuses(Healthy):
    def choices(self, agent: str) -> list[str]:
        return [self.solve(), "nothing"]

    def on_step(self, reply: Reply) -> Turn | str:
        return Turn("What?", Reward(illegal=-0.1)) if reply == "nothing" else super().on_step(reply)


class OffersTwice(Healthy):
    def choices(self, agent: str) -> list[str]:
        return [self.solve(), self.solve()]


class OffersEverythingButTheAnswer(Healthy):
    def choices(self, agent: str) -> list[str]:
        return ["yes", "no"]


class OffersNothing(Healthy):
    def choices(self, agent: str) -> list[str]:
        return []


class ChangesWhenAsked(Healthy):
    def choices(self, agent: str) -> list[str]:
        self.a += 1
        return [self.solve(), "I do not know."]


class CallsHome(Healthy):
    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_STREAM) as line:
            line.connect(("127.0.0.1", 9))


class SetsAlarms(Healthy):
    def on_step(self, reply: Reply) -> Turn | str:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        return super().on_step(reply)


class Hangs(Healthy):
    def on_step(self, reply: Reply) -> Turn | str:
        time.sleep(0.6)
        return super().on_step(reply)


class HangsOnPowers(Healthy):
    def on_step(self, reply: Reply) -> Turn | str:
        time.sleep(3.0 * ("**" in reply))
        return super().on_step(reply)


class RaisesToAnyPower(Healthy):
    """Holds the interpreter's lock while it computes."""

    def on_step(self, reply: Reply) -> Turn | str:
        return str(pow(9, pow(9, pow(9, int(reply[0]))))) if reply == "9**9**9**9" else super().on_step(reply)


class TrustsIsdigit(Healthy):
    def on_step(self, reply: Reply) -> Turn | str:
        return f"{int(reply)}?" if reply.isdigit() and len(reply) < 9 else super().on_step(reply)


class TellsMoreThanItsSpace(Healthy):
    observation_space = Text(3)


class ObservesPlainStrings(HealthyTeam):
    def observe(self, agent: str) -> Prompt:
        return str(super().observe(agent))  # type: ignore[return-value]


class ActPaysDouble(Healthy):
    def act(self, replies: Any) -> tuple[dict[str, float], dict[str, Any]]:
        rewards, info = super().act(replies)
        return {agent: 2 * reward for agent, reward in rewards.items()}, info


class EndsTwice(Healthy):
    def _end(self, terminated: bool) -> None:
        super()._end(terminated)
        self.truncated = True


class SettlesNan(Healthy):
    def settle(self) -> dict[int, float]:
        return {0: float("nan")}


class CountsEpisodes(Healthy):
    count = 0

    def on_step(self, reply: Reply) -> Turn | str:
        self.count += 1
        return super().on_step(reply) if reply == self.solve() else f"No, {self.count} times."


class KeepsTheKeyOnTheClass(Healthy):
    total = 0

    def on_reset(self, rng: random.Random, high: int = 10**6) -> str:
        told = super().on_reset(rng, high)
        type(self).total = self.a + self.b
        return told

    def on_step(self, reply: Reply) -> Turn | str:
        return f"It is {self.total}."


class Shared:
    """Says it is its own copy."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def __deepcopy__(self, memo: Any) -> "Shared":
        return self


class Forgetful(Shared):
    def __reduce__(self) -> Any:
        return Forgetful, ()


class ForksShareState(Healthy):
    memory: type[Shared] = Shared

    def on_reset(self, rng: random.Random, high: int = 10**6) -> str:
        self.shared = self.memory()
        return super().on_reset(rng, high)

    def on_step(self, reply: Reply) -> Turn | str:
        self.shared.heard.append(reply)
        return f"{len(self.shared.heard)} replies." if reply != self.solve() else super().on_step(reply)


class SnapshotsForget(ForksShareState):
    memory = Forgetful


class HoldsALambda(Healthy):
    def on_reset(self, rng: random.Random, high: int = 10**6) -> str:
        told = super().on_reset(rng, high)
        self.right = lambda reply: reply == self.solve()
        return told


class DrawsFromRandom(Healthy):
    def on_reset(self, rng: random.Random, high: int = 10**6) -> str:
        random.random()
        return super().on_reset(rng, high)


class SeedsNumpy(Healthy):
    def on_reset(self, rng: random.Random, high: int = 10**6) -> str:
        np.random.seed(0)
        return super().on_reset(rng, high)


class AddsTheEpisodeToTheSeed(Healthy):
    def on_reset(self, rng: random.Random, high: int = 10**6) -> str:
        return super().on_reset(random.Random((self.seed or 0) + self._episode), high)


class HidesButAddsTheEpisodeToTheSeed(AddsTheEpisodeToTheSeed):
    instance_hidden = True

    def on_reset(self, rng: random.Random, high: int = 10**6) -> str:
        super().on_reset(rng, high)
        return "Guess."


class NeighboursOverlap(Healthy):
    def on_reset(self, rng: random.Random, high: int = 10**6) -> str:
        return super().on_reset(random.Random((self.seed or 0) // 4 * 100 + rng.randint(0, 40)), high)


class MixesSplits(Healthy):
    drawn = 0

    def on_reset(self, rng: random.Random, high: int = 10**6) -> str:
        self.drawn += 1
        return super().on_reset(rng, 1010)

    def instance(self, first: Any) -> str:
        return str(self.drawn)


class Evaluates(Healthy):
    def on_step(self, reply: Reply) -> Turn | str:
        with contextlib.suppress(Exception):
            return Turn("Yes.", Reward(correct=1.0), over=True) if eval(reply) == self.a + self.b else "No."
        return "No."


class Unpickles(Healthy):
    def on_step(self, reply: Reply) -> Turn | str:
        with contextlib.suppress(Exception):
            pickle.loads(reply.encode())
        return super().on_step(reply)


class FormatsReplies(Healthy):
    def on_step(self, reply: Reply) -> Turn | str:
        with contextlib.suppress(Exception):
            return reply.format(self, self=self)
        return super().on_step(reply)


class ToolEvaluates(Healthy):
    @tool
    def calculate(self, expression: str) -> str:
        """Compute an expression."""
        with contextlib.suppress(Exception):
            return str(eval(expression))
        return "?"


class PaysAnything(Healthy):
    def on_step(self, reply: Reply) -> Turn | str:
        return Turn(reward=1.0, over=True)


class PaysTheFirstNumberInTheReply(Healthy):
    def on_reset(self, rng: random.Random, high: int = 10**6) -> str:
        return super().on_reset(rng, high) + f" (not {self.a + self.b + 1})"

    def on_step(self, reply: Reply) -> Turn | str:
        return Turn(reward=float(str(self.a) in reply), over=True)


class SolvesWrongly(Healthy):
    def on_step(self, reply: Reply) -> Turn | str:
        return Turn(reward=float(reply == str(self.a + self.b)), over=True)

    def solve(self) -> str:
        return str(self.a + self.b + (self.a > 500_000))
