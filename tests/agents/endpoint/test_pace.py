from syllogym.agents.endpoint.pace import Pace


def test_amounts_are_spread_evenly_over_the_minute() -> None:
    pace = Pace(per_minute=60)
    assert [pace.take(2, now=10.0) for _ in range(3)] == [0.0, 2.0, 4.0]


def test_what_was_not_used_frees_its_time() -> None:
    pace = Pace(per_minute=60)
    pace.take(10, now=0.0)
    pace.give_back(7)
    assert pace.take(1, now=0.0) == 3.0


def test_no_limit_waits_for_nothing() -> None:
    pace = Pace(None)
    assert [pace.take(1e9, now=0.0) for _ in range(3)] == [0.0] * 3
