import pytest

from syllogym.envs.tree.actions import (
    Action,
    Answer,
    Backtrack,
    Evaluate,
    Expand,
    Propose,
    Refused,
    judgement,
    read,
    written,
)

ACTIONS: list[Action] = [
    Propose("4 * 6 = 24", 3), Propose("a thought"), Expand(3, 4), Expand(), Evaluate(5, 0.7), Evaluate(5), Evaluate(),
    Backtrack(2, prune=True), Backtrack(0), Answer("(4+4)*3", 7), Answer(node=7), Answer(),
]  # fmt: skip


@pytest.mark.parametrize("action", ACTIONS, ids=written)
def test_what_is_written_is_read_back(action: Action) -> None:
    assert read(written(action)) == action


@pytest.mark.parametrize(
    ("reply", "action"),
    [
        ("Let me think.\n<EXPAND k=3 node='2' /> there", Expand(2, 3)),
        ("<evaluate node=1> Likely. </evaluate>", Evaluate(1, 0.5)),
        ('<propose node="0">one</propose><propose node="1">two</propose>', Propose("two", 1)),
        ('<backtrack prune="0" to="4">', Backtrack(4)),
        ("<propose>1 < 2\nand so on</propose>", Propose("1 < 2\nand so on")),
        ("<answer></answer>", Answer()),
        ("<expand\n node=2,\n k=3\n/>", Expand(2, 3)),
        ("<expand node='2\"/>", Expand(2)),
    ],
)
def test_a_lenient_reader_understands(reply: str, action: Action) -> None:
    assert read(reply) == action


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        ("", "Say one of <propose>"),
        ("<propose/>", "A thought is missing"),
        ("<propose> </propose>", "A thought is missing"),
        ("<propose>thought", "</propose> is missing"),
        ("<backtrack/>", "needs a node to go to"),
        ('<expand depth="3"/>', "takes k and node; not depth"),
        ("<expand node=x/>", "takes k and node as whole numbers, such as node=\"3\"; not 'node=x'"),
        ("<expand node=-1/>", "not 'node=-1'"),
        ("<expand node=3.5/>", "not 'node=3.5'"),
        ("<expand node=3x k=2/>", "not 'node=3x'"),
        ("<expand node=1234567890/>", "not 'node=1234567890'"),
        ("<expand node/>", "not 'node'"),
        ("<expand 3/>", "not '3'"),
        ('<expand depth="x"/>', "takes k and node .* not 'depth=\"x\"'"),
        ("<propose node=two>thought</propose>", "takes node .* not 'node=two'"),
        ("<evaluate node=>0.5</evaluate>", "not 'node='"),
        ("<answer node=none>24</answer>", "not 'node=none'"),
        ("<backtrack to=root/>", "takes prune and to .* not 'to=root'"),
        ("<backtrack to=2 prune=yes/>", "not 'prune=yes'"),
        ("<evaluate>very good</evaluate>", "not 'very good'"),
        (f"<answer>{'x' * 9_000}</answer>", "holds 9000 characters; 8192 are allowed"),
    ],
)
def test_an_action_that_cannot_be_read_is_told_why(reply: str, told: str) -> None:
    with pytest.raises(Refused, match=told):
        read(reply)


@pytest.mark.parametrize(
    ("text", "value"), [("sure", 1.0), ("likely.", 0.5), ("impossible", 0.0), ("0.25", 0.25), (".5", 0.5), ("1", 1.0)]
)
def test_a_judgement_is_a_number_or_a_word(text: str, value: float) -> None:
    assert judgement(text) == value


@pytest.mark.parametrize("text", ["1.5", "-0.1", "nan", "inf", "0.5.5", "9" * 400, "\N{ARABIC-INDIC DIGIT ZERO}"])
def test_a_judgement_is_never_out_of_range(text: str) -> None:
    with pytest.raises(Refused):
        judgement(text)
