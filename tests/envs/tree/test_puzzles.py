"""Is each puzzle what it says? Against tries of everything, and against real data where it is present."""

from __future__ import annotations

import ast
import gzip
import json
from itertools import permutations, product
from pathlib import Path
from typing import Any

import pytest

import syllogym as sg
from syllogym.envs.tree import blocks
from syllogym.envs.tree.alphametics import Alphametic
from syllogym.envs.tree.blocksworld import Planning
from syllogym.envs.tree.coloring import Coloring
from syllogym.envs.tree.knights import Island
from syllogym.envs.tree.prosqa import FactSearch
from syllogym.envs.tree.search_task import IllegalThought
from syllogym.errors import UserError


def drawn(name: str, seed: int = 0, **options: Any) -> Any:
    env = sg.make(name, **options)
    env.reset(seed=seed)
    return env.search_task()


def paid(env: Any, answer: str) -> float:
    return float(env.step(f"So it is <answer>{answer}</answer>.")[1])


def test_send_more_money_has_its_one_solution() -> None:
    assert Alphametic(("SEND", "MORE"), "MONEY").solutions() == {"D=7 E=5 M=1 N=6 O=0 R=8 S=9 Y=2"}


@pytest.mark.parametrize("seed", range(4))
def test_an_alphametic_has_the_solutions_that_trying_everything_finds(seed: int) -> None:
    puzzle = drawn("tree/alphametics", seed, length=2)
    letters, tried = sorted(puzzle.letters), set()
    for digits in permutations("0123456789", len(letters)):
        read = str.maketrans(dict(zip(letters, digits, strict=True)))
        words = [word.translate(read) for word in (*puzzle.words, puzzle.total)]
        if sum(map(int, words[:-1])) == int(words[-1]) and not any(word[0] == "0" for word in words):
            tried.add(" ".join(f"{a}={b}" for a, b in zip(letters, digits, strict=True)))
    assert puzzle.solutions() == tried


def test_a_letter_that_breaks_a_column_is_refused() -> None:
    puzzle = Alphametic(("SEND", "MORE"), "MONEY")
    state = puzzle.step(puzzle.root(), "D = 7, E = 5")
    with pytest.raises(IllegalThought, match="columns do not add up"):
        puzzle.step(state, "Y = 3")


@pytest.mark.parametrize("seed", range(4))
def test_knights_are_found_as_by_a_truth_table(seed: int) -> None:
    puzzle = drawn("tree/knights", seed, people=3, depth=2, solutions=(1, 8))

    def true(claim: Any, who: tuple[bool, ...]) -> bool:
        kind, *parts = claim
        if kind in ("knight", "knave"):
            return who[parts[0]] == (kind == "knight")
        held = [true(part, who) for part in parts]
        return {
            "not": not held[0], "and": all(held), "or": any(held), "iff": held[0] == held[-1],
            "if": not held[0] or held[-1],
        }[kind]  # fmt: skip

    tried = {
        ", ".join(f"{name} is a {'knight' if one else 'knave'}" for name, one in zip(puzzle.names, who, strict=True))
        for who in product((True, False), repeat=3)
        if all(true(claim, who) == one for claim, one in zip(puzzle.claims, who, strict=True))
    }
    assert puzzle.solutions() == tried


def test_claims_are_told_in_plain_words() -> None:
    puzzle = Island(("Ada", "Ben"), [("if", ("knight", 1), ("not", ("knave", 0))), ("knave", 0)])
    assert 'Ada says: "if Ben is a knight then (it is not so that Ada is a knave)."' in puzzle.prompt


