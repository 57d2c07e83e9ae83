import torch

from syllogym.algorithms.core.q_targets import best_worth, conservatism, padded

INF = torch.inf


def test_rows_are_padded_with_what_no_maximum_chooses() -> None:
    rows = padded(torch.tensor([1.0, 2.0, 3.0]), [2, 0, 1])
    assert rows.tolist() == [[1.0, 2.0], [-INF, -INF], [3.0, -INF]]


def test_a_batch_of_ends_alone_has_no_values() -> None:
    assert padded(torch.zeros(0), [0, 0]).tolist() == [[-INF], [-INF]]


def test_a_state_without_replies_is_worth_nothing() -> None:
    rows = torch.tensor([[-INF, -INF], [-3.0, -INF]])
    assert best_worth(rows).tolist() == [0.0, -3.0]
    assert best_worth(rows, online=rows).tolist() == [0.0, -3.0]


def test_the_online_network_chooses_and_the_target_network_judges() -> None:
    target, online = torch.tensor([[1.0, 5.0]]), torch.tensor([[2.0, 0.0]])
    assert (best_worth(target).item(), best_worth(target, online).item()) == (5.0, 1.0)


def test_replies_that_are_not_on_offer_do_not_stand_out() -> None:
    few, padded_more = torch.tensor([[1.0, 2.0]]), torch.tensor([[1.0, 2.0, -INF]])
    taken = torch.tensor([1])
    assert torch.equal(conservatism(few, taken), conservatism(padded_more, taken))


def test_the_gradient_passes_by_the_padding() -> None:
    values = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
    conservatism(padded(values, [1, 2]), torch.tensor([0, 1])).sum().backward()
    assert values.grad is not None and torch.isfinite(values.grad).all()
