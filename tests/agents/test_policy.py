"""Does a policy score tokens as its model does, and is it loaded and saved without loss?"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from transformers import T5Config

from syllogym.agents.policy import Policy
from syllogym.agents.tiny import byte_tokenizer
from syllogym.errors import UserError
from tests.agents.models import policy_of, tiny_policy
from tests.algorithms.conftest import vector  # noqa: F401

SEQUENCES = [torch.tensor([5, 6, 7, 8, 9]), torch.tensor([10, 11, 12])]
ROW, POSITION = torch.tensor([0, 0, 1]), torch.tensor([2, 4, 1])


def plain(policy: Policy, temperature: float) -> Tensor:
    """Return log-probs (3, V) from one forward pass of the model for each sequence."""
    with torch.no_grad():
        logits = [policy.model(input_ids=ids[None], use_cache=False).logits[0] for ids in SEQUENCES]
    chosen = zip(ROW.tolist(), POSITION.tolist(), strict=True)
    return torch.stack([logits[row][place - 1] / temperature for row, place in chosen]).log_softmax(-1)


@pytest.mark.parametrize(("family", "is_plain"), [("qwen3", True), ("gpt2", True), ("gemma2", False)])
@pytest.mark.parametrize("temperature", [1.0, 0.5])
def test_scores_are_the_models_own(family: str, is_plain: bool, temperature: float) -> None:
    policy = policy_of(family).eval()
    assert policy._plain_head is is_plain
    scores = policy.score(SEQUENCES, ROW, POSITION, temperature=temperature)
    every = plain(policy, temperature)
    token = torch.stack([SEQUENCES[row][place] for row, place in zip(ROW, POSITION, strict=True)])
    torch.testing.assert_close(scores.logprobs, every.gather(1, token[:, None])[:, 0], rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(scores.entropy, -(every.exp() * every).sum(1), rtol=1e-4, atol=1e-5)


def test_padding_does_not_matter() -> None:
    policy = policy_of()
    alone = policy.score([SEQUENCES[1]], torch.tensor([0, 0]), torch.tensor([1, 2]))
    beside = policy.score([SEQUENCES[1], torch.arange(40)], torch.tensor([0, 0]), torch.tensor([1, 2]))
    torch.testing.assert_close(alone.logprobs, beside.logprobs, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("family", ["qwen3", "gemma2"])
def test_a_new_critic_says_zero_and_can_learn(family: str) -> None:
    policy = policy_of(family, critic="head")
    values = policy.score(SEQUENCES, ROW, POSITION).values
    assert values is not None and (values == 0).all()
    values.sum().backward()  # type: ignore[no-untyped-call]
    assert policy.critic is not None and policy.critic.head.weight.grad is not None
    assert policy.critic.head.weight.grad.abs().sum() > 0


def test_a_critic_of_its_own_leaves_the_policy_as_it_is() -> None:
    policy = policy_of(critic="model")
    assert policy.critic is not None and policy.critic.body is not None
    nn.init.ones_(policy.critic.head.weight)
    values = policy.score(SEQUENCES, ROW, POSITION).values
    assert values is not None
    values.sum().backward()  # type: ignore[no-untyped-call]
    assert all(weight.grad is None for weight in policy.model.parameters())
    assert any(weight.grad is not None and weight.grad.abs().sum() > 0 for weight in policy.critic.body.parameters())


def test_a_frozen_copy_has_no_critic_and_does_not_follow() -> None:
    policy = policy_of(critic="model")
    twin = policy.frozen()
    before = twin.score(SEQUENCES, ROW, POSITION).logprobs
    with torch.no_grad():
        policy.model.get_input_embeddings().weight.mul_(2)
    assert twin.critic is None and not any(weight.requires_grad for weight in twin.parameters())
    assert twin.score(SEQUENCES, ROW, POSITION).logprobs.equal(before)


class LogitTable(nn.Module):
    """A model whose logits are given."""

    def __init__(self, logits: Any) -> None:
        super().__init__()
        self.table = nn.Parameter(torch.tensor(logits))
        self.embedding = nn.Embedding(3, 1)

    def get_input_embeddings(self) -> nn.Module:
        return self.embedding

    def get_output_embeddings(self) -> None:
        return None

    def forward(self, **_: Any) -> Any:
        return type("Output", (), {"logits": self.table})


@pytest.mark.parametrize(("temperature", "key"), [(1.0, "logp_T1"), (2.0, "logp_T2")])
def test_a_token_is_scored_by_the_logits_before_it(
    vector: Callable[[str], dict[str, Any]],  # noqa: F811
    temperature: float,
    key: str,
) -> None:
    case = vector("logprob_shift")
    policy = Policy(LogitTable(case["inputs"]["logits"]), byte_tokenizer())
    position = torch.tensor(case["inputs"]["response_mask"])[0].nonzero()[:, 0]
    ids = torch.tensor(case["inputs"]["ids"][0])
    scores = policy.score([ids], torch.zeros_like(position), position, temperature=temperature)
    torch.testing.assert_close(scores.logprobs, torch.tensor(case["expected"][key])[0][position], atol=1e-6, rtol=0)


@pytest.mark.parametrize(("temperature", "key"), [(1.0, "H_T1"), (2.0, "H_T2")])
def test_entropy_is_that_of_the_whole_vocabulary_at_the_sampling_temperature(
    vector: Callable[[str], dict[str, Any]],  # noqa: F811
    temperature: float,
    key: str,
) -> None:
    case = vector("token_entropy")
    policy = Policy(LogitTable([[*case["inputs"]["logits"], [0.0, 0.0, 0.0]]]), byte_tokenizer())
    scores = policy.score([torch.tensor([0, 1])], torch.tensor([0]), torch.tensor([1]), temperature=temperature)
    assert scores.entropy.item() == pytest.approx(case["expected"][key], abs=case["tol"])


def test_a_saved_policy_is_loaded_as_it_was(tmp_path: Path) -> None:
    policy = tiny_policy()
    policy.save(tmp_path)
    loaded = Policy.load(str(tmp_path))
    assert torch.equal(*(one.score(SEQUENCES, ROW, POSITION).logprobs for one in (policy, loaded)))
    text = [{"role": "user", "content": "héllo <b>"}]
    assert loaded.chat.first(text) == policy.chat.first(text)
    assert loaded.context == policy.context


def test_a_missing_folder_is_the_users_mistake(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"policy\.model: .* is no causal language model"):
        Policy.load(str(tmp_path / "nowhere"))


def test_a_folder_without_a_model_is_the_users_mistake(tmp_path: Path) -> None:
    byte_tokenizer().save_pretrained(tmp_path)
    with pytest.raises(UserError, match=r"policy\.model"):
        Policy.load(str(tmp_path))


def test_a_model_of_another_kind_is_the_users_mistake(tmp_path: Path) -> None:
    byte_tokenizer().save_pretrained(tmp_path)
    T5Config(d_model=8, num_layers=1).save_pretrained(tmp_path)
    with pytest.raises(UserError, match=r"policy\.model"):
        Policy.load(str(tmp_path))


def test_damaged_weights_are_the_users_mistake(tmp_path: Path) -> None:
    tiny_policy().save(tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"damaged")
    with pytest.raises(UserError, match=r"policy\.model"):
        Policy.load(str(tmp_path))


def test_a_tokenizer_larger_than_its_model_is_the_users_mistake(tmp_path: Path) -> None:
    policy = tiny_policy()
    policy.save(tmp_path)
    policy.tokenizer.add_tokens(["extra"])
    policy.tokenizer.save_pretrained(tmp_path)
    with pytest.raises(UserError, match=r"has 263 tokens, its model only 262"):
        Policy.load(str(tmp_path))


def test_a_tokenizer_with_gaps_counts_by_its_highest_id(tmp_path: Path) -> None:
    policy = tiny_policy()
    policy.save(tmp_path)
    file = tmp_path / "tokenizer.json"
    data = json.loads(file.read_text(encoding="utf-8"))
    vocabulary = data["model"]["vocab"]
    vocabulary[max(vocabulary, key=vocabulary.get)] = 400
    file.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(UserError, match=r"has 401 tokens, its model only 262"):
        Policy.load(str(tmp_path))


@pytest.mark.parametrize("given", [700, [1, 700]], ids=str)
def test_a_special_token_that_the_weights_do_not_have_is_the_users_mistake(tmp_path: Path, given: Any) -> None:
    tiny_policy().save(tmp_path)
    file = tmp_path / "config.json"
    config = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**config, "eos_token_id": given}), encoding="utf-8")
    with pytest.raises(UserError, match=r"policy\.model: eos_token_id of .* is 700, but its model has only 262 tokens"):
        Policy.load(str(tmp_path))
