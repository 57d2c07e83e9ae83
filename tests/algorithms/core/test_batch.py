"""Do the tokens of episodes arrive in a batch once each, in order, with their rewards?"""

from __future__ import annotations

import pytest
import torch

from syllogym.agents.episode import Episode
from syllogym.algorithms.core.batch import Batch
from syllogym.envs import Prompt, Reply, Reward
from tests.algorithms.flat import batch_of


def say(
    episode: Episode, new: list[int], ids: list[int], reward: float = 0.0, *, parent: int = -1, agent: str = "agent"
) -> int:
    """Append a move whose log-probs are minus its ids, pay for it, return its index."""
    turn = len(episode.steps)
    said = Reply("", prompt_ids=new, token_ids=ids, logprobs=[-float(i) for i in ids])
    episode.append(agent, turn, Prompt("?"), said, parent)
    episode.pay(agent, turn, reward)
    return turn


def conversation() -> Episode:
    episode = Episode("env", 0)
    first = say(episode, [1, 2], [3, 4], 0.25)
    say(episode, [5], [6, 7, 8], 1.0, parent=first)
    return episode


def ids_of(batch: Batch) -> list[int]:
    """Return the id of each action token, read where the batch says it stands."""
    places = zip(batch.sequence.tolist(), batch.position.tolist(), strict=True)
    return [int(batch.sequences[row][place]) for row, place in places]


def test_a_conversation_is_one_sequence() -> None:
    batch = Batch.of([conversation()])
    assert [ids.tolist() for ids in batch.sequences] == [[1, 2, 3, 4, 5, 6, 7, 8]]
    assert ids_of(batch) == [3, 4, 6, 7, 8]
    assert (batch.totals.tokens, batch.totals.sequences) == (5, 1)


def test_each_reply_is_paid_at_its_last_token() -> None:
    batch = Batch.of([conversation()])
    assert batch.reward.tolist() == [0, 0.25, 0, 0, 1]
    assert batch.last.tolist() == [False, True, False, False, True]
    assert batch.outcome.tolist() == [1.25]


def test_log_probs_of_the_engine_stand_beside_their_tokens() -> None:
    batch = Batch.of([conversation()])
    assert batch.engine.tolist() == [-float(i) for i in ids_of(batch)]


def test_turns_without_memory_are_sequences_of_one_trajectory() -> None:
    episode = Episode("env", 0)
    say(episode, [1, 2], [3], 0.5)
    say(episode, [9, 9, 9], [4, 5], 1.0)
    batch = Batch.of([episode])
    assert [ids.tolist() for ids in batch.sequences] == [[1, 2, 3], [9, 9, 9, 4, 5]]
    assert (ids_of(batch), batch.trajectory.tolist()) == ([3, 4, 5], [0, 0, 0])


def test_a_step_that_two_branches_share_is_counted_once() -> None:
    episode = Episode("env", 0)
    root = say(episode, [1], [2, 3])
    say(episode, [4], [5], 1.0, parent=root)
    say(episode, [6], [7], 2.0, parent=root)
    batch = Batch.of([episode])
    assert [ids.tolist() for ids in batch.sequences] == [[1, 2, 3, 4, 5], [1, 2, 3, 6, 7]]
    assert ids_of(batch) == [2, 3, 5, 7]
    assert batch.outcome.tolist() == [3.0]


def test_each_agent_of_a_team_has_a_trajectory_and_groups_of_its_own() -> None:
    episodes = [Episode("env", 0, group=4), Episode("env", 0, group=4, index=1)]
    for episode in episodes:
        say(episode, [1], [2], 1.0, agent="X")
        say(episode, [1], [3], -1.0, agent="O")
    batch = Batch.of(episodes)
    assert batch.outcome.tolist() == [1, -1, 1, -1]
    assert batch.group[0] == batch.group[2] != batch.group[1] == batch.group[3]


def test_only_the_roles_that_train_are_collected() -> None:
    episode = Episode("env", 0)
    say(episode, [1], [2], agent="X")
    say(episode, [1], [3], agent="O")
    assert ids_of(Batch.of([episode], ["O"])) == [3]


def test_scripted_moves_hold_no_tokens() -> None:
    episode = conversation()
    episode.append("other", 0, Prompt("?"), Reply("rock"))
    assert ids_of(Batch.of([episode])) == [3, 4, 6, 7, 8]


def test_tokens_before_a_move_without_tokens_are_not_lost() -> None:
    episode = conversation()
    episode.append("agent", 2, Prompt("?"), Reply("scripted"), 1)
    assert ids_of(Batch.of([episode])) == [3, 4, 6, 7, 8]


