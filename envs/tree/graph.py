"""What does a thought tree look like to networkx? The same graph each time; only what is new since is added."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx

if TYPE_CHECKING:
    from syllogym.envs.tree.thought_tree import ThoughtTree

_FIXED = ("text", "state", "depth", "author", "prior")
_CHANGING = ("status", "value", "visits", "total", "usage")


def updated(graph: nx.DiGraph | None, tree: ThoughtTree) -> nx.DiGraph:
    """Bring a graph up to date with its tree; make it where there is none yet.

    Nodes that are new are added, and what changes on a node is set again. A rollback clears the graph.
    Edges hold `text`, `author` and `merged` (True for a further way to a state that was there already).
    """
    graph = nx.DiGraph() if graph is None else graph
    known, merged = len(graph), graph.graph.get("merged", 0)
    for node in range(known, len(tree)):
        graph.add_node(node, **{name: getattr(tree, name)[node] for name in _FIXED})
        if node:
            graph.add_edge(tree.parent[node], node, text=tree.text[node], author=tree.author[node], merged=False)
    for parent, node, text in tree.also[merged:]:
        if not graph.has_edge(parent, node):
            graph.add_edge(parent, node, text=text, author=None, merged=True)
    graph.graph["merged"] = len(tree.also)
    columns = [(name, getattr(tree, name)) for name in _CHANGING]
    for node, attributes in graph.nodes(data=True):
        for name, column in columns:
            attributes[name] = column[node]
    return graph
