"""Who shares vLLM's processes, and what is sent to them? Real processes, without vLLM in them."""

from __future__ import annotations

import os
import signal
from contextlib import closing

import pytest
from peft import LoraConfig

from syllogym.agents.engines.vllm.engine import VLLMEngine
from syllogym.agents.engines.vllm.host import Host, Hosts
from syllogym.agents.engines.vllm.options import VLLMOptions
from syllogym.agents.lora import Lora, add_adapter
from syllogym.agents.policy import Policy
from syllogym.agents.tiny import byte_tokenizer
from syllogym.agents.weights import twin
from syllogym.errors import UserError
from tests.agents.engines.vllm.fakes import PROMPTS, fake, happened, replies
from tests.agents.models import model_of, tiny_policy

PLACE = ["there", "is", "none"]


def over_one_base(*shapes: Lora) -> list[Policy]:
    """Policies with new adapters over one base; they score alike."""
    base = tiny_policy().model.requires_grad_(False)
    models = [twin(base) for _ in shapes]
    for model, shape in zip(models, shapes, strict=True):
        add_adapter(model, shape, seed=0)
    return [Policy(model, byte_tokenizer()) for model in models]


def test_policies_over_one_base_share_a_process_which_takes_the_base_once() -> None:
    first, second = over_one_base(Lora(rank=2), Lora(rank=9))
    with fake(policy=first) as engine, closing(VLLMEngine(second, host=engine.host)) as other:
        first.version, second.version = 3, 7
        assert [{sample.version for sample in replies(each)} for each in (engine, other)] == [{3}, {7}]
        assert (happened(engine, "begun"), happened(engine, "take")) == (1, 3)
        second.version = 8
        assert [{sample.version for sample in replies(each)} for each in (engine, other)] == [{3}, {8}]
        assert happened(engine, "take") == 4


def test_the_next_process_is_given_the_adapters_that_the_lost_one_had() -> None:
    first, second, idle = over_one_base(Lora(), Lora(), Lora())
    with fake(policy=first, follow=False) as engine:
        other, third = (VLLMEngine(policy, host=engine.host, follow=False) for policy in (second, idle))
        wanted = [replies(each) for each in (engine, other)]
        first.version = 5
        process = engine.host.replicas[0].process
        assert process is not None
        os.kill(process.pid, signal.SIGKILL)
        assert [replies(each) for each in (other, engine)] == wanted[::-1]
        assert (happened(engine, "begun"), happened(engine, "take")) == (2, 6)  # nobody sampled for the third
        other.close()
        third.close()


def test_the_processes_end_with_the_last_policy() -> None:
    first, second = over_one_base(Lora(), Lora())
    with fake(policy=first) as engine:
        other = VLLMEngine(second, host=engine.host)
        replies(engine, PROMPTS[:1])
        engine.close()
        assert replies(other, PROMPTS[:1])
        folder = engine.host.launch.folder
        assert folder.exists()
        other.close()
        assert not folder.exists()


def test_a_number_is_given_to_another_when_it_is_free() -> None:
    policies = over_one_base(Lora(), Lora(), Lora())
    host = Host(policies[0], VLLMOptions(), program=PLACE)
    guests = [host.admit(policy) for policy in policies]
    host.dismiss(guests[1])
    again = host.admit(policies[1])
    assert [guest.number for guest in (*guests, again)] == [1, 2, 3, 2]
    for guest in (guests[0], again, guests[2]):
        host.dismiss(guest)


def test_closing_twice_closes_no_other() -> None:
    first, second = over_one_base(Lora(), Lora())
    host = Host(first, VLLMOptions(), program=PLACE)
    engine, other = VLLMEngine(first, host=host), VLLMEngine(second, host=host)
    engine.close()
    newcomer = VLLMEngine(first, host=host)
    engine.close()
    assert host.guests == {1: newcomer.guest, 2: other.guest}
    newcomer.close()
    other.close()


def test_other_bases_and_whole_models_and_merged_adapters_have_hosts_of_their_own() -> None:
    first, second = over_one_base(Lora(), Lora())
    (stranger,) = over_one_base(Lora())
    host = Host(first, VLLMOptions(), program=PLACE)
    assert [host.takes(policy) for policy in (second, stranger, tiny_policy())] == [True, False, False]
    merging = Host(first, VLLMOptions(adapters=0), program=PLACE)
    assert not merging.takes(second)
    for each in (host, merging):
        each.dismiss(each.admit(first))


@pytest.mark.parametrize("shape", [Lora(rank=9), Lora(rank=2, targets=["v_proj"])], ids=["rank", "layers"])
def test_an_adapter_for_which_a_running_vllm_has_no_room_gets_a_host_of_its_own(shape: Lora) -> None:
    first, small, other = over_one_base(Lora(rank=4, targets=["q_proj"]), Lora(rank=2, targets=["q_proj"]), shape)
    with fake(policy=first) as engine:
        assert engine.host.takes(other)
        replies(engine, PROMPTS[:1])
        assert engine.host.takes(small)
        assert not engine.host.takes(other)


def test_hosts_are_found_again_as_long_as_somebody_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("syllogym.agents.engines.vllm.launch.check_installed", lambda python: None)
    first, second = over_one_base(Lora(), Lora())
    hosts = Hosts(VLLMOptions())
    engine = VLLMEngine(first, host=hosts.of(first))
    assert hosts.of(second) is engine.host
    engine.close()
    other = hosts.of(second)
    assert other is not engine.host
    other.dismiss(other.admit(second))


def dora() -> Policy:
    model = tiny_policy().model
    model.add_adapter(LoraConfig(r=2, target_modules=["q_proj"], use_dora=True))
    return Policy(model, byte_tokenizer())


def head() -> Policy:
    model = model_of("llama")
    add_adapter(model, Lora(targets=["lm_head"]), seed=0)
    return Policy(model, byte_tokenizer())


def convolution() -> Policy:
    model = model_of("gpt2")
    add_adapter(model, Lora(), seed=0)
    return Policy(model, byte_tokenizer())


def high() -> Policy:
    return over_one_base(Lora(rank=600))[0]


@pytest.mark.parametrize(
    ("make", "told"),
    [(dora, "it is a DoRA"), (head, "over the output head"), (convolution, "over a Conv1D"), (high, "rank is 600")],
)
def test_an_adapter_that_vllm_cannot_keep_apart_is_told_with_the_setting_that_merges_it(
    make: object, told: str
) -> None:
    assert callable(make)
    policy = make()
    with pytest.raises(UserError, match=rf"{told}.*Write engine\.adapters: 0"):
        Host(policy, VLLMOptions(), program=PLACE)
    host = Host(policy, VLLMOptions(adapters=0), program=PLACE)
    host.dismiss(host.admit(policy))