def test_demonstrations_have_no_log_probs() -> None:
    episode = Episode("env", 0)
    episode.append("agent", 0, Prompt("?"), Reply("", prompt_ids=[1], token_ids=[2, 3]))
    assert Batch.of([episode]).engine.isnan().all()


def test_a_batch_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="sampled token"):
        Batch.of([Episode("env", 0)])


def test_select_keeps_the_asked_order_and_says_where_tokens_were() -> None:
    batch = Batch.of([conversation(), conversation(), conversation()])
    batch.reward = torch.arange(15.0)
    part, index = batch.select(torch.tensor([2, 0]))
    assert index.tolist() == [10, 11, 12, 13, 14, 0, 1, 2, 3, 4]
    assert part.trajectory.tolist() == [0] * 5 + [1] * 5
    assert part.reward.tolist() == index.tolist()
    assert ids_of(part) == [3, 4, 6, 7, 8] * 2
    assert (part.totals.tokens, part.totals.sequences) == (10, 2)


@pytest.mark.parametrize("tokens", [1, 8, 16, 1000])
def test_micro_batches_hold_every_token_once_within_their_bound(tokens: int) -> None:
    short = Episode("env", 0)
    say(short, [1], [2])
    batch = Batch.of([conversation(), short, conversation()])
    parts = batch.micro_batches(tokens)
    assert sorted(i for _, index in parts for i in index.tolist()) == list(range(len(batch)))
    for part, index in parts:
        longest = max(map(len, part.sequences))
        assert len(part.sequences) == 1 or longest * len(part.sequences) <= tokens
        assert ids_of(part) == [ids_of(batch)[i] for i in index.tolist()]
        assert part.totals == batch.totals


def test_a_micro_batch_keeps_groups_together_though_their_replies_differ_in_length() -> None:
    played = []
    for at in range(9):
        episode = Episode("env", 0, group=at % 3)
        say(episode, [1], [at % 3 + 2] * (1 + at))
        played.append(episode)
    tail, _ = Batch.of(played).select(torch.arange(3, 9))  # the groups' numbers stay, though there are fewer sequences
    parts = tail.micro_batches(20)
    assert [sorted({int(ids[1]) for ids in part.sequences}) for part, _ in parts] == [[4], [3], [2]]


def test_a_batch_comes_back_from_its_state() -> None:
    batch = batch_of([[1, 1], [1, 0]], reward=[[0, 1], [1, 0]], proximal=[[-1, -2], [-3, 0]])
    twin = Batch.from_state_dict(batch.state_dict())
    for name, value in batch.state_dict().items():
        mine = twin.state_dict()[name]
        if isinstance(value, torch.Tensor):
            torch.testing.assert_close(mine, value, rtol=0, atol=0, equal_nan=True)
        else:
            assert str(mine) == str(value), name


def test_process_rewards_are_paid_where_their_step_ends_and_the_rest_at_the_end() -> None:
    episode = Episode("env", 0)
    step = episode.steps[say(episode, [1], [65, 10, 66, 67], 0.0)]
    episode.pay(step.agent, 0, Reward(correct=1.0))
    episode.pay(step.agent, 0, Reward(spans=[(0, 1, 0.5), (2, 4, -0.25)]))
    batch = Batch.of([episode], place=lambda ids, end: end - 1)
    assert batch.reward.tolist() == [0.5, 0.0, 0.0, 0.75]
    assert batch.process is not None
    assert batch.process.nan_to_num(9.0).tolist() == [0.5, 9.0, 9.0, -0.25]
    assert batch.outcome.tolist() == [1.25]


def test_without_process_rewards_there_is_no_column_for_them() -> None:
    assert Batch.of([conversation()]).process is None


def test_what_others_were_paid_as_correct_stands_beside_a_trajectory() -> None:
    episode = Episode("env", 0)
    for agent, right in (("a", 1.0), ("b", 0.0), ("c", 0.0)):
        episode.append(agent, 0, Prompt("?"), Reply("!", prompt_ids=[1], token_ids=[2], logprobs=[-1.0]))
        episode.pay(agent, len(episode.steps) - 1, Reward(correct=right))
    others = Batch.of([episode]).others
    assert others is not None
    assert others.tolist() == [0.0, 0.5, 0.5]
    alone = Batch.of([conversation()]).others
    assert alone is not None
    assert bool(alone.isnan().all())
