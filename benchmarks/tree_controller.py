"""How do search strategies and a random agent fare where the trained controllers are evaluated, at their node budget?

``python -m benchmarks.tree_controller [SCENARIO] [--episodes 256]`` searches the held-out instances of a scenario on
`tree/search` by strategies that see what the controller sees: the task's moves, and what each state lets one guess.
"""

from __future__ import annotations

import argparse
import json
from typing import Any

from syllogym.agents import make as make_agent
from syllogym.agents.episode import summary
from syllogym.agents.rollout import Rollouts, Task
from syllogym.agents.search import make
from syllogym.agents.search.run import run_all
from syllogym.agents.search.search import Search
from syllogym.agents.search.unaided import Hunches, Moves
from syllogym.envs import make_plain
from syllogym.envs.tree.meter import Budget
from syllogym.scenarios.build import make_tasks
from syllogym.scenarios.schema import Scenario
from syllogym.scenarios.strict_yaml import load

STRATEGIES: dict[str, dict[str, Any]] = {
    "breadth first": {"name": "tot_bfs", "width": 10_000, "opinions": 1},
    "breadth first, 1 kept": {"name": "tot_bfs", "width": 1, "opinions": 1},
    "breadth first, 2 kept": {"name": "tot_bfs", "width": 2, "opinions": 1},
    "depth first": {"name": "tot_dfs"},
    "best first": {"name": "best_first"},
    "MCTS": {"name": "mcts_uct"},
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenario", nargs="?", default="tree_search_dqn")
    parser.add_argument("--episodes", type=int, default=256)
    options = parser.parse_args()
    scenario = load(options.scenario, Scenario, [])[0]
    tasks = make_tasks(scenario, "eval", range(options.episodes))
    given = scenario.environment.options
    for name, strategy in STRATEGIES.items():
        wide = {"n": given["expands"]} if strategy["name"] in ("tot_bfs", "tot_dfs", "best_first") else {}
        searches = [_begun(task, {**strategy, **wide}, given["budget"], at) for at, task in enumerate(tasks)]
        run_all(searches)
        _tell(name, [one.answer is not None and one.task.score(one.answer) == 1.0 for one in searches])
    episodes = Rollouts({"*": make_agent("random_text")}, "random").run(tasks)
    print(json.dumps({"strategy": "random actions", "solved": summary(episodes, 1.0)["accuracy"]}), flush=True)


def _begun(task: Task, strategy: dict[str, Any], budget: dict[str, Any], seed: int) -> Search:
    env = make_plain(task.env, split=task.split, **task.options)
    env.reset(seed=task.seed)
    instance = env.session.task  # type: ignore[attr-defined]
    return Search(instance, make(strategy), Moves(), Hunches(), budget=Budget(**budget), seed=seed)


def _tell(name: str, solved: list[bool]) -> None:
    print(json.dumps({"strategy": name, "solved": sum(solved) / len(solved)}), flush=True)


if __name__ == "__main__":
    main()
