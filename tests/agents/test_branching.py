"""Does a branch share its past with the episode it comes from, go its own way, and learn from that alone?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from syllogym import agents
from syllogym.agents.engines.local import LocalEngine
from syllogym.agents.engines.sampling import Sampling
from syllogym.agents.episode import Episode, summary
from syllogym.agents.player import PolicyPlayer
from syllogym.agents.rerun import differences
from syllogym.agents.rollout import Rollouts, Task, branches
from syllogym.algorithms.core.batch import Batch
from syllogym.algorithms.grpo import GRPO
from syllogym.errors import UserError
from tests.agents.models import tiny_policy


def rollouts() -> Rollouts:
    policy = tiny_policy(context=512)
    return Rollouts({"*": PolicyPlayer(LocalEngine(policy), policy.chat, Sampling(max_tokens=4))}, "k")


def tree(turn: int = 3, count: int = 4) -> tuple[Episode, list[Episode]]:
    """Play an episode and branches of it."""
    played = rollouts()
    trunk = played.run([Task("games/guess_number", 5, group=0)])[0]
    return trunk, played.run(branches(trunk, turn, group=1, count=count))


def test_branches_share_the_past_and_differ_in_what_follows() -> None:
    trunk, forks = tree()
    assert len(forks) == 4
    for fork in forks:
        assert [replace(step, given=False) for step in fork.steps[:3]] == trunk.steps[:3]
        assert [step.given for step in fork.steps] == [True] * 3 + [False] * (len(fork.steps) - 3)
        assert fork.steps[3].prompt == trunk.steps[3].prompt
        assert fork.steps[3].parent == 2
    replies = {tuple(fork.steps[3].token_ids) for fork in (trunk, *forks)}
    assert len(replies) == 5


def test_branching_again_gives_the_same_branches() -> None:
    assert [fork.to_json() for fork in tree()[1]] == [fork.to_json() for fork in tree()[1]]


def test_what_a_branch_was_given_is_context_and_not_learnt_twice() -> None:
    trunk, forks = tree()
    batch = Batch.of([trunk, *forks])
    sampled = [[step for step in episode.steps if not step.given] for episode in (trunk, *forks)]
    assert len(batch) == sum(len(step.token_ids) for steps in sampled for step in steps)
    assert batch.tokens.tolist() == [token for steps in sampled for step in steps for token in step.token_ids]
    shared = trunk.context(2)
    assert all(ids[: len(shared)].tolist() == shared for ids in batch.sequences)


def test_the_advantage_of_a_branch_compares_branches_of_its_state_alone() -> None:
    trunk, forks = tree(count=3)
    other = rollouts().run(branches(trunk, 2, group=2, count=2))
    for fork, reward in zip([*forks, *other], [1.0, 0.0, 0.0, 5.0, 7.0], strict=True):
        for step in fork.steps:
            step.reward = 0.0
        fork.steps[-1].reward = reward
    batch = Batch.of([*forks, *other])
    advantage = GRPO().advantages(batch).advantage
    of_each = [advantage[batch.trajectory == number][0].item() for number in range(5)]
    assert of_each[0] > 0 > of_each[1] == of_each[2]
    assert of_each[3] == pytest.approx(-of_each[4])


def test_a_branch_of_a_branch_keeps_the_whole_past() -> None:
    _, forks = tree(turn=2)
    long = next(fork for fork in forks if len(fork.steps) > 5)
    twigs = rollouts().run(branches(long, 5, group=9, count=2))
    assert all([step.given for step in twig.steps[:6]] == [True] * 5 + [False] for twig in twigs)


def test_the_task_of_a_branch_plays_it_again() -> None:
    _, forks = tree()
    again = rollouts().run([Task.of(fork) for fork in forks])
    assert [fork.to_json() for fork in again] == [fork.to_json() for fork in forks]


def test_a_branch_on_file_is_played_again_from_its_beginning() -> None:
    _, forks = tree()
    assert differences(Episode.from_json(forks[0].to_json())) == []


def test_lengths_and_turns_are_of_what_the_branch_did_itself() -> None:
    _, forks = tree(count=1)
    own = [step for step in forks[0].steps if not step.given]
    assert summary(forks, 1.0)["turns"] == len(own)


def test_a_team_branches_where_all_have_moved() -> None:
    played = Rollouts({"*": agents.get("random_text")()})
    trunk = played.run([Task("games/rock_paper_scissors", 3, {"rounds": 4})])[0]
    forks = played.run(branches(trunk, 2, group=1, count=6))
    assert all([step.reply for step in fork.steps[:4]] == [step.reply for step in trunk.steps[:4]] for fork in forks)
    assert len({tuple(step.reply for step in fork.steps[4:]) for fork in forks}) > 1


def test_an_environment_that_does_not_repeat_itself_is_a_fault() -> None:
    trunk, _ = tree(count=1)
    trunk.steps[1].prompt = [{"role": "user", "content": "something else"}]
    played = rollouts()
    played.max_faults = 1.0
    assert played.run(branches(trunk, 3, group=1, count=2)) == []
    assert "does not repeat what was recorded: agent was told 'something else' in turn 1" in played.most_frequent()


@pytest.mark.parametrize("turn", [0, 7, -1])
def test_a_turn_that_was_not_played_is_refused(turn: int) -> None:
    trunk, _ = tree(count=1)
    with pytest.raises(UserError, match=rf"cannot branch at turn {turn}: it can branch at 1, 2, 3, 4, 5, 6\."):
        branches(trunk, turn, group=1, count=2)
