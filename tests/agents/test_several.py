"""Do the players that choose among replies choose the right one, the first of equals, and the same in every rerun?"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import pytest

from syllogym import agents, envs
from syllogym.agents.best_of_n import BestOfN
from syllogym.agents.engines.local import LocalEngine
from syllogym.agents.engines.sampling import Sampling
from syllogym.agents.episode import Episode
from syllogym.agents.judge import Judge
from syllogym.agents.majority import Majority
from syllogym.agents.memory import MemoryPlayer
from syllogym.agents.player import Context, PolicyPlayer, Request
from syllogym.agents.rollout import Rollouts, Task
from syllogym.envs import Question, Reply, Turn
from syllogym.errors import UserError
from tests.agents.models import tiny_policy


@envs.register("test/boxed")
class Boxed(Question):
    """Asks for 1000."""

    instance_hidden = True

    def draw(self, rng: random.Random) -> tuple[str, int]:
        return "How much?", 1000


@envs.register("test/free")
class Free(envs.TextEnv):
    """Pays for the word good."""

    instance_hidden = True

    def on_reset(self, rng: random.Random) -> str:
        return "Say something."

    def on_step(self, reply: Reply) -> Turn:
        return Turn(reward=float(reply == "good"), over=True)


class Says:
    """Says given replies in turn, with given log-probs."""

    context: Context = "conversation"

    def __init__(self, replies: Sequence[str], logprobs: Sequence[Sequence[float]] = ()) -> None:
        self.replies, self.logprobs = list(replies), list(logprobs)
        self.asked: list[Request] = []

    async def act(self, request: Request) -> Reply:
        at = len(self.asked)
        self.asked.append(request)
        extras: dict[str, Any] = {}
        if self.logprobs:
            extras = {"logprobs": self.logprobs[at], "token_ids": [1] * len(self.logprobs[at]), "prompt_ids": [2]}
        return Reply(self.replies[at % len(self.replies)], **extras)


def said(player: Any, env: str = "test/free") -> str:
    return Rollouts({"*": player}).run([Task(env, 0)])[0].steps[0].reply


def boxed(*answers: str) -> list[str]:
    return [f"I think \\boxed{{{answer}}}" if answer else "No idea." for answer in answers]


@pytest.mark.parametrize(
    ("answers", "chosen"),
    [
        (["1", "1000", "1,000", "2"], 1),
        (["2", "1", "1", "2"], 0),
        (["", "", "7"], 2),
        (["", ""], 0),
        (["x+1", "1000.0", "x+1"], 0),
    ],
    ids=str,
)
def test_the_first_reply_with_the_most_frequent_answer_is_said(answers: list[str], chosen: int) -> None:
    replies = [f"{at}: {text}" for at, text in enumerate(boxed(*answers))]
    assert said(Majority(of=Says(replies), n=len(replies)), "test/boxed") == replies[chosen]


def test_without_a_form_of_answer_whole_replies_vote() -> None:
    assert said(Majority(of=Says(["bad", "", "Good  idea", "good idea"]), n=4)) == "Good  idea"


def test_tool_calls_vote_as_calls() -> None:
    call = '<tool_call>{{"name": "calculate", "arguments": {{"expression": "{}"}}}}</tool_call>'
    replies = ["\\boxed{1}", f"Let me see. {call.format('2*3')}", call.format("2*3")]
    assert said(Majority(of=Says(replies), n=3), "math/calculator") == replies[1]


def test_the_likeliest_reply_is_the_one_with_the_highest_mean_log_prob() -> None:
    player = Says(["long", "short", "same"], [[-0.1, -0.1, -0.1, -0.1], [-0.3], [-0.1]])
    assert said(BestOfN(of=player, n=3, by="logprob")) == "long"


def test_the_verifier_finds_what_the_environment_pays_and_leaves_it_alone() -> None:
    player = Says(["bad", "good", "good "])
    episode = Rollouts({"*": BestOfN(of=player, n=3, by="verifier")}).run([Task("test/free", 0)])[0]
    assert (episode.steps[0].reply, episode.reward(), len(episode.steps)) == ("good", 1.0, 1)


def test_nothing_good_means_the_first() -> None:
    assert said(BestOfN(of=Says(["a", "b"]), n=2, by="verifier")) == "a"


def test_a_reply_among_simultaneous_ones_cannot_be_verified() -> None:
    with pytest.raises(UserError, match="games/rock_paper_scissors hears several agents at once"):
        said(BestOfN(of=Says(["rock"]), n=2, by="verifier"), "games/rock_paper_scissors")


def test_log_probs_are_wanted_of_a_policy() -> None:
    with pytest.raises(UserError, match="logprob needs a policy"):
        said(BestOfN(of=Says(["a"]), n=2, by="logprob"))


def test_who_judges_nothing_is_no_judge() -> None:
    with pytest.raises(UserError, match=r"best_of_n\.by: logprob, verifier or a judge; not 'oracle'"):
        BestOfN(of="oracle", by="oracle")


def test_a_choice_of_nobodys_replies_is_the_users_mistake() -> None:
    with pytest.raises(UserError, match=r"majority: whose replies\?"):
        said(Majority())
    with pytest.raises(UserError, match="n is at least 1; not 0"):
        Majority(of="oracle", n=0)


def test_a_judge_chooses_by_score() -> None:
    judge = Judge(of=Says(["Fine.\nScore: 3", "Score: 7.5", "Score: 7.5"]))
    assert said(BestOfN(of=Says(["a", "b", "c"]), n=3, by=judge)) == "b"


def test_a_judge_that_compares_beats_the_champion_in_both_orders() -> None:
    verdicts = ["Better: A", "Better: B", "Better: A", "Better: A"]  # b beats a; c and b tie
    assert said(BestOfN(of=Says(["a", "b", "c"]), n=3, by=Judge(of=Says(verdicts), compare=True))) == "b"


def policy_player(**memory: int) -> Any:
    policy = tiny_policy(context=1024)
    player = PolicyPlayer(LocalEngine(policy), policy.chat, Sampling(max_tokens=4))
    return MemoryPlayer(player, **memory) if memory else player


def game(player: Any, key: str = "") -> Episode:
    return Rollouts({"*": player}, key).run([Task("games/guess_number", 5)])[0]


@pytest.mark.parametrize("by", ["logprob", "verifier"])
def test_reruns_choose_the_same_replies_among_different_ones(by: str) -> None:
    one, other = (game(BestOfN(of=policy_player(), n=4, by=by)) for _ in range(2))
    assert one.to_json() == other.to_json()
    spy = Says(["1"])
    game(BestOfN(of=spy, n=4, by="verifier"))
    assert len({request.seed for request in spy.asked}) == len(spy.asked)


def test_the_chosen_reply_keeps_its_tokens_and_its_context() -> None:
    episode = game(BestOfN(of=policy_player(turns=2), n=3, by="logprob"))
    assert [step.parent for step in episode.steps] == [-1, 0, 1, -1, 3, -1, 5]
    assert all(len(step.logprobs) == len(step.token_ids) > 0 for step in episode.steps)
    assert [bool(step.recalled) for step in episode.steps] == [step.turn in (3, 5) for step in episode.steps]


def test_an_agent_is_made_of_its_name_or_its_name_and_options() -> None:
    assert agents.make({"name": "majority", "n": 2, "of": {"name": "oracle"}}).player.context == "conversation"
    with pytest.raises(UserError, match="A mapping with options has its name, too"):
        agents.make({"n": 2})
