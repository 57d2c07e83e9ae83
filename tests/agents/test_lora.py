"""Does only the adapter learn, is it what replies are sampled with, and is its base shared?"""

from __future__ import annotations

import copy
import sys
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from syllogym.agents.engines.decoder import Decoder
from syllogym.agents.engines.local import LocalEngine
from syllogym.agents.lora import Lora, add_adapter
from syllogym.agents.policy import Policy
from syllogym.agents.tiny import byte_tokenizer
from syllogym.agents.weights import adapted, plain_weights, twin
from syllogym.algorithms.core.update_rules import update_rules
from syllogym.errors import UserError
from tests.agents.engines.test_local import replies, unfused
from tests.agents.models import model_of

SEQUENCES = [torch.tensor([5, 6, 7, 8, 9]), torch.tensor([5, 6, 12])]
ROW, POSITION = torch.tensor([0, 0, 1]), torch.tensor([2, 4, 2])
FAMILIES = ["llama", "qwen2", "qwen3", "mistral", "gpt2", "gemma2", "mistral-sliding"]


def learned(model: Any, seed: int = 1) -> Any:
    """Give an adapter the weights of one that has learnt."""
    generator = torch.Generator().manual_seed(seed)
    for name, weight in model.named_parameters():
        if "lora_B" in name:
            weight.data.normal_(std=0.1, generator=generator)
    return model


def adapted_policy(family: str = "qwen3", lora: Lora | None = None, **settings: Any) -> Policy:
    model = model_of(family)
    add_adapter(model, lora or Lora(rank=4), seed=0)
    return Policy(learned(model), byte_tokenizer(), **settings)


def logprobs(policy: Policy) -> Tensor:
    return policy.eval().score(SEQUENCES, ROW, POSITION).logprobs.detach()


def test_a_new_adapter_changes_nothing_yet() -> None:
    model = model_of("qwen3")
    before = logprobs(Policy(copy.deepcopy(model), byte_tokenizer()))
    add_adapter(model, Lora(), seed=0)
    assert logprobs(Policy(model, byte_tokenizer())).equal(before)


@pytest.mark.parametrize("family", FAMILIES)
def test_scores_are_those_of_the_merged_model(family: str) -> None:
    policy = adapted_policy(family).double()
    merged = policy.merged().double()
    assert not adapted(merged.model)
    torch.testing.assert_close(logprobs(merged), logprobs(policy), rtol=0, atol=1e-12)
    assert (logprobs(Policy(model_of(family), byte_tokenizer()).double()) - logprobs(policy)).abs().max() > 1e-3


@pytest.mark.parametrize(("family", "packs", "plain"), [("qwen3", True, True), ("gpt2", True, True)])
def test_an_adapted_model_is_run_packed_and_only_action_tokens_go_through_the_head(
    family: str, packs: bool, plain: bool
) -> None:
    policy = adapted_policy(family)
    assert (policy._packs, policy._plain_head) == (packs, plain)


def test_plain_weights_are_those_of_the_merged_model_by_its_names() -> None:
    policy = adapted_policy("gpt2")
    merged = dict(policy.merged().model.named_parameters(remove_duplicate=False))
    mine = dict(policy.plain_weights())
    assert mine.keys() == merged.keys()
    assert "lm_head.weight" in mine  # which is tied
    assert all(mine[name].equal(merged[name]) for name in mine)
    assert {name for name, _ in plain_weights(model_of("gpt2"))} == mine.keys()


@pytest.mark.parametrize("family", ["llama", "qwen2", "qwen3", "mistral"])
def test_the_decoder_samples_with_the_adapter_as_it_is_now(family: str) -> None:
    policy = adapted_policy(family, Lora(rank=4, targets=["q_proj", "o_proj", "up_proj", "down_proj"]))
    engine = LocalEngine(policy)
    assert engine.fused
    first = engine_gap(engine)
    learned(policy.model, seed=2)
    policy.version += 1
    assert max(first, engine_gap(engine)) <= 1e-5


def engine_gap(engine: LocalEngine) -> float:
    """Return the largest difference in log-probability between what was sampled and what the learner says of it."""
    prompt = [7, 8, 9]
    samples = replies(engine, [prompt] * 4)
    sequences = [torch.tensor(prompt + sample.ids) for sample in samples]
    row = torch.tensor([at for at, sample in enumerate(samples) for _ in sample.ids])
    position = torch.cat([torch.arange(len(prompt), len(ids)) for ids in sequences])
    scores = engine.policy.score(sequences, row, position).logprobs.detach()
    return float((scores - torch.tensor([each for sample in samples for each in sample.logprobs])).abs().max())


def test_lockstep_samples_with_the_adapter() -> None:
    policy = adapted_policy("qwen3")
    assert [s.ids for s in replies(unfused(policy))] == [s.ids for s in replies(LocalEngine(policy))]


