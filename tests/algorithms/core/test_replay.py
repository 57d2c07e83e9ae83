from collections import Counter

from syllogym.agents.action_values import Transition
from syllogym.algorithms.core.replay import Replay
from syllogym.envs.chance import Dice


def filled(capacity: int, count: int) -> Replay:
    replay = Replay(capacity)
    for number in range(count):
        replay.add(Transition("s", ("a",), "a", float(number)))
    return replay


def test_the_oldest_makes_room() -> None:
    assert sorted(one.reward for one in filled(3, 5).kept) == [2.0, 3.0, 4.0]


def test_every_transition_is_drawn_as_often() -> None:
    drawn = Counter(one.reward for one in filled(4, 4).draw(8000, Dice()))
    assert len(drawn) == 4 and all(abs(times - 2000) < 200 for times in drawn.values())


def test_a_restored_buffer_goes_on_in_the_same_place() -> None:
    replay, other = filled(3, 4), Replay(3)
    other.load_state_dict(replay.state_dict())
    for one in (replay, other):
        one.add(Transition("s", ("a",), "a", 9.0))
    assert other.kept == replay.kept
