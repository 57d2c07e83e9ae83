"""Which words may a proof not say? A proof is a list of tactics for one theorem; it must not do anything else.

Lean's elaborator runs programs, and a file may change notation, instances and the meaning of a statement. So a proof is
put behind a statement that we write, is sent without its comments, exactly as it was looked at here, and is refused
when it says a word that begins another command, names the elaborator, or leaves something unproved. Words are looked
for in what Lean could take for words: every other letter than those of English ends one.
"""

from __future__ import annotations

import re
import unicodedata
from textwrap import dedent

LONGEST = 100_000
"""Characters a proof may have."""

_UNPROVED = "sorry admit stop sorryAx lcProof lcUnreachable lcAny slim_check plausible cheat undefined"
_COMMANDS = """
abbrev add_decl_doc add_aesop_rules erase_aesop_rules recall alias attribute axiom axioms class codef coinductive def
deriving end example export extends extern implemented_by import include inductive infix infixl infixr init_quot
initialize instance irreducible_def lemma local mutual namespace noncomputable nonrec notation omit opaque open
partial postfix prefix prelude private proof_wanted protected public scoped seal section set_option structure theorem
universe universes unsafe unseal variable variables where library_note suppress_compilation unsuppress_compilation
assert_not_exists compile_inductive compile_def mk_iff_of_inductive_prop binder_predicate recommended_spelling
grind_pattern whatsnew count_heartbeats to_additive csimp delab app_unexpander unif_hint meta module decl_name
"""
_EXECUTION = """
by_elab native native_decide bv_decide polyrith include_str dbg_trace dbgTrace dbgTraceVal dbgTraceIfShared
dbgSleep dbgStackTrace dbg_trace_state unsafeCast unsafeIO unsafeEIO unsafeBaseIO ofReduceBool ofReduceNat reduceBool
reduceNat trustCompiler Lean IO EIO BaseIO System Elab Meta MetaM TacticM TermElabM CommandElabM CoreM MacroM Macro
Syntax Expr addDecl addAndCompile evalExpr eval_expr quote sleep sleep_heartbeats skip_kernel debug
"""
FORBIDDEN = frozenset(f"{_UNPROVED} {_COMMANDS} {_EXECUTION}".split())
"""Words that a proof may not say, wherever they stand."""

_BEGINNINGS = re.compile(
    r"(?:run|register|declare|builtin|initialize)_|(?:elab|macro|syntax|notation|simproc|dsimproc)"
)
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SIGNS = {'"': "a string", "`": "a quotation", "«": "a quoted name", "@[": "an attribute"}
_COMMAND = re.compile(r"#[A-Za-z_]")


class Refused(Exception):
    """A proof that is not put to Lean at all.

    Args:
        message: why. line, column: where in the proof, from 1.
    """

    def __init__(self, message: str, line: int = 1, column: int = 1) -> None:
        super().__init__(message)
        self.line, self.column = line, column


def without_comments(text: str) -> str:
    """Return a Lean text whose comments are blanks, so that everything stays in its place.

    Raises:
        Refused: where a comment does not end.
    """
    kept, place, depth, begin = [], 0, 0, 0
    while place < len(text):
        two = text[place : place + 2]
        if two == "/-":
            begin = begin if depth else place
            depth += 1
        elif two == "-/" and depth:
            depth -= 1
        elif two == "--" and not depth:
            end = text.find("\n", place)
            end = len(text) if end < 0 else end
            kept.append(" " * (end - place))
            place = end
            continue
        else:
            letter = text[place]
            kept.append(letter if not depth or letter == "\n" else " ")
            place += 1
            continue
        kept.append("  ")
        place += 2
    if depth:
        raise Refused("a comment does not end", *_place(text, begin))
    return "".join(kept)


def allowed(proof: str) -> str:
    """Return a proof as it may be put to Lean: without comments, and not set in more than it must be.

    Raises:
        Refused: where it is too long, or holds what a proof may not say.
    """
    if len(proof) > LONGEST:
        raise Refused(f"a proof has at most {LONGEST} characters")
    text = without_comments(proof.replace("\r\n", "\n"))
    for place, letter in enumerate(text):
        if letter != "\n" and unicodedata.category(letter)[0] == "C":
            raise Refused(f"the letter U+{ord(letter):04X} may not stand in a proof", *_place(text, place))
    for sign, what in _SIGNS.items():
        if sign in text:
            raise Refused(f"{what} ({sign}) may not stand in a proof", *_place(text, text.index(sign)))
    if command := _COMMAND.search(text):
        raise Refused("a command that begins with # may not stand in a proof", *_place(text, command.start()))
    for word in _WORD.finditer(text):
        if found := _forbidden(word[0], after_digit=text[word.start() - 1 : word.start()].isdigit()):
            raise Refused(f"the word {found} may not stand in a proof", *_place(text, word.start()))
    if not text.strip():
        raise Refused("there is no proof")
    return "\n".join(line.rstrip() for line in dedent(text).strip("\n").split("\n"))


def _forbidden(word: str, after_digit: bool) -> str:
    """Return what is forbidden in a word. Behind a digit a word may begin anywhere, as in ``0x1open``."""
    if after_digit:
        begun = _BEGINNINGS.search(word)
        return begun[0] if begun else next((one for one in FORBIDDEN if word.endswith(one)), "")
    return word if word in FORBIDDEN or _BEGINNINGS.match(word) else ""


def _place(text: str, at: int) -> tuple[int, int]:
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