@pytest.mark.parametrize("people", [3, 5, 7])
def test_real_islands_have_the_solution_they_say(people: int, shared_data: Path) -> None:
    import pyarrow.parquet

    rows = pyarrow.parquet.read_table(shared_data / f"data/knights_knaves/kk_{people}ppl_test.parquet").to_pylist()
    words = {"telling-truth": "knight", "lying": "knave", "->": "if", "<=>": "iff"}

    def renamed(claim: Any) -> Any:
        return (
            words.get(claim[0], claim[0]),
            *(part if isinstance(part, int) else renamed(part) for part in claim[1:]),
        )

    for row in rows:
        claims = [renamed(claim) for claim in ast.literal_eval(row["statements"])]
        told = [
            f"{name} is a {'knight' if one else 'knave'}"
            for name, one in zip(row["names"], row["solution"], strict=True)
        ]
        assert Island(row["names"], claims).solutions() == {", ".join(told)}


def test_an_island_is_read_from_a_table(tmp_path: Path) -> None:
    file = tmp_path / "islands.jsonl"
    row = {"names": ["Zoe", "Max"], "statements": "(('lying', 1), ('<=>', ('telling-truth', 0), ('lying', 0)))"}
    file.write_text(json.dumps(row), encoding="utf-8")
    assert drawn("tree/knights", file=str(file)).solutions() == {"Zoe is a knight, Max is a knave"}


def test_claims_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "islands.jsonl"
    file.write_text(json.dumps({"names": ["Zoe"], "statements": "(('xor', 1),)"}), encoding="utf-8")
    with pytest.raises(UserError, match=r"statements .* cannot be read"):
        drawn("tree/knights", file=str(file))


@pytest.mark.parametrize("colours", [2, 3])
def test_a_colouring_is_right_when_no_edge_joins_one_colour(colours: int) -> None:
    puzzle = Coloring(4, [(0, 1), (1, 2), (2, 3), (0, 3)], colours)
    names = ("red", "green", "blue")[:colours]
    for colouring in product(names, repeat=4):
        proper = all(colouring[a] != colouring[b] for a, b in puzzle.edges)
        said = ", ".join(f"{node} = {colour}" for node, colour in enumerate(colouring, start=1))
        assert puzzle.score(said) == proper


def test_a_graph_that_cannot_be_coloured_has_no_promise() -> None:
    puzzle = Coloring(3, [(0, 1), (1, 2), (0, 2)], 2)
    assert puzzle.promise(puzzle.root()) == 0.0


TOWER = (((("blue",), ("orange", "red"), ("yellow",)), ""), frozenset({("blue", "orange")}))


SHORTEST = "unstack red from orange; put down red; pick up blue; stack blue on orange"


def test_the_shortest_plan_is_found() -> None:
    puzzle = Planning(*TOWER, optimal=True)
    assert puzzle.solve().splitlines() == [
        "unstack the red block from on top of the orange block",
        "put down the red block",
        "pick up the blue block",
        "stack the blue block on top of the orange block",
    ]


@pytest.mark.parametrize(
    ("plan", "score"),
    [
        (SHORTEST, 1.0),
        (f"pick up yellow; put down yellow; {SHORTEST}", 4 / 6),
        ("pick up blue; stack blue on orange", 0.0),
        ("unstack red from orange; put down red", 0.0),
        ("put everything right", 0.0),
    ],
)
def test_a_plan_is_paid_for_arriving_and_for_being_short(plan: str, score: float) -> None:
    assert Planning(*TOWER, optimal=True).score(plan) == pytest.approx(score)
    assert Planning(*TOWER).score(plan) == float(score > 0)


def test_what_stands_where_is_read_as_it_is_written() -> None:
    place, goal = TOWER
    text = f"[STATEMENT]\nAs initial conditions I have that, {blocks.told(place)}.\n"
    assert blocks.read(f"{text}My goal is to have that {blocks.wanted(goal)[0]}.\nMy plan") == TOWER


def test_real_tasks_of_planbench_are_planned_no_longer_than_they_say(shared_data: Path) -> None:
    with gzip.open(shared_data / "data/planbench_blocksworld/task_1_plan_generation.json.gz", "rt") as file:
        instances = json.load(file)["instances"]
    for instance in instances:
        puzzle = Planning(*blocks.read(instance["query"]))
        given = instance["ground_truth_plan"].strip().splitlines()
        assert puzzle.score(puzzle.solve()) == 1.0
        assert 0 < puzzle.far[puzzle.start] <= len(given)


