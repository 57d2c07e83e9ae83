"""Is Lean started where it can do no harm, and told of clearly where it cannot be started?"""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path

import pytest

from syllogym.envs.proofs.lean4.choice import lean_prover
from syllogym.envs.proofs.lean4.process import Lost, Process
from syllogym.envs.proofs.lean4.prover import Lean
from syllogym.envs.proofs.lean4.toolchain import Toolchain
from syllogym.envs.proofs.prover import Theorem
from syllogym.errors import UserError
from tests.envs.proofs.lean4.conftest import HERE, command

needs_bubblewrap = pytest.mark.skipif(shutil.which("bwrap") is None, reason="needs bubblewrap")

DEEDS = {
    "writes a file of the project": "open('here', 'w')",
    "writes elsewhere": "open('/var/tmp/syllogym-lean', 'w')",
    "reads secrets": "open('/etc/passwd')",
    "reads other folders": "open('SECRET')",
    "reaches the network": "import socket; socket.create_connection(('127.0.0.1', 22), 1)",
    "sees others": "import os; 1 / (len([p for p in os.listdir('/proc') if p.isdigit()]) > 4)",
    "takes too much memory": "bytearray(3 << 30)",
    "fills the disk": "open('/tmp/x', 'wb').write(bytes(1 << 20) * 200)",
}


@needs_bubblewrap
@pytest.mark.parametrize("deed", DEEDS)
def test_what_runs_inside_lean_does_no_harm(deed: str, tmp_path: Path) -> None:
    """A stand-in for a proof that got past all else: a process that tries, and answers only if it succeeded."""
    secret, folder = tmp_path / "secret", tmp_path / "project"
    secret.write_text("x")
    folder.mkdir()
    script = folder / "tries.py"
    deed = DEEDS[deed].replace("SECRET", str(secret))
    script.write_text(f"input()\n{deed}\nprint('{{\"env\": 0}}', end='\\n\\n', flush=True)\n")
    tool = Toolchain(shlex.join([sys.executable, "-S", "-E", str(script)]), str(folder), memory=2 << 30)
    with pytest.raises(Lost):
        tool.start().ask({"cmd": "x"}, 20.0)


@needs_bubblewrap
def test_an_honest_repl_works_under_bubblewrap(tmp_path: Path) -> None:
    shutil.copy(HERE / "modelled_repl.py", tmp_path)
    (tmp_path / "rows").write_text('{"proof": "exact h"}\n')
    words = [sys.executable, "-S", "-E", "modelled_repl.py", "rows"]
    lean = Lean(Toolchain(shlex.join(words), str(tmp_path)).start)
    assert lean.check(Theorem(": p"), "exact h").proved
    lean.close()


def test_without_bubblewrap_lean_is_not_started_unless_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    which = shutil.which
    monkeypatch.setattr(shutil, "which", lambda name, **options: None if name == "bwrap" else which(name, **options))
    with pytest.raises(UserError, match="apt-get install bubblewrap"):
        Toolchain(command("modelled_repl.py")).start()


def test_the_environment_s_secrets_are_not_handed_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HF_TOKEN", "secret")
    script = tmp_path / "tells.py"
    script.write_text(
        "import os, json\ninput()\nprint(json.dumps({'message': ' '.join(os.environ)}), end='\\n\\n', flush=True)\n"
    )
    process: Process = Toolchain(shlex.join([sys.executable, "-E", str(script)]), isolation="process").start()
    assert "HF_TOKEN" not in process.ask({"cmd": "x"}, 20.0).wrong
    process.close()


@pytest.mark.parametrize(
    ("lean", "project", "isolation", "told"),
    [
        ("", "", "auto", "No Lean is named"),
        ("/no/such/repl", "", "process", "there is no program"),
        ("cat", "/no/such/folder", "process", "no folder"),
        ("cat", "", "prison", "isolation"),
    ],
)
def test_what_is_wrong_with_a_lean_is_told(
    lean: str, project: str, isolation: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SYLLOGYM_LEAN", raising=False)
    with pytest.raises(UserError, match=told):
        lean_prover(lean, project, isolation, 1.0).check(Theorem(": p"), "exact h")
