import random

import pytest

from syllogym.envs import EpisodeOver, Fault, Reply, Reward, TextEnv, Turn
from syllogym.errors import UserError


class Sum(TextEnv):
    """Add two numbers; two tries."""

    max_turns = 2

    def on_reset(self, rng: random.Random, high: int = 1000) -> str:
        a, b = rng.randint(0, high), rng.randint(0, high)
        self.total = a + b
        return f"{a} + {b}"

    def on_step(self, reply: Reply) -> Turn | str:
        return Turn(reward=Reward(correct=1.0), over=True) if reply == str(self.total) else "No."


def prompts(env: TextEnv, seed: int, episodes: int = 5) -> list[str]:
    return [str(env.reset(seed=seed if place == 0 else None)[0]) for place in range(episodes)]


def test_the_same_seed_gives_the_same_episodes() -> None:
    assert prompts(Sum(), 3) == prompts(Sum(), 3)


def test_neighbouring_seeds_share_no_instance() -> None:
    streams = [set(prompts(Sum(high=10**9), seed, 50)) for seed in range(10)]
    assert len(set.union(*streams)) == 500


def test_no_seed_at_all_gives_different_episodes() -> None:
    assert prompts(Sum(high=10**9), None) != prompts(Sum(high=10**9), None)  # type: ignore[arg-type]


def test_the_splits_share_no_instance() -> None:
    train, held_out = (set(prompts(Sum(high=20, split=split), 0, 300)) for split in ("train", "eval"))
    assert train and held_out and not train & held_out


def test_each_split_has_about_its_share_of_the_instances() -> None:
    everything = set(prompts(Sum(high=20), 0, 3000))
    held_out = set(prompts(Sum(high=20, split="eval"), 0, 1000)) & everything
    assert len(held_out) / len(everything) == pytest.approx(1 / 8, abs=0.04)


def test_a_split_without_instances_says_that_there_are_too_few() -> None:
    splits = [Sum(high=0, split=split) for split in ("train", "eval")]
    with pytest.raises(UserError, match="too few different ones"):
        for env in splits:
            env.reset(seed=0)


def test_an_unknown_split_is_refused() -> None:
    with pytest.raises(UserError, match="'train', 'eval' or None; not 'test'"):
        Sum(split="test")


def test_an_unknown_option_names_the_nearest() -> None:
    with pytest.raises(UserError, match="Did you mean high"):
        Sum(hihg=3)


def test_an_unknown_option_at_reset_is_refused() -> None:
    with pytest.raises(UserError, match="not hihg"):
        Sum().reset(seed=0, options={"hihg": 3})


def test_an_option_given_at_reset_holds_for_that_episode_alone() -> None:
    env = Sum(high=10**9)
    assert env.reset(seed=0, options={"high": 0})[0] == "0 + 0"
    assert env.reset(seed=0)[0] == Sum(high=10**9).reset(seed=0)[0]


def test_max_turns_truncates_and_does_not_terminate() -> None:
    env = Sum()
    env.reset(seed=0)
    env.step("x")
    assert env.step("x")[2:4] == (False, True)


def test_an_end_on_the_last_turn_terminates_and_does_not_truncate() -> None:
    env = Sum()
    env.reset(seed=0)
    env.step("x")
    assert env.step(str(env.total))[1:4] == (1.0, True, False)


def test_max_turns_can_be_given() -> None:
    env = Sum(max_turns=1)
    env.reset(seed=0)
    assert env.step("x")[3]


def test_a_step_after_the_end_is_refused() -> None:
    env = Sum(max_turns=1)
    env.reset(seed=0)
    env.step("x")
    with pytest.raises(EpisodeOver, match="call reset"):
        env.step("x")


def test_a_step_before_the_first_reset_is_refused() -> None:
    with pytest.raises(EpisodeOver, match="call reset"):
        Sum().step("x")


class Raises(TextEnv):
    def on_reset(self, rng: random.Random, at: str = "step") -> str:
        if at == "reset":
            raise KeyError("row 7")
        return "go"

    def on_step(self, reply: Reply) -> Turn:
        if reply == "fault":
            raise Fault("the sandbox is lost")
        return Turn(reward=float(reply), over=True)


def test_an_exception_in_on_step_is_a_fault_that_says_where() -> None:
    env = Raises()
    env.reset(seed=5)
    with pytest.raises(Fault, match=r"Raises \(seed 5, turn 0\): on_step raised ValueError"):
        env.step("abc")


def test_an_exception_in_on_reset_is_a_fault_that_says_where() -> None:
    with pytest.raises(Fault, match="on_reset raised KeyError: 'row 7'"):
        Raises(at="reset").reset(seed=5)


def test_a_fault_of_the_author_passes_unchanged() -> None:
    env = Raises()
    env.reset(seed=5)
    with pytest.raises(Fault, match=r"^the sandbox is lost$"):
        env.step("fault")


def test_after_a_failed_reset_no_step_is_taken() -> None:
    env = Raises()
    env.reset(seed=5)
    with pytest.raises(Fault):
        env.reset(options={"at": "reset"})
    with pytest.raises(EpisodeOver):
        env.step("1")


@pytest.mark.parametrize("reward", ["nan", "inf", "-inf"])
def test_a_reward_that_is_not_finite_is_a_fault(reward: str) -> None:
    env = Raises()
    env.reset(seed=5)
    with pytest.raises(Fault, match="not a finite number"):
        env.step(reward)


class Settles(TextEnv):
    def on_reset(self, rng: random.Random) -> str:
        self.said: list[float] = []
        return "go"

    def on_step(self, reply: Reply) -> Turn:
        self.said.append(float(reply))
        return Turn(over=len(self.said) == 3)

    def settle(self) -> dict[int, float]:
        return dict(enumerate(self.said[:2]))


def test_delayed_credit_is_kept_by_turn() -> None:
    env = Settles()
    env.reset(seed=0)
    for reply in ("1", "2", "3"):
        env.step(reply)
    assert env.settled == {0: 1.0, 1: 2.0}


def test_delayed_credit_is_paid_with_the_last_step() -> None:
    env = Settles()
    env.reset(seed=0)
    assert [env.step(reply)[1] for reply in ("1", "2", "3")] == [0.0, 0.0, 3.0]


def test_reset_forgets_the_last_episode_s_delayed_credit() -> None:
    env = Settles()
    env.reset(seed=0)
    for reply in ("1", "2", "3"):
        env.step(reply)
    env.reset()
    assert env.late_pay() == {}


def test_delayed_credit_that_is_not_finite_is_a_fault() -> None:
    env = Settles()
    env.reset(seed=0)
    env.step("nan")
    env.step("0")
    with pytest.raises(Fault, match="settle of Settles for agent"):
        env.step("0")


def played(env: TextEnv) -> list[object]:
    return [env.step("x")[:4], *prompts(env, None, 3)]  # type: ignore[arg-type]


def test_a_fork_goes_on_as_the_original_does() -> None:
    env = Sum()
    env.reset(seed=9)
    twin = env.fork()
    assert played(twin) == played(env)


def test_a_fork_shares_no_state_with_the_original() -> None:
    env = Settles()
    env.reset(seed=9)
    env.fork().step("1")
    assert env.said == []


def test_a_snapshot_restored_elsewhere_goes_on_as_the_original_does() -> None:
    env, other = Sum(), Sum()
    env.reset(seed=9)
    other.restore(env.snapshot())
    assert played(other) == played(env)