def test_facts_lead_from_one_to_the_next() -> None:
    puzzle = drawn("tree/prosqa", 3)
    with pytest.raises(IllegalThought, match="does not follow"):
        puzzle.step(puzzle.root(), "Every zumpus is a wumpus.")


@pytest.mark.parametrize(
    ("file", "kept"), [("prosqa/prosqa_test.json.gz", 264), ("logic_llm_sets/ProntoQA_dev.json", 263)]
)
def test_the_answers_of_real_questions_follow_from_their_facts(file: str, kept: int, shared_data: Path) -> None:
    path = shared_data / "data" / file
    rows = json.loads(gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes())
    from syllogym.envs.tree.prosqa import read_row

    answers = {"A": "True", "B": "False"}
    for row in rows:
        puzzle = read_row(row, file)
        assert isinstance(puzzle, FactSearch) and puzzle.solve() == answers.get(row["answer"], row["answer"])
    assert len(rows) == kept


@pytest.mark.parametrize(("measure", "score"), [("letters", 24 / 25), ("words", 8 / 10), ("games", 0.0)])
def test_a_crossword_with_one_wrong_letter(measure: str, score: float) -> None:
    env = sg.make("tree/crosswords", measure=measure)
    env.reset(seed=2)
    letters = env.search_task().square.letters
    wrong = ("x" if letters[0] != "x" else "y") + letters[1:]
    assert paid(env, wrong) == pytest.approx(score)


def test_a_word_that_changes_a_letter_is_refused() -> None:
    puzzle = drawn("tree/crosswords", 2)
    state = puzzle.step(puzzle.root(), "h1. phase")
    with pytest.raises(IllegalThought, match="does not fit into v1, which is p____"):
        puzzle.step(state, "v1. heart")


def test_crosswords_without_guesses_list_no_moves() -> None:
    puzzle = drawn("tree/crosswords", guesses=0)
    assert puzzle.moves(puzzle.root()) is None and not puzzle.ended(puzzle.root())


def test_real_crosswords_are_read(shared_data: Path) -> None:
    puzzle = drawn("tree/crosswords", file=str(shared_data / "data/crosswords/mini0505.json"), guesses=0)
    assert len(puzzle.square.clues) == 10 and puzzle.score(puzzle.solve()) == 1.0


def test_a_file_that_holds_no_crosswords_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "squares.json"
    file.write_text('[[["a"], ["b"]]]', encoding="utf-8")
    with pytest.raises(UserError, match="number 0 has 1 clues and 1 letters"):
        drawn("tree/crosswords", file=str(file))


def test_paragraphs_must_end_with_their_sentences() -> None:
    puzzle = drawn("tree/creative_writing")
    text = "\n\n".join(f"Once. {ending}" for ending in puzzle.endings)
    assert (puzzle.score(text), puzzle.score(text + " No."), puzzle.score(text.replace("\n\n", "\n"))) == (
        1.0,
        0.0,
        0.0,
    )


def test_a_judge_grades_a_text_of_the_right_form_even_when_it_has_to_be_awaited() -> None:
    asked = []

    async def judge(task: str, text: str) -> float:
        asked.append((task, text))
        return 0.7

    env = sg.make("tree/creative_writing")
    env.judge = judge
    env.reset(seed=0)
    text = env.search_task().solve()
    assert paid(env, text) == 0.7
    assert asked == [(env.search_task().prompt, text)] and env.search_task().score("no such form") == 0.0


def test_the_real_hands_of_rank_901_to_1000_are_dealt(shared_data: Path) -> None:
    env = sg.make("math/game24", file=str(shared_data / "data/game24/24.csv"), ranks=(901, 1000))
    env.reset(seed=0)
    assert env.search_task().promise(env.search_task().root()) == 1.0


def test_a_real_target_is_made(shared_data: Path) -> None:
    env = sg.make("math/countdown", file=str(shared_data / "data/countdown/countdown_cd3_test.jsonl"))
    env.reset(seed=0)
    assert env.step(env.solve())[1] == 1.0
