"""Do the labels of data sets of logic agree with what is derived again, by graphs, rules, truth tables and z3?

Where they do not, the number is written here and the rows are told in docs/proofs.md.
"""

from __future__ import annotations

import ast
import gzip
import itertools
import json
from collections import Counter
from pathlib import Path
from typing import Any

import networkx as nx
import pyarrow.parquet
import pytest

from syllogym.envs.proofs.deduction.formulas import BOTTOM, negated
from syllogym.envs.proofs.deduction.reading import NotAFormula, read, read_sequent
from syllogym.envs.proofs.english import Literal, label, meaning_of, sentences, understand, wrong_line
from syllogym.envs.proofs.problems import folio_formula, folio_theorem
from tests.envs.proofs.deduction.z3_oracle import follows
from tests.envs.proofs.orderings import true_options

VERDICTS = {"A": True, "B": False, "C": None}


def rows(file: Path) -> list[Any]:
    text = (gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()).decode("utf-8")
    return [json.loads(line) for line in text.split("\n") if line] if ".jsonl" in file.name else json.loads(text)


def literal(sentence: str) -> Literal:
    meaning = meaning_of(sentence)
    assert isinstance(meaning, Literal)
    return meaning


def folio_verdict(row: dict[str, Any]) -> str | None:
    """Derive the label of a row of FOLIO; None where its formulas cannot be read or z3 does not know."""
    theorem = folio_theorem(row)
    if not theorem:
        return None
    premises, conclusion = read_sequent(theorem)
    given = [premise.formula for premise in premises]
    if follows(given, BOTTOM, 2_000_000):
        return "inconsistent"
    true, false = (follows(given, said, 2_000_000) for said in (conclusion.formula, negated(conclusion.formula)))
    if true is None or false is None:
        return None
    return "True" if true else "False" if false else "Uncertain"


def test_folio_agrees_but_for_rows_that_are_told(shared_data: Path) -> None:
    found = Counter(
        (row["label"], folio_verdict(row)) for row in rows(shared_data / "data/folio/folio-validation.jsonl")
    )
    assert sum(found.values()) == 90
    assert sum(count for (gold, derived), count in found.items() if gold == derived) == 88
    assert {pair: count for pair, count in found.items() if pair[0] != pair[1]} == {
        ("False", "Uncertain"): 1,
        ("True", None): 1,
    }


def test_all_but_a_few_of_folios_formulas_are_read(shared_data: Path) -> None:
    read_, strange = 0, set()
    for name in ("folio-train.jsonl.gz", "folio-validation.jsonl"):
        for row in rows(shared_data / "data/folio" / name):
            for formula in (*row["premises-FOL"], *filter(None, [row.get("conclusion-FOL")])):
                try:
                    read(folio_formula(formula))
                    read_ += 1
                except NotAFormula:
                    strange.add(formula)
    assert (read_, len(strange)) == (3442, 7)


def test_proofwriter_agrees_everywhere(shared_data: Path) -> None:
    for row in rows(shared_data / "data/logic_llm_sets/ProofWriter_dev.json"):
        statement = literal(sentences(row["question"].partition("? ")[2])[0])
        assert label(understand(row["context"]), statement) is VERDICTS[row["answer"]]


def test_prontoqa_agrees_everywhere_and_its_explanations_are_right(shared_data: Path) -> None:
    for row in rows(shared_data / "data/logic_llm_sets/ProntoQA_dev.json"):
        theory, statement = understand(row["context"]), literal(row["question"].partition("? ")[2])
        verdict = VERDICTS[row["answer"]]
        assert label(theory, statement) is verdict
        goal = statement if verdict else statement._replace(true=not statement.true)
        assert wrong_line(theory, goal, row["explanation"]) is None


def test_prosqa_agrees_everywhere_by_its_graph_and_by_its_text(shared_data: Path) -> None:
    for row in rows(shared_data / "data/prosqa/prosqa_test.json.gz"):
        graph = nx.DiGraph(map(tuple, row["edges"]))
        assert nx.has_path(graph, row["root"], row["target"])
        assert not nx.has_path(graph, row["root"], row["neg_target"])
        theory, goal = understand(sentences(row["question"])[:-1]), literal(row["answer"])
        assert goal.said == f"is {row['idx_to_symbol'][row['target']]}"
        assert label(theory, goal) is True
        assert label(theory, goal._replace(said=f"is {row['idx_to_symbol'][row['neg_target']]}")) is None
        about = [f"{goal.subject} is {' '.join(step.split()[-2:])}" for step in row["steps"]]
        assert wrong_line(theory, goal, about) is None


def true(statement: Any, knights: tuple[bool, ...]) -> bool:
    """Say whether a statement of knights and knaves is true."""
    word, *parts = statement
    if word in ("telling-truth", "lying"):
        return knights[parts[0]] == (word == "telling-truth")
    values = [true(part, knights) for part in parts]
    meaning = {"not": lambda a: not a, "->": lambda a, b: not a or b, "<=>": lambda a, b: a == b}
    return all(values) if word == "and" else any(values) if word == "or" else bool(meaning[word](*values))


@pytest.mark.parametrize("people", [3, 4, 5, 6, 7])
def test_knights_and_knaves_have_one_solution_and_it_is_the_given_one(shared_data: Path, people: int) -> None:
    for part in ("train", "test"):
        file = shared_data / f"data/knights_knaves/kk_{people}ppl_{part}.parquet"
        for row in pyarrow.parquet.read_table(file, columns=["statements", "solution"]).to_pylist():
            said = ast.literal_eval(row["statements"])
            found = [
                knights
                for knights in itertools.product((False, True), repeat=people)
                if all(true(statement, knights) == knight for statement, knight in zip(said, knights, strict=True))
            ]
            assert found == [tuple(row["solution"])]


@pytest.mark.parametrize(
    ("name", "count"), [("LogicalDeduction_dev.json", 138), ("LogicalDeduction_train.json.gz", 579)]
)
def test_logical_deduction_agrees(name: str, count: int, shared_data: Path) -> None:
    found = rows(shared_data / "data/logic_llm_sets" / name)
    assert len(found) == count
    assert not [
        row["id"] for row in found if true_options(row["context"], row["options"]) != ["ABCDEFG".index(row["answer"])]
    ]
