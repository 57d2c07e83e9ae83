"""How does a grid of searches run? Cell by cell; what is finished is on file, and is not searched again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from syllogym.agents.search.request import Answerer
from syllogym.agents.search.run import run
from syllogym.agents.search.search import Search
from syllogym.agents.search.search_file import SearchFile
from syllogym.envs.tree.page import to_html
from syllogym.envs.tree.tree_json import to_json
from syllogym.errors import UserError
from syllogym.scenarios.search.grid import Cell, baseline_cells, cells
from syllogym.scenarios.search.search_record import Place, SearchRecord
from syllogym.scenarios.search_spec import SearchSpec

Tell = Callable[[Cell, int, Sequence[SearchRecord]], None]
"""Is told, whenever searches have ended, their cell, how many there were before it, and its records so far."""


@dataclass
class Grid:
    """Searches of a grid, with the folder of their files.

    Attributes:
        spec: strategies, budgets, seeds. tasks: the problems. proposer, evaluator: who thinks and judges.
        folder: has ``records.jsonl``, a line for each search that is finished; ``searches/`` holds those under way.
        salt: of all chance. trees: whether trees are kept, in ``trees/``.
    """

    spec: SearchSpec
    tasks: Sequence[Any]
    proposer: Answerer
    evaluator: Answerer
    folder: Path
    salt: int = 0
    trees: bool = False
    records: dict[Place, SearchRecord] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """How many searches there are."""
        every = len(list(cells(self.spec))) + len(self.spec.budgets) * self.spec.seeds * 4
        return every * len(self.tasks)

    async def run(self, tell: Tell) -> list[SearchRecord]:
        """Search what is left, strategies first; return all records, in order."""
        self.records = read_records(self.folder / "records.jsonl")
        places = await self._run(list(cells(self.spec)), tell)
        places += await self._run(list(baseline_cells(self.spec, [self.records[place] for place in places])), tell)
        return [self.records[place] for place in places]

    async def _run(self, some: Iterable[Cell], tell: Tell) -> list[Place]:
        places: list[Place] = []
        for cell in some:
            own = [cell.place(problem) for problem in range(len(self.tasks))]
            await self._cell(cell, own, lambda cell=cell, own=own: tell(cell, len(self.records), self._of(own)))  # type: ignore[misc]
            places += own
        return places

    def _of(self, places: Iterable[Place]) -> list[SearchRecord]:
        return [self.records[place] for place in places if place in self.records]

    async def _cell(self, cell: Cell, places: Sequence[Place], tell: Callable[[], None]) -> None:
        """Run the searches of a cell that are left."""
        live: dict[Place, tuple[Search, SearchFile | None]] = {}
        for place in places:
            if place not in self.records:
                task = self.tasks[place.problem]
                one = cell.search(task, place.problem, self.proposer, self.evaluator, self.salt)
                live[place] = one, self._file(place, one)

        def after() -> None:
            for place, (one, file) in list(live.items()):
                if file is not None:
                    file.save()
                if one.over:
                    self._keep(place, one)
                    del live[place]
                    tell()

        await run([one for one, _ in live.values()], after=after)
        after()  # those that never asked anybody

    def _file(self, place: Place, one: Search) -> SearchFile | None:
        """Return the file of a search under way; scripts are quick, so that theirs are begun anew instead."""
        return None if one.together else SearchFile(one, self.folder / "searches" / f"{_name(place)}.jsonl")

    def _keep(self, place: Place, one: Search) -> None:
        record = SearchRecord.of(place, one)
        if self.trees:
            trees = self.folder / "trees"
            trees.mkdir(exist_ok=True)
            (trees / f"{_name(place)}.json").write_text(to_json(one.tree, states=False), encoding="utf-8")
            title = f"{place.strategy}, {place.budget}, problem {place.problem}, seed {place.seed}"
            page = to_html(one.tree, title, budget=one.meter.budget, spent=one.meter.spent)
            (trees / f"{_name(place)}.html").write_text(page, encoding="utf-8")
        with (self.folder / "records.jsonl").open("a", encoding="utf-8") as file:
            file.write(record.to_json() + "\n")
        self.records[place] = record
        (self.folder / "searches" / f"{_name(place)}.jsonl").unlink(missing_ok=True)


def _name(place: Place) -> str:
    text = "-".join(map(str, place))
    return "".join(sign if sign.isalnum() or sign in "-_." else "_" for sign in text)


def read_records(file: Path) -> dict[Place, SearchRecord]:
    """Return the searches on file; those that a fault ended are left out, to be searched again.

    A last line that was being written when the process ended is cut off.
    """
    if not file.exists():
        return {}
    text = file.read_text(encoding="utf-8")
    whole = text[: text.rfind("\n") + 1]
    if whole != text:
        file.write_text(whole, encoding="utf-8")
    try:
        records = [SearchRecord.from_json(line) for line in whole.splitlines()]
    except (ValueError, KeyError, TypeError) as error:
        raise UserError(f"{file} holds a line that is no record of a search: {error}.") from error
    return {record.place: record for record in records if not record.fault}


def claim(folder: Path, settings: Mapping[str, Any]) -> None:
    """Begin a folder for a grid with these settings, or go on in the one that has them already.

    Raises:
        UserError: it holds other searches, or something else.
    """
    file = folder / "search.json"
    text = json.dumps(settings, indent=1, sort_keys=True)
    if file.exists():
        before = json.loads(file.read_text(encoding="utf-8"))
        other = [key for key in settings if settings[key] != before.get(key)]
        if other:
            raise UserError(
                f"{folder} holds searches with another {other[0]} ({before.get(other[0])!r}). "
                "Go on with that, or name another folder with --run-dir."
            )
    elif folder.exists() and any(folder.iterdir()):
        raise UserError(f"{folder} holds something else already; name another folder with --run-dir.")
    else:
        folder.mkdir(parents=True, exist_ok=True)
        file.write_text(text + "\n", encoding="utf-8")
