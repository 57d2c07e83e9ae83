"""How is a thought tree looked at in a browser? In one page of HTML that needs no network and runs no thought."""

from __future__ import annotations

from math import isnan
from pathlib import Path
from typing import Any

from syllogym.envs.html_page import filled
from syllogym.envs.tree.meter import Budget
from syllogym.envs.tree.thought_tree import Status, ThoughtTree
from syllogym.envs.tree.usage import Usage

_PAGE = Path(__file__).with_name("page.html")


def to_html(
    tree: ThoughtTree, title: str = "Thought tree", *, budget: Budget | None = None, spent: Usage | None = None
) -> str:
    """Write a page with the tree: to fold, search and step through, with values, visits, authors and what was spent.

    Thoughts are data in it, put on the page as text: whatever they say, none of it is run or loaded.

    Args:
        title: of the page. budget: limits, shown as bars beside what was spent.
        spent: what the whole search used, where that is more than its nodes tell.
    """
    used = spent or tree.spent()
    data = {
        "title": title,
        "nodes": [_node(tree, node) for node in range(len(tree))],
        "also": tree.also,
        "spent": _amounts(used),
        "limits": dict((budget or Budget()).limits()),
    }
    return filled(_PAGE, title, data)


def _node(tree: ThoughtTree, node: int) -> dict[str, Any]:
    usage = tree.usage[node]
    return {
        "parent": tree.parent[node],
        "text": tree.text[node],
        "state": "" if tree.state[node] is None else _short(str(tree.state[node])),
        "status": Status(tree.status[node]).name.lower(),
        "author": tree.author[node] or "",
        "value": None if isnan(tree.value[node]) else tree.value[node],
        "visits": tree.visits[node],
        "mean": tree.total[node] / tree.visits[node] if tree.visits[node] else None,
        "prior": tree.prior[node],
        "usage": {} if usage is None else _amounts(usage),
    }


def _amounts(usage: Usage) -> dict[str, float]:
    names = ("tokens", "prompt", "cached", "completion", "calls", "nodes", "money", "seconds")
    return {name: amount for name in names if (amount := getattr(usage, name))}


def _short(text: str) -> str:
    return text if len(text) <= 400 else f"{text[:397]}..."
