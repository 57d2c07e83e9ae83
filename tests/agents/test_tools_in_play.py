"""Does a policy call tools in its own form, hear the results in its template, and learn from its own tokens alone?"""

from __future__ import annotations

import pytest
import torch

from syllogym import agents
from syllogym.agents.chat import ChatFormat
from syllogym.agents.engines.local import LocalEngine
from syllogym.agents.engines.sampling import Sample, Sampling
from syllogym.agents.episode import Episode
from syllogym.agents.player import DemonstrationPlayer, PolicyPlayer
from syllogym.agents.rerun import differences
from syllogym.agents.rollout import Rollouts, Task
from syllogym.algorithms.core.batch import Batch
from tests.agents.models import tiny_policy, tokenizer_of
from tests.agents.templates import CHAT, LLAMA3, MISTRAL

TASK = Task("math/calculator", 3, {"digits": 3})
LLAMA_TOOLS = (
    LLAMA3.replace("m.role }}<|end_header", "'ipython' if m.role == 'tool' else m.role }}<|end_header")
    + "{# <|python_tag|> #}"
)
MISTRAL_TOOLS = MISTRAL.replace(
    "{% else %}",
    "{% elif m.role == 'tool' %}{% if m.tool_call_id | length != 9 %}{{ raise_exception('nine') }}{% endif %}"
    "[TOOL_RESULTS] {{ m.content }} [/TOOL_RESULTS]{% else %}",
).replace("{% for m", "{# [TOOL_CALLS] #}{% for m")
_LLAMA_TOKENS = (
    "<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>", "<|eom_id|>", "<|python_tag|>",
)  # fmt: skip
STYLES = {
    "llama": ChatFormat(tokenizer_of(LLAMA_TOOLS, _LLAMA_TOKENS, "<|eot_id|>")),
    "mistral": ChatFormat(
        tokenizer_of(
            MISTRAL_TOOLS, ("<s>", "</s>", "[INST]", "[/INST]", "[TOOL_CALLS]", "[ARGS]", "[TOOL_RESULTS]"), "</s>"
        )
    ),
    "gemma": CHAT["gemma"],
    "qwen3": CHAT["qwen3"],
}
CALLS = {
    "llama": '<|python_tag|>{"name": "calculate", "parameters": {"expression": "6*7"}}<|eom_id|>',
    "mistral": '[TOOL_CALLS]calculate[ARGS]{"expression": "6*7"}</s>',
    "gemma": '```tool_code\ncalculate("6*7")\n```<end_of_turn>',
    "qwen3": '<tool_call>\n{"name": "calculate", "arguments": {"expression": "6*7"}}\n</tool_call><|im_end|>',
}
RESULTS = {
    "llama": "<|eom_id|><|start_header_id|>ipython<|end_header_id|>\n\n42<|eot_id|>",
    "mistral": "</s>[TOOL_RESULTS] 42 [/TOOL_RESULTS]",
    "gemma": "<end_of_turn>\n<start_of_turn>user\n42<end_of_turn>\n",
    "qwen3": "<|im_end|>\n<|im_start|>user\n<tool_response>\n42\n</tool_response><|im_end|>\n",
}


class Says:
    """Samples given texts, end tokens and all, one after the other."""

    follow = True

    def __init__(self, chat: ChatFormat, texts: list[str]) -> None:
        self.chat, self.texts = chat, texts

    async def generate(self, prompt: list[int], *, seed: int, sampling: Sampling) -> Sample:
        ids = self.chat.encode(self.texts.pop(0))
        return Sample(ids, [-0.5] * len(ids), "stop", 0)

    async def take_up(self, *, inside: bool = False) -> None:
        pass

    def close(self) -> None:
        pass


def played(style: str, *texts: str) -> Episode:
    form = "tool_code" if style == "gemma" else None
    player = PolicyPlayer(Says(STYLES[style], [*texts]), STYLES[style], Sampling(), call_form=form)
    return Rollouts({"*": player}).run([TASK])[0]


