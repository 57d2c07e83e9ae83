"""Do we judge mutated proofs as Debian's `metamath` does?

python -m benchmarks.metamath_agreement FILE.mm [SEED [SHARE]]    a share of the proofs is mutated; 1 by default
"""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from syllogym.envs.proofs.mm.database import Database
from syllogym.envs.proofs.mm.kernel import verify_theorem
from syllogym.envs.proofs.mm.source import MetamathError, Source
from syllogym.envs.proofs.mm.statements import Assertion

_ERROR = re.compile(r'\?Error (?:on|in).{0,80}?,\s+label\s+"([^"]+)"', re.DOTALL)
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def mutate(proof: str, rng: random.Random, labels: list[str]) -> str:
    """Return a compressed proof with one change, or none: letters or labels exchanged, doubled, left out, swapped."""
    words = proof.split()
    close = words.index(")")
    names, letters = words[1:close], list("".join(words[close + 1 :]))
    kind = rng.randrange(9)
    part: list[str] = names if kind in (1, 3, 5) and names else letters
    place = rng.randrange(len(part))
    if kind in (0, 1):
        part[place] = rng.choice(labels if part is names else _LETTERS)
    elif kind in (2, 3):
        part.insert(place, part[place])
    elif kind in (4, 5):
        del part[place]
    elif kind == 6:
        other = rng.randrange(len(letters))
        letters[place], letters[other] = letters[other], letters[place]
    elif kind == 7:
        letters.insert(place, "Z")
    return " ".join(["(", *names, ")", "".join(letters)])


def mutated(path: Path, rng: random.Random, share: float = 1.0) -> str:
    """Return a database in which a share of the proofs are mutated."""
    database = Database.read(path)
    labels = [label for label, found in database.labels.items() if isinstance(found, Assertion)]
    text, pieces, at = path.read_bytes().decode("latin-1"), [], 0
    for theorem in database.theorems:
        if rng.random() < share and theorem.proof.split()[:1] == ["("]:
            pieces += [text[at : theorem.proof_at], "\n", mutate(theorem.proof, rng, labels), "\n"]
            at = theorem.proof_at + len(theorem.proof)
    return "".join([*pieces, text[at:]])


def mine(text: str) -> dict[str, str]:
    """Return the labels whose proofs we refuse, and why."""
    database = Database.of(Source("mutated.mm", text))
    refused = {}
    for theorem in database.theorems:
        try:
            verify_theorem(database, theorem)
        except MetamathError as error:
            refused[theorem.label] = str(error)
    return refused


def theirs(text: str) -> set[str]:
    """Return the labels whose proofs `metamath` refuses."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "mutated.mm").write_text(text, encoding="latin-1")
        commands = ["set scroll continuous", "read mutated.mm", "verify proof *", "exit"]
        done = subprocess.run(["metamath", *commands], cwd=folder, capture_output=True, timeout=600, check=True)
    return set(_ERROR.findall(done.stdout.decode("latin-1")))


def compare(path: Path, seed: int, share: float = 1.0) -> tuple[int, int, dict[str, str]]:
    """Return how many proofs were judged, how many refused by both, and what is judged differently."""
    text = mutated(path, random.Random(seed), share)
    ours, other = mine(text), theirs(text)
    differ = {label: ours.get(label, "accepted by us") for label in ours.keys() ^ other}
    return len(Database.of(Source("mutated.mm", text)).theorems), len(ours.keys() & other), differ


def main(arguments: list[str]) -> None:
    """Print how far both agree."""
    if shutil.which("metamath") is None:
        sys.exit("This needs Debian's package metamath.")
    path, seed, share = Path(arguments[0]), int((*arguments[1:], "0")[0]), float((*arguments[2:], "1")[0])
    judged, refused, differ = compare(path, seed, share)
    print(f"{path.name}: {judged} proofs, {refused} refused by both, {len(differ)} judged differently")
    for label, why in sorted(differ.items()):
        print(f"  {label}: {why}")


if __name__ == "__main__":
    main(sys.argv[1:])
