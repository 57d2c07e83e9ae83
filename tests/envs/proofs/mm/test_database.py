"""Which files are databases? Every rule of the language, one breach each; Debian's `metamath` says the same."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from syllogym.envs.proofs.mm.database import Database
from syllogym.envs.proofs.mm.kernel import verify
from syllogym.envs.proofs.mm.source import MetamathError

BASE = (
    "$c ( ) -> wff |- $. $v p q r $.\nwp $f wff p $. wq $f wff q $. wr $f wff r $.\nwi $a wff ( p -> q ) $.\n"
    "${ mi $e |- p $. ma $e |- ( p -> q ) $. mp $a |- q $. $}\n${ $d p q $. ad $a |- ( p -> q ) $. $}\n"
)
GOOD = {
    "nothing": "",
    "a comment": "$( here $)",
    "a proof": "t $p wff ( p -> p ) $= wp wp wi $.",
    "a compressed proof": "t $p wff ( p -> p ) $= ( wi ) AAB $.",
    "letters with spaces": "t $p wff ( p -> p ) $= ( wi ) A\n A B $.",
    "a kept step": "t $p wff ( ( p -> q ) -> ( p -> q ) ) $= ( wi ) ABCZDC $.",
    "a step kept twice": "t $p wff ( ( p -> q ) -> ( p -> q ) ) $= ( wi ) ABCZZEC $.",
    "a label listed twice": "t $p wff ( p -> p ) $= ( wi wi ) AAC $.",
    "a label listed for nothing": "t $p wff ( p -> p ) $= ( wi wq ) AAB $.",
    "a proof of one hypothesis": "t $p wff p $= wp $.",
    "a comment in a statement": "t $p wff $( $= not yet $) p $= $( so $) wp $( done $) $.",
    "a comment behind a label": "t $( is a label $) $p wff p $= wp $.",
    "a dummy variable": "${ $d p q $. h $e |- ( q -> p ) $. i $e |- q $. t $p |- p $= wq wp i h mp $. $}",
    "variables apart": "${ $d p q $. t $p |- ( p -> q ) $= wp wq ad $. $}",
    "more apart than needed": "${ $d p q r $. t $p |- ( p -> q ) $= wp wq ad $. $}",
    "a variable of a block, again": "${ $v s $. ws $f wff s $. $} ${ $v s $. ws2 $f wff s $. $}",
    "blocks in blocks": "${ ${ $} $}",
    "a symbol of odd characters": "$c !@#%^&*;:'\"<>,.?/|\\~`{}[]_= $.",
    "a label of odd characters": "1.-_a $a wff ( p -> p ) $.",
    "an expression of a type only": "e $a wff $.",
}
BAD = {
    "a character that is not ASCII": ("$( \u00e9 $)", 6, 4),
    "a comment without end": ("$( here", 6, 1),
    "a comment in a comment": ("$( $( $)", 6, 4),
    "a word of no statement": ("word", 6, 1),
    "a word before a statement": ("word word t $a wff p $.", 6, 6),
    "a label without statement": ("t $( and no more $)", 6, 1),
    "a keyword that is none": ("$x p $.", 6, 1),
    "a keyword in a word": ("t$a wff p $.", 6, 2),
    "a dollar in a symbol": ("$c a$b $.", 6, 5),
    "a statement without end": ("$c a", 6, 1),
    "a proof without end": ("t $p wff p $= wp", 6, 12),
    "a theorem without proof": ("t $p wff p $.", 6, 12),
    "a statement in a statement": ("$c a $v b $. $.", 6, 6),
    "an end without begin": ("$}", 6, 1),
    "a begin without end": ("${", 6, 1),
    "a label of a declaration": ("t $c a $.", 6, 3),
    "an axiom without label": ("$a wff p $.", 6, 1),
    "a label of a strange character": ("t* $a wff p $.", 6, 1),
    "a label given twice": ("wi $a wff p $.", 6, 1),
    "a label given in another block": ("${ mi $e |- p $. $}", 6, 4),
    "a label that is a symbol": ("p $a wff p $.", 6, 1),
    "a symbol that is a label": ("$c wi $.", 6, 4),
    "no constants": ("$c $.", 6, 4),
    "no variables": ("$v $.", 6, 4),
    "a constant declared twice": ("$c wff $.", 6, 4),
    "a constant in a block": ("${ $c a $. $}", 6, 4),
    "a constant that is a variable": ("$c p $.", 6, 4),
    "a variable declared twice": ("$v s p $.", 6, 6),
    "a variable that is a constant": ("$v wff $.", 6, 4),
    "a symbol not declared": ("t $a wff s $.", 6, 10),
    "a variable out of its block": ("${ $v s $. $} t $a wff s $.", 6, 24),
    "a variable without type": ("$v s $. t $a wff s $.", 6, 18),
    "a type out of its block": ("$v s $. ${ ws $f wff s $. $} t $a wff s $.", 6, 39),
    "an expression of nothing": ("t $a $.", 6, 6),
    "an expression that begins with a variable": ("t $a p $.", 6, 6),
    "a type of two variables": ("$v s $. t $f wff s s $.", 6, 14),
    "a type of a constant": ("t $f wff wff $.", 6, 6),
    "a type that is a variable": ("$v s $. t $f p s $.", 6, 14),
    "a second type": ("t $f wff p $.", 6, 10),
    "a variable apart from itself": ("$d p p $.", 6, 6),
    "a constant apart": ("$d p wff $.", 6, 6),
    "one variable apart": ("$d p $.", 6, 4),
    "an empty proof": ("t $p wff p $= $.", 6, 15),
    "an empty compressed proof": ("t $p wff p $= ( ) $.", 6, 19),
    "a list without end": ("t $p wff p $= ( A $.", 6, 19),
    "a label of nothing": ("t $p wff p $= wx $.", 6, 15),
    "a label of nothing in a list": ("t $p wff p $= ( wi wx ) A $.", 6, 20),
    "itself": ("t $p wff p $= t $.", 6, 15),
    "a later one": ("t $p wff p $= u $. u $a wff p $.", 6, 15),
    "a mandatory hypothesis in the list": ("t $p wff ( p -> p ) $= ( wi wp ) AAB $.", 6, 29),
    "a hypothesis of another block": ("t $p |- p $= mi $.", 6, 14),
    "too few hypotheses": ("t $p wff ( p -> p ) $= wp wi $.", 6, 27),
    "too many left": ("t $p wff p $= wp wp $.", 6, 18),
    "another theorem": ("t $p wff ( p -> q ) $= wp wp wi $.", 6, 30),
    "a wrong hypothesis": ("${ h $e |- ( p -> q ) $. t $p |- q $= wp wq h h mp $. $}", 6, 49),
    "a wrong type": ("${ h $e |- p $. t $p wff ( p -> p ) $= h h wi $. $}", 6, 44),
    "hypotheses in a wrong order": (
        "${ h $e |- p $. i $e |- ( p -> q ) $. t $p |- q $= wp wq i h mp $. $}", 6, 62),
    "not kept apart": ("t $p |- ( p -> q ) $= wp wq ad $.", 6, 29),
    "one variable for two apart": ("t $p |- ( p -> p ) $= wp wp ad $.", 6, 29),
    "a letter that is none": ("t $p wff ( p -> p ) $= ( wi ) AaB $.", 6, 32),
    "a number cut short": ("t $p wff ( p -> p ) $= ( wi ) AABU $.", 6, 34),
    "a number too high": ("t $p wff ( p -> p ) $= ( wi ) AAC $.", 6, 33),
    "a number of many digits": ("t $p wff ( p -> p ) $= ( wi ) AYYYYYYYYYYYYYYA $.", 6, 46),
    "nothing to keep": ("t $p wff ( p -> p ) $= ( wi ) ZAAB $.", 6, 31),
    "a hypothesis kept": ("t $p wff ( p -> p ) $= ( wi ) AZAB $.", 6, 32),
    "a kept step kept again": ("t $p wff ( ( p -> q ) -> ( p -> q ) ) $= ( wi ) ABCZDZC $.", 6, 54),
}  # fmt: skip
LENIENT = {"a second type"}
"""What `metamath` lets pass, though its book does not."""

INCOMPLETE = {
    "an unknown proof": ("t $p wff p $= ? $.", 6, 15),
    "an unknown step": ("t $p wff ( p -> p ) $= wp ? wi $.", 6, 27),
    "an unknown letter": ("t $p wff ( p -> p ) $= ( wi ) A?B $.", 6, 32),
}
"""Proofs that `metamath` warns of, and we refuse."""


def judge(folder: Path, text: str) -> None:
    path = folder / "some.mm"
    path.write_bytes((BASE + text + "\n").encode("latin-1"))
    verify(Database.read(path))


@pytest.mark.parametrize("case", GOOD)
def test_what_keeps_the_rules_is_read(case: str, tmp_path: Path) -> None:
    judge(tmp_path, GOOD[case])


@pytest.mark.parametrize("case", [*BAD, *INCOMPLETE])
def test_what_breaks_a_rule_is_refused_at_its_place(case: str, tmp_path: Path) -> None:
    text, line, column = {**BAD, **INCOMPLETE}[case]
    with pytest.raises(MetamathError) as caught:
        judge(tmp_path, text)
    assert (caught.value.line, caught.value.column) == (line, column), str(caught.value)


@pytest.mark.skipif(shutil.which("metamath") is None, reason="needs Debian's package metamath")
@pytest.mark.parametrize("case", sorted(GOOD.keys() | BAD.keys() - LENIENT))
def test_metamath_says_the_same(case: str, tmp_path: Path) -> None:
    text = GOOD[case] if case in GOOD else BAD[case][0]
    (tmp_path / "some.mm").write_bytes((BASE + text + "\n").encode("latin-1"))
    commands = ["set scroll continuous", "read some.mm", "verify proof *", "exit"]
    done = subprocess.run(["metamath", *commands], cwd=tmp_path, capture_output=True, timeout=60, check=False)
    assert (b"?Error" not in done.stdout and done.returncode == 0) == (case in GOOD), done.stdout.decode("latin-1")