@pytest.mark.parametrize("style", STYLES)
def test_a_call_is_made_and_its_result_comes_back_in_the_template(style: str) -> None:
    episode = played(style, CALLS[style], "wrong", "wrong")
    call, answer = episode.steps[:2]
    assert call.calls == [["calculate", {"expression": "6*7"}, ""]]
    assert answer.prompt == [{"role": "tool", "name": "calculate", "content": "42"}]
    context = STYLES[style].tokenizer.decode(episode.context(1))
    assert RESULTS[style] in context
    assert answer.parent == 0


@pytest.mark.parametrize("style", STYLES)
def test_the_marks_of_a_call_stay_in_its_text_and_its_tokens_are_as_sampled(style: str) -> None:
    step = played(style, CALLS[style], "wrong", "wrong").steps[0]
    assert CALLS[style].startswith(step.reply)
    assert step.token_ids == STYLES[style].encode(CALLS[style])
    assert step.token_ids[:-1] == STYLES[style].encode(step.reply)


def test_a_malformed_call_is_told_to_the_policy_and_costs_it_a_turn() -> None:
    episode = played("mistral", "[TOOL_CALLS]calculate[ARGS]{</s>", "wrong", "wrong")
    assert episode.steps[1].prompt[0]["content"].startswith("Error: a tool call is JSON")
    assert len(episode.steps) == 3


@pytest.mark.parametrize("style", STYLES)
def test_an_episode_with_calls_is_written_read_and_played_again(style: str) -> None:
    episode = played(style, CALLS[style], "wrong", "wrong")
    assert differences(Episode.from_json(episode.to_json())) == []


def test_text_without_a_call_leaves_its_special_tokens_out() -> None:
    assert played("mistral", "4[ARGS]2</s>", "5", "5").steps[0].reply == "42"


def test_a_policy_is_trained_on_its_own_tokens_and_not_on_what_the_tool_said() -> None:
    policy = tiny_policy(context=512)
    episode = Rollouts({"*": DemonstrationPlayer(policy.chat)}).run([TASK])[0]
    assert (len(episode.steps), episode.reward()) == (2, 1.0)
    batch = Batch.of([episode])
    learnt = [
        int(batch.sequences[row][at]) for row, at in zip(batch.sequence.tolist(), batch.position.tolist(), strict=True)
    ]
    assert learnt == [token for step in episode.steps for token in step.token_ids]
    text = policy.chat.text(learnt)
    assert "<tool_call>" in text and "\\boxed" in text and "What is" not in text


def test_log_probs_of_calls_are_those_that_the_learner_computes() -> None:
    policy = tiny_policy(context=512)
    player = PolicyPlayer(LocalEngine(policy), policy.chat, Sampling(max_tokens=12))
    episode = Rollouts({"*": player}).run([TASK])[0]
    batch = Batch.of([episode])
    with torch.no_grad():
        scores = policy.score(batch.sequences, batch.sequence, batch.position)
    sampled = torch.tensor([value for step in episode.steps for value in step.logprobs])
    torch.testing.assert_close(scores.logprobs, sampled, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("style", ["mistral", "gemma"])
def test_a_template_that_knows_no_tools_hears_their_results_from_the_user(style: str) -> None:
    chat = CHAT[style]
    told = chat.following([{"role": "tool", "content": "4"}, {"role": "tool", "content": "5"}], None)
    assert told is not None
    assert told == chat.following([{"role": "user", "content": "4\n5"}], None)


def test_a_template_that_leaves_tool_messages_out_hears_them_from_the_user() -> None:
    template = "{% for m in messages %}{% if m.role != 'tool' %}<{{ m.role }}>{{ m.content }}{% endif %}{% endfor %}"
    chat = ChatFormat(tokenizer_of(template, ("<eos>",), "<eos>"))
    assert chat.text(chat.first([{"role": "tool", "content": "4"}])) == "<user>4"


def test_the_reference_solver_calls_the_calculator() -> None:
    episode = Rollouts({"*": agents.get("oracle")()}).run([TASK])[0]
    assert [step.prompt[0]["role"] for step in episode.steps] == ["user", "tool"]
    assert episode.part("correct") == 1.0
