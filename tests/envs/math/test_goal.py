import pytest

from syllogym.envs.math.goal import flaw


@pytest.mark.parametrize(
    ("text", "target", "complaint"),
    [
        ("(5-1)*6", 24, ""),
        ("(5-1)*6", 25, "That makes 24, not 25."),
        ("6*4", 24, "That does not use exactly the numbers 5, 1, 6."),
        ("six", 24, "That cannot be evaluated: 's' does not belong in an expression."),
        ("(5-1)/6", 24, "That makes 2/3, not 24."),
    ],
)
def test_a_flaw_says_what_is_wrong(text: str, target: int, complaint: str) -> None:
    assert flaw(text, (5, 1, 6), target) == complaint
