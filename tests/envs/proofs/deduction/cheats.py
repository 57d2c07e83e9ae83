"""Theorems, most of them false, with proofs that are none: each tries another way to deceive the kernel."""

from __future__ import annotations

CHEATS = {
    "an assumption cited outside its box": ("p -> q |- q", "2. | p by assume\n3. q by impE 1, 2"),
    "a line of a closed box cited": ("p |- q", "2. | q by assume\n3. | p by reit 1\n4. q by reit 2"),
    "a conclusion left in its box": ("p |- q", "2. | q by assume"),
    "a box cited that is still open": ("p |- q -> q", "2. | q by assume\n3. | q -> q by impI 2-2"),
    "a box of a closed box cited": (
        "p |- q -> q",
        "2. | p by assume\n3. | | q by assume\n4. | q -> q by impI 3-3\n5. q -> q by impI 3-3",
    ),
    "a box cited that ends early": (
        "|- p -> q /\\ p",
        "1. | p by assume\n2. | p by reit 1\n3. p -> q /\\ p by impI 1-1",
    ),
    "a box cited that ends in another": (
        "q |- p -> r",
        "2. | p by assume\n3. | | r by assume\n4. | | r by reit 3\n5. p -> r by impI 2-4",
    ),
    "two boxes cited as one": ("|- p -> q", "1. | p by assume\n2. | q by assume\n3. p -> q by impI 1-2"),
    "the middle of a box cited": (
        "|- p -> p",
        "1. | q by assume\n2. | | p by assume\n3. | p -> p by impI 2-2\n4. p -> p by impI 3-3",
    ),
    "the line itself cited": ("p |- q", "2. q by reit 2"),
    "a later line cited": ("p |- q", "2. q by reit 3\n3. q by reit 2"),
    "line nought cited": ("p |- q", "2. q by reit 0"),
    "a line before the first cited": ("p |- q", "2. q by reit -1"),
    "a huge number cited": ("p |- q", "2. q by reit " + "9" * 5_000),
    "a number written otherwise": ("p, q |- p", "3. p by reit \u0661"),
    "a premise written anew": ("p |- q", "2. q by premise"),
    "the theorem restated": ("p |- q", "Theorem: p |- p\n2. p by reit 1"),
    "another conclusion": ("p |- q", "2. p by reit 1"),
    "a conclusion that only looks alike": ("p |- p -> p -> p", "2. | p by assume\n3. (p -> p) -> p by impI 2-2"),
    "numbers that start again": ("p |- q", "1. q by reit 1"),
    "a number left out": ("p |- p /\\ p", "3. p /\\ p by andI 1, 1"),
    "a name that is not new": (
        "P(a) |- forall x. P(x)",
        "2. | let a\n3. | P(a) by reit 1\n4. forall x. P(x) by allI 2-3",
    ),
    "a name of an assumption": (
        "q |- P(c) -> forall x. P(x)",
        "2. | P(c) by assume\n3. | | let c\n4. | | P(c) by reit 2\n5. | forall x. P(x) by allI 3-4\n"
        "6. P(c) -> forall x. P(x) by impI 2-5",
    ),
    "a name of a box around": (
        "forall x. R(x, x) |- forall x. forall y. R(x, y)",
        "2. | let c\n3. | | let c\n4. | | R(c, c) by allE 1\n5. | forall y. R(c, y) by allI 3-4\n"
        "6. forall x. forall y. R(x, y) by allI 2-5",
    ),
    "a name left in a general conclusion": (
        "forall x. R(x, x) |- forall x. exists z. forall y. R(x, y)",
        "2. | let c\n3. | R(c, c) by allE 1\n4. forall x. R(x, c) by allI 2-3",
    ),
    "a name carried out of its box": (
        "exists x. P(x) |- P(c)",
        "2. | P(c) by let c\n3. | P(c) by reit 2\n4. P(c) by exE 1, 2-3",
    ),
    "one witness for two": (
        "exists x. P(x), exists x. Q(x) |- exists x. P(x) /\\ Q(x)",
        "3. | P(c) by let c\n4. | | Q(c) by let c",
    ),
    "a witness that comes before what it witnesses": (
        "forall y. exists x. R(x, y) |- exists x. R(x, x)",
        "2. | R(c, c) by let c\n3. | exists x. R(x, x) by exI 2\n4. exists x. R(x, c) by allE 1\n"
        "5. exists x. R(x, x) by exE 4, 2-3",
    ),
    "a witness of something else": (
        "exists x. P(x) |- q",
        "2. | q by let c\n3. | q by reit 2\n4. q by exE 1, 2-3",
    ),
    "a witness's box as an implication": (
        "exists x. P(x) |- P(c) -> P(c)",
        "2. | P(c) by let c\n3. P(c) -> P(c) by impI 2-2",
    ),
    "an assumption made general": (
        "q |- P(c) -> forall x. P(x)",
        "2. | P(c) by assume\n3. forall x. P(x) by allI 2-2",
    ),
    "a variable captured": (
        "forall x. exists y. R(x, y) |- exists y. R(y, y)",
        "2. exists y. R(y, y) by allE 1",
    ),
    "a variable captured inside a function": (
        "forall x. exists y. R(x, y) |- exists y. R(f(y), y)",
        "2. exists y. R(f(y), y) by allE 1",
    ),
    "a bound variable made general": (
        "forall x. R(x, x) |- exists x. forall y. R(x, y)",
        "2. exists x. forall y. R(x, y) by exI 1",
    ),
    "one variable, two terms": ("forall x. R(x, x) |- R(a, b)", "2. R(a, b) by allE 1"),
    "two terms, one variable": ("R(a, b) |- exists x. R(x, x)", "2. exists x. R(x, x) by exI 1"),
    "another predicate": ("forall x. P(x) |- Q(a)", "2. Q(a) by allE 1"),
    "quantifiers swapped": (
        "forall x. exists y. R(x, y) |- exists y. forall x. R(x, y)",
        "2. exists y. forall x. R(x, y) by reit 1",
    ),
    "equals where they are not": ("a = b, P(a) |- P(c)", "3. P(c) by eqE 1, 2"),
    "an equation with a bound variable": (
        "forall x. x = a, P(b) |- P(a)",
        "3. P(a) by eqE 1, 2",
    ),
    "different things equal to themselves": ("P(a) |- a = b", "2. a = b by eqI"),
    "too few lines cited": ("p -> q |- q", "2. q by impE 1"),
    "too many lines cited": ("p, q |- p", "3. p by reit 1, 2"),
    "a line cited for a box": ("p, q |- p -> q", "3. p -> q by impI 1, 2"),
    "a box cited for a line": ("p |- q /\\ q", "2. | q by assume\n3. q /\\ q by andI 2-2, 2-2"),
    "the converse": ("p -> q, q |- p", "3. p by impE 1, 2"),
    "the denial of the condition": ("p -> q, ~p |- ~q", "3. ~q by impE 1, 2"),
    "one side of a disjunction": ("p \\/ q |- p", "2. p by orE 1"),
    "one case for both": ("p \\/ q |- p", "2. | p by assume\n3. p by orE 1, 2-2, 2-2"),
    "cases of another disjunction": (
        "p \\/ q |- r -> r",
        "2. | p by assume\n3. | r by assume\n4. r by orE 1, 2-2, 3-3",
    ),
    "an unknown rule": ("p |- q", "2. q by magic 1"),
    "a rule that looks alike": ("p, q |- p /\\ q", "3. p /\\ q by \u0430ndI 1, 2"),
    "a letter that looks alike": ("p |- p", "2. \u0440 by reit 1"),
    "full-width letters": ("p |- q", "2. \uff51 by reit 1"),
    "no rule": ("p |- q", "2. q"),
    "admitted": ("p |- q", "2. q by sorry"),
    "an empty proof": ("p |- q", ""),
    "lines joined by other breaks": ("p |- p /\\ q", "2. q by assume\u2028 3. p /\\ q by andI 1, 2"),
    "an arrow without end": ("p |- q", "2. q ->"),
    "a giant formula": ("p |- q", "2. " + "p /\\ " * 10_000 + "p by andI 1, 1"),
    "a deep formula": ("p |- q", f"2. {'(' * 900}p{')' * 900} by reit 1"),
    "many negations": ("p |- q", f"2. {'~' * 1_900}p by reit 1"),
    "a deep term": ("p |- q", f"2. P({'f(' * 600}a{')' * 600}) by reit 1"),
    "many boxes": ("p |- q", "\n".join(f"{n}. {'| ' * (n - 1)}p by assume" for n in range(2, 200))),
    "many lines": ("p |- q", "\n".join(f"{n}. p by reit 1" for n in range(2, 2_000))),
    "a giant proof": ("p |- q", "2. p by reit 1\n" * 1_000_000),
}