def test_sampling_leaves_the_base_as_it_is() -> None:
    policy = adapted_policy("qwen3")
    before = {name: value.clone() for name, value in policy.state_dict().items()}
    replies(LocalEngine(policy))
    assert all(value.equal(before[name]) for name, value in policy.state_dict().items())


def test_an_output_head_of_its_own_can_have_an_adapter() -> None:
    policy = adapted_policy("llama", Lora(rank=2, targets=["lm_head", "v_proj"]))
    assert policy._plain_head
    assert engine_gap(LocalEngine(policy)) <= 1e-5
    assert Decoder.drives(policy.model)


@pytest.mark.parametrize("rule", ["adamw", "sgd", "muon"])
@pytest.mark.parametrize("critic", [None, "head", "model"])
def test_an_optimiser_holds_the_adapter_and_the_critic_alone(rule: Any, critic: Any) -> None:
    policy = adapted_policy(critic=critic)
    rules = update_rules(rule, policy, lr=0.1, betas=(0.9, 0.9), momentum=0.9, weight_decay=0.0)
    held = {id(weight) for each in rules for group in each.param_groups for weight in group["params"]}
    names = {name for name, weight in policy.named_parameters() if id(weight) in held}
    assert names == {name for name, _ in policy.named_parameters() if "lora_" in name or name == "critic.head.weight"}


@pytest.mark.parametrize("critic", [None, "model"])
def test_a_frozen_copy_and_a_critics_body_share_the_base_and_keep_adapters_of_their_own(critic: Any) -> None:
    policy = adapted_policy(critic=critic)
    other = policy.frozen() if critic is None else policy.critic
    assert other is not None
    before = {name: value.clone() for name, value in other.state_dict().items()}
    mine = places(policy.model)
    shared = {name for name, weight in other.named_parameters() if weight.data_ptr() in mine}
    assert shared == {name for name, _ in other.named_parameters() if "lora_" not in name and "head" not in name}
    learned(policy.model, seed=2)
    assert all(value.equal(before[name]) for name, value in other.state_dict().items())


def test_the_reference_of_a_new_adapter_is_the_base() -> None:
    model = model_of("qwen3")
    base = logprobs(Policy(copy.deepcopy(model), byte_tokenizer()))
    add_adapter(model, Lora(), seed=0)
    policy = Policy(model, byte_tokenizer())
    reference = policy.frozen()
    learned(policy.model)
    assert logprobs(reference).equal(base)
    assert not logprobs(policy).equal(base)


def places(module: nn.Module) -> dict[int, int]:
    """Return where the weights lie, and the bytes of each."""
    return {weight.data_ptr(): weight.nbytes for weight in module.parameters()}


def test_twins_need_the_memory_of_one_base_and_their_adapters() -> None:
    base = model_of("qwen3").requires_grad_(False)
    one = sum(places(base).values())
    twins = [twin(base) for _ in range(3)]
    for number, model in enumerate(twins):
        add_adapter(model, Lora(rank=2), seed=number)
    adapters = sum(w.nbytes for model in twins for n, w in model.named_parameters() if "lora_" in n)
    assert sum({at: size for model in twins for at, size in places(model).items()}.values()) == one + adapters
    weights = [dict(model.named_parameters())["model.layers.0.mlp.up_proj.lora_A.default.weight"] for model in twins]
    assert not weights[0].equal(weights[1])


def test_learnt_weights_are_the_adapters_and_the_critics_and_can_be_taken_up() -> None:
    policy, other = (adapted_policy(critic="model") for _ in range(2))
    learned(policy, seed=5)
    learnt = policy.learnt()
    assert {"critic.head.weight"} == {name for name in learnt if "lora_" not in name}
    other.take_up(copy.deepcopy(learnt))
    assert logprobs(other).equal(logprobs(policy))


@pytest.mark.parametrize(
    ("family", "targets", "sentence"),
    [
        ("qwen3", ["q_proj", "v_porj"], r"'v_porj' is no layer .*down_proj.*Did you mean v_proj"),
        ("qwen3", ["mlp"], r"mlp is no linear layer"),
        ("qwen3", ["embed_tokens"], r"embed_tokens is no linear layer"),
        ("qwen3", ["lm_head"], r"lm_head shares its weight with the input embedding"),
        ("gpt2", ["q_proj"], r"'q_proj' is no layer .* c_attn, c_fc, c_proj"),
    ],
)
def test_targets_that_cannot_have_an_adapter_are_refused(family: str, targets: list[str], sentence: str) -> None:
    with pytest.raises(UserError, match=rf"policy\.lora\.targets: {sentence}"):
        add_adapter(model_of(family), Lora(targets=targets), seed=0)


def test_peft_is_asked_for_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "peft", None)
    with pytest.raises(UserError, match=r"policy\.lora needs peft: pip install 'syllogym\[lora\]'"):
        add_adapter(model_of("qwen3"), Lora(), seed=0)
