from syllogym.envs.tree.render import to_dot, to_mermaid, to_text
from syllogym.envs.tree.thought_tree import Status, ThoughtTree

HOSTILE = 'say "so"\\ <script>alert(1)</script>\n`x`'


def tree() -> ThoughtTree:
    found = ThoughtTree("root", 0)
    found.add(0, "a", state=1, value=0.5)
    found.add(1, HOSTILE, state=2, status=Status.DEAD)
    found.add(0, "again", state=2, merge=True)
    found.back_up(1, 1.0)
    return found


def test_text_is_indented_and_marks_the_cursor() -> None:
    assert to_text(tree(), cursor=1, width=12).splitlines() == [
        " 0: root [1 visit]",
        "*  1: a [0.50] [1 visit]",
        '     2: say "so"\\... [dead]',
    ]


def test_text_counts_what_it_leaves_out() -> None:
    assert to_text(tree(), most=1).splitlines()[-1] == "... and 2 more"


def test_a_branch_begins_at_the_margin() -> None:
    assert to_text(tree(), 1, most=1).startswith(" 1: a")


def test_dot_quotes_and_dashes_further_ways() -> None:
    dot = to_dot(tree())
    assert 'say \\"so\\"\\\\ <script>' in dot and "n0 -> n2 [style=dashed];" in dot and "n1 -> n2;" in dot


def test_mermaid_escapes_and_dots_further_ways() -> None:
    chart = to_mermaid(tree())
    assert "<script>" not in chart and "say &quot;so&quot;" in chart and "n0 -.-> n2" in chart
