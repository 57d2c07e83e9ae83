import copy
import pickle

import pytest

from syllogym.envs import Fault, Prompt, Reply, Reward
from syllogym.envs.values import check_finite, reward_parts


def test_a_reward_is_the_sum_of_its_parts_and_spans() -> None:
    assert Reward(correct=1.0, brevity=-0.5, spans=[(0, 3, 0.25)]) == 0.75


def test_the_parts_of_a_reward_name_its_spans_process() -> None:
    assert reward_parts(Reward(correct=1.0, spans=[(0, 3, 0.25)])) == {"correct": 1.0, "process": 0.25}


def test_a_plain_number_is_one_part() -> None:
    assert reward_parts(0.5) == {"reward": 0.5}


def test_a_reward_that_is_not_finite_names_the_bad_part() -> None:
    with pytest.raises(Fault, match=r"brevity = nan\."):
        check_finite(Reward(correct=1.0, brevity=float("nan")), "Sum")


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda value: pickle.loads(pickle.dumps(value))])
def test_a_copied_reward_keeps_its_parts(copied: object) -> None:
    twin = copied(Reward(correct=1.0, spans=[(0, 3, 0.25)]))  # type: ignore[operator]
    assert (twin, twin.parts, twin.spans) == (1.25, {"correct": 1.0}, ((0, 3, 0.25),))


def test_a_plain_prompt_is_one_user_message() -> None:
    assert Prompt("hi").messages == ({"role": "user", "content": "hi"},)


def test_a_prompt_of_messages_reads_as_their_texts() -> None:
    assert Prompt.of([{"role": "system", "content": "a"}, {"role": "user", "content": "b"}]) == "a\nb"


def test_a_pickled_prompt_keeps_its_messages() -> None:
    prompt = Prompt.of([{"role": "tool", "content": "a"}])
    assert pickle.loads(pickle.dumps(prompt)).messages == prompt.messages


def test_a_pickled_reply_keeps_its_tokens() -> None:
    reply = pickle.loads(pickle.dumps(Reply("hi", token_ids=[1, 2], finish_reason="stop")))
    assert (reply, reply.token_ids, reply.finish_reason) == ("hi", [1, 2], "stop")


def test_a_reply_takes_no_unknown_attribute() -> None:
    with pytest.raises(TypeError, match="token_id"):
        Reply("hi", token_id=[1])
