"""Does only the adapter learn, is it what replies are sampled with, and do others read it?"""

from __future__ import annotations

import copy
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import AutoPeftModelForCausalLM, LoraConfig, PeftModel
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from transformers import AutoModelForCausalLM

from syllogym.agents.engines.decoder import Decoder
from syllogym.agents.engines.local import LocalEngine
from syllogym.agents.lora import Lora, add_adapter, base_of, load_adapter
from syllogym.agents.policy import Policy
from syllogym.agents.tiny import byte_tokenizer
from syllogym.agents.weights import adapted, plain_weights, twin
from syllogym.algorithms.core.update_rules import update_rules
from syllogym.errors import UserError
from tests.agents.engines.test_local import replies, unfused
from tests.agents.models import model_of, tiny_policy

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


@pytest.fixture
def saved(tmp_path: Path) -> tuple[Policy, Path]:
    """Return a policy over a base that lies in a folder, and the folder of its adapter."""
    Policy(model_of("qwen3"), byte_tokenizer()).save(tmp_path / "plain")
    policy = Policy.load(str(tmp_path / "plain"))
    add_adapter(policy.model, Lora(rank=4, targets=["q_proj", "down_proj"]), seed=0)
    policy = Policy(learned(policy.model), policy.tokenizer)
    policy.save(tmp_path / "adapter")
    return policy, tmp_path / "adapter"


def test_a_saved_adapter_is_small_and_loaded_as_it_was(saved: tuple[Policy, Path]) -> None:
    policy, folder = saved
    weights = load_file(folder / "adapter_model.safetensors")
    assert all("lora_" in name for name in weights)
    assert not (folder / "base").exists() and not (folder / "model.safetensors").exists()
    loaded = Policy.load(str(folder))
    assert logprobs(loaded).equal(logprobs(policy))
    assert {name for name, weight in loaded.named_parameters() if weight.requires_grad} == {
        name for name, _ in loaded.named_parameters() if "lora_" in name
    }


@pytest.mark.parametrize("how", ["auto", "over the base"])
def test_peft_reads_a_saved_adapter(saved: tuple[Policy, Path], how: str) -> None:
    policy, folder = saved
    base = folder.parent / "plain"
    if how == "auto":
        model = AutoPeftModelForCausalLM.from_pretrained(folder)
    else:
        model = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(base), folder)
    ids = SEQUENCES[0][None]
    with torch.no_grad():
        torch.testing.assert_close(model(input_ids=ids).logits, policy.model(input_ids=ids).logits)


def test_an_adapter_that_peft_wrote_is_read(tmp_path: Path) -> None:
    import peft

    Policy(model_of("gpt2"), byte_tokenizer()).save(tmp_path / "plain")
    base = AutoModelForCausalLM.from_pretrained(tmp_path / "plain")
    config = LoraConfig(r=3, use_dora=True, use_rslora=True, target_modules=["c_attn"], fan_in_fan_out=True)
    model = learned(peft.get_peft_model(base, config))
    model.save_pretrained(tmp_path / "adapter")
    policy = Policy.load(str(tmp_path / "adapter"))  # which has no tokenizer: its base's is taken
    ids = SEQUENCES[0][None]
    with torch.no_grad():
        torch.testing.assert_close(policy.model(input_ids=ids).logits, model(input_ids=ids).logits)
        torch.testing.assert_close(policy.merged().model(input_ids=ids).logits, model(input_ids=ids).logits)


def test_a_base_made_from_nothing_is_saved_beside_its_adapter_and_stays_there(tmp_path: Path) -> None:
    policy = tiny_policy()
    add_adapter(policy.model, Lora(), seed=0)
    policy = Policy(learned(policy.model), policy.tokenizer)
    policy.save(tmp_path / "first")
    again = Policy.load(str(tmp_path / "first"))
    again.save(tmp_path / "second")
    (tmp_path / "second").rename(tmp_path / "moved")
    assert logprobs(Policy.load(str(tmp_path / "moved"))).equal(logprobs(policy))
    base = AutoModelForCausalLM.from_pretrained(tmp_path / "moved" / "base")
    model = PeftModel.from_pretrained(base, tmp_path / "moved")
    ids = SEQUENCES[0][None]
    torch.testing.assert_close(model(input_ids=ids).logits, policy.model(input_ids=ids).logits)


def test_a_merged_policy_is_saved_as_a_whole_model(saved: tuple[Policy, Path], tmp_path: Path) -> None:
    policy, _ = saved
    policy.merged().save(tmp_path / "whole")
    assert base_of(str(tmp_path / "whole")) is None
    whole = Policy.load(str(tmp_path / "whole"))
    torch.testing.assert_close(logprobs(whole), logprobs(policy), rtol=1e-5, atol=1e-5)
    assert all(weight.requires_grad for weight in whole.parameters())


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


@pytest.mark.parametrize(
    ("lora", "sentence"),
    [
        (Lora(rank=8), r"rank: .* has 4, not 8"),
        (Lora(alpha=3.0), r"alpha: .* has 8, not 3"),
        (Lora(targets="all-linear"), r"targets: .* in the layers down_proj, q_proj"),
        (Lora(targets=["q_proj"]), r"targets: .* in the layers down_proj, q_proj"),
    ],
)
def test_settings_other_than_the_saved_adapters_are_refused(
    saved: tuple[Policy, Path], lora: Lora, sentence: str
) -> None:
    with pytest.raises(UserError, match=rf"policy\.lora\.{sentence}"):
        load_adapter(model_of("qwen3"), str(saved[1]), lora)


@pytest.mark.parametrize("family", ["narrower", "gpt2"])
def test_an_adapter_for_another_model_is_refused(saved: tuple[Policy, Path], family: str) -> None:
    model = tiny_policy().model if family == "narrower" else model_of(family)
    with pytest.raises(UserError, match=r"policy\.model: .*adapter"):
        load_adapter(model, str(saved[1]))


def test_an_adapter_that_lacks_a_matrix_is_refused(saved: tuple[Policy, Path]) -> None:
    file = saved[1] / "adapter_model.safetensors"
    weights = load_file(file)
    weights.pop(sorted(weights)[0])
    save_file(weights, file, metadata={"format": "pt"})
    with pytest.raises(UserError, match=r"does not fit its base: .*down_proj.*lora_A.* is missing or unknown"):
        Policy.load(str(saved[1]))


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [({"modules_to_save": ["lm_head"]}, "trains modules_to_save too"), ({"bias": "all"}, "trains biases too")],
)
def test_an_adapter_that_trains_more_than_low_rank_matrices_is_refused(
    tmp_path: Path, setting: dict[str, Any], sentence: str
) -> None:
    import peft

    Policy(model_of("llama"), byte_tokenizer()).save(tmp_path / "plain")
    base = AutoModelForCausalLM.from_pretrained(tmp_path / "plain")
    peft.get_peft_model(base, LoraConfig(target_modules=["q_proj"], **setting)).save_pretrained(tmp_path / "adapter")
    with pytest.raises(UserError, match=sentence):
        Policy.load(str(tmp_path / "adapter"))


def test_a_base_that_is_gone_is_named(saved: tuple[Policy, Path]) -> None:
    (saved[1].parent / "plain").rename(saved[1].parent / "elsewhere")
    with pytest.raises(UserError, match=r"policy\.model: .*plain' is no causal language model"):
        Policy.load(str(saved[1]))


def test_peft_is_asked_for_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "peft", None)
    with pytest.raises(UserError, match=r"policy\.lora needs peft: pip install 'syllogym\[lora\]'"):
        add_adapter(model_of("qwen3"), Lora(), seed=0)
