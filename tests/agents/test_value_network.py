from pathlib import Path

import pytest
import torch

from syllogym.agents.value_network import ValueNetwork
from syllogym.errors import UserError


def trained(pairs: list[tuple[str, str]], values: list[float]) -> ValueNetwork:
    """Fit a network to some values."""
    network = ValueNetwork(width=16, buckets=512)
    optimiser = torch.optim.Adam(network.parameters(), lr=0.01)
    for _ in range(200):
        optimiser.zero_grad()
        (network(pairs) - torch.tensor(values)).square().mean().backward()
        optimiser.step()
    return network


def test_it_says_nothing_before_it_has_learnt() -> None:
    assert ValueNetwork().of("a state", ["one", "other"]) == [0.0, 0.0]


def test_it_learns_to_say_what_the_question_says_and_does_so_with_words_it_never_saw() -> None:
    words = ["red", "blue", "green", "gold", "pink", "grey"]
    pairs = [(f"Question: {asked} 3\nOther: {said} 4", said) for asked in words for said in words]
    network = trained(pairs, [float(state.split()[1] == said) for state, said in pairs])
    right, wrong = network.of("Question: violet 3\nOther: brown 4", ["violet", "brown"])
    assert right > wrong + 0.5


def test_a_value_does_not_depend_on_what_is_asked_beside_it() -> None:
    network = trained([("s", "a"), ("s", "b b")], [1.0, 2.0])
    alone = network.of("s", ["a"])
    assert network.of("s", ["b b", "a", ""])[1:2] == pytest.approx(alone, abs=1e-6)


def test_a_saved_network_is_read_back_to_the_last_bit(tmp_path: Path) -> None:
    network = trained([("s", "a")], [1.0])
    network.save(tmp_path / "new")
    assert ValueNetwork.load(tmp_path / "new").of("s", ["a", "b"]) == network.of("s", ["a", "b"])


def test_the_seed_alone_decides_the_initial_weights_and_no_global_chance_is_drawn() -> None:
    before = torch.get_rng_state()
    one, other = ValueNetwork(seed=3), ValueNetwork(seed=3)
    assert torch.equal(one.embedding.weight, other.embedding.weight)
    assert torch.equal(before, torch.get_rng_state())


def test_a_folder_without_a_network_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="holds no network of values that can be read"):
        ValueNetwork.load(tmp_path)
