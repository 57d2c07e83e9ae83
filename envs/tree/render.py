"""What does a thought tree look like as text, to Graphviz, or in Mermaid?"""

from __future__ import annotations

import html
from collections.abc import Iterator
from math import isnan

from syllogym.envs.tree.thought_tree import Status, ThoughtTree

_COLOURS = {
    Status.OPEN: "#e8f0fe", Status.EXPANDED: "#ffffff", Status.PRUNED: "#eeeeee", Status.TERMINAL: "#d7f5dd",
    Status.DEAD: "#fde0e0",
}  # fmt: skip


def to_text(tree: ThoughtTree, node: int = 0, *, cursor: int | None = None, width: int = 100, most: int = 400) -> str:
    """Write a node and all below it, one a line, indented; `*` stands before the cursor.

    Args:
        width: characters of a thought that are shown. most: lines; what is left out is counted in the last one.
    """
    lines: list[str] = []
    nodes = tree.below(node)
    for one in nodes:
        if len(lines) == most:
            lines.append(f"... and {1 + sum(1 for _ in nodes)} more")
            break
        mark = "*" if one == cursor else " "
        indent = "  " * (tree.depth[one] - tree.depth[node])
        lines.append(f"{mark}{indent}{one}: {_short(tree.text[one], width)}{_notes(tree, one)}")
    return "\n".join(lines)


def to_dot(tree: ThoughtTree) -> str:
    """Write the tree as a digraph for Graphviz; further ways to a node are dashed."""
    lines = ["digraph thoughts {", '  node [shape=box, style="rounded,filled", fontname="sans-serif"];']
    for node in range(len(tree)):
        label = f"{node}: {_short(tree.text[node], 60)}{_notes(tree, node)}"
        lines.append(f'  n{node} [label="{_quoted(label)}", fillcolor="{_COLOURS[tree.status[node]]}"];')
    lines += [f"  n{tree.parent[node]} -> n{node};" for node in range(1, len(tree))]
    lines += [f"  n{parent} -> n{node} [style=dashed];" for parent, node, _ in tree.also]
    return "\n".join([*lines, "}"])


def to_mermaid(tree: ThoughtTree) -> str:
    """Write the tree as a flowchart in Mermaid; further ways to a node are dotted."""
    lines = ["flowchart TD"]
    for node in range(len(tree)):
        label = html.escape(f"{node}: {_short(tree.text[node], 60)}{_notes(tree, node)}").replace("`", "&#96;")
        lines.append(f'  n{node}["{label}"]')
    lines += [f"  n{tree.parent[node]} --> n{node}" for node in range(1, len(tree))]
    lines += [f"  n{parent} -.-> n{node}" for parent, node, _ in tree.also]
    return "\n".join(lines)


def _notes(tree: ThoughtTree, node: int) -> str:
    return "".join(f" [{note}]" for note in _said(tree, node))


def _said(tree: ThoughtTree, node: int) -> Iterator[str]:
    if not isnan(tree.value[node]):
        yield f"{tree.value[node]:.2f}"
    if tree.visits[node]:
        yield f"{tree.visits[node]} visit{'s' if tree.visits[node] > 1 else ''}"
    if tree.status[node] in (Status.PRUNED, Status.TERMINAL, Status.DEAD):
        yield tree.status[node].name.lower()


def _short(text: str, width: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= width else f"{text[: width - 3]}..."


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
