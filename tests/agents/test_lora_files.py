"""Is an adapter saved and loaded without loss, do others read it, and is one told what cannot be gone on with?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import peft
import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM

from syllogym.agents.lora import Lora, add_adapter, base_of, load_adapter
from syllogym.agents.policy import Policy
from syllogym.agents.tiny import byte_tokenizer
from syllogym.errors import UserError
from tests.agents.models import model_of, tiny_policy
from tests.agents.test_lora import SEQUENCES, learned, logprobs


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
        model = peft.AutoPeftModelForCausalLM.from_pretrained(folder)
    else:
        model = peft.PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(base), folder)
    ids = SEQUENCES[0][None]
    with torch.no_grad():
        torch.testing.assert_close(model(input_ids=ids).logits, policy.model(input_ids=ids).logits)


def test_an_adapter_that_peft_wrote_is_read(tmp_path: Path) -> None:
    Policy(model_of("gpt2"), byte_tokenizer()).save(tmp_path / "plain")
    base = AutoModelForCausalLM.from_pretrained(tmp_path / "plain")
    config = peft.LoraConfig(r=3, use_dora=True, use_rslora=True, target_modules=["c_attn"], fan_in_fan_out=True)
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
    model = peft.PeftModel.from_pretrained(base, tmp_path / "moved")
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
    Policy(model_of("llama"), byte_tokenizer()).save(tmp_path / "plain")
    base = AutoModelForCausalLM.from_pretrained(tmp_path / "plain")
    peft.get_peft_model(base, peft.LoraConfig(target_modules=["q_proj"], **setting)).save_pretrained(
        tmp_path / "adapter"
    )
    with pytest.raises(UserError, match=sentence):
        Policy.load(str(tmp_path / "adapter"))


def test_a_base_that_is_gone_is_named(saved: tuple[Policy, Path]) -> None:
    (saved[1].parent / "plain").rename(saved[1].parent / "elsewhere")
    with pytest.raises(UserError, match=r"policy\.model: .*plain' is no causal language model"):
        Policy.load(str(saved[1]))
