"""Where is Lean, and what may it do? A command of the user's, started under bubblewrap with a policy of its own.

Lean's elaborator can run programs, read and write files, and reach the network; proofs are looked at before they are
sent, and this is for what gets past that. Lean sees the system's libraries, its toolchain and the project, all to read;
it writes in a folder in memory, has no network, no other processes, and no more memory than allowed.
"""

from __future__ import annotations

import os
import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path

from syllogym.envs.proofs.lean4.process import Process
from syllogym.errors import UserError, check_choice

ISOLATIONS = ("auto", "process")
LARGEST_FILE = 64 << 20
"""Bytes a file may have that Lean writes."""

NOT_SET = (
    "No Lean is named, and none comes with SylloGym. Set $SYLLOGYM_LEAN, or the option lean, to the command of a REPL "
    "(github.com/leanprover-community/repl), such as 'lake env /path/repl/.lake/build/bin/repl', with "
    "$SYLLOGYM_LEAN_PROJECT or the option project for the folder it is started in; or to the address of a "
    "Kimina Lean Server, http://HOST:PORT."
)


@dataclass(frozen=True)
class Toolchain:
    """How a REPL is started.

    Attributes:
        command: a command line. project: folder it is started in, "" for the current one.
        isolation: ``auto`` for bubblewrap; ``process`` runs Lean without protection.
        memory: bytes of address space. Mathlib's files, which are mapped, count.
    """

    command: str
    project: str = ""
    isolation: str = "auto"
    memory: int = 32 << 30

    def start(self) -> Process:
        """Start a REPL.

        Raises:
            UserError: if there is no such program or folder, or no bubblewrap. Lost: if it cannot be started.
        """
        check_choice("isolation", self.isolation, ISOLATIONS)
        words = shlex.split(self.command)
        folder = Path(self.project or ".").expanduser().resolve()
        program = shutil.which(words[0], path=self._path) if words else None
        if program is None:
            raise UserError(
                f"Lean's command {self.command!r} cannot be run: there is no program {words[:1]}. {NOT_SET}"
            )
        if not folder.is_dir():
            raise UserError(f"There is no folder {str(folder)!r} for Lean to be started in.")
        bounds = f"ulimit -v {self.memory >> 10}; ulimit -f {LARGEST_FILE >> 9}; ulimit -c 0"
        bounded = ["/bin/sh", "-c", f'{bounds}; exec "$@"', "sh", program, *words[1:]]
        around = [] if self.isolation == "process" else self._bubblewrap(program, words, folder)
        environment = {"PATH": self._path, "HOME": os.environ.get("HOME", "/"), "LANG": "C.UTF-8"}
        kept = {name: value for name, value in os.environ.items() if name.startswith(("ELAN_", "LEAN_", "LAKE_"))}
        return Process([*around, *bounded], str(folder), {**environment, **kept})

    @property
    def _path(self) -> str:
        elan = Path(os.environ.get("ELAN_HOME") or "~/.elan").expanduser() / "bin"
        return f"{elan}:{os.environ.get('PATH', os.defpath)}"

    def _bubblewrap(self, program: str, words: list[str], folder: Path) -> list[str]:
        bwrap = shutil.which("bwrap")
        if bwrap is None:
            raise UserError(
                "Lean runs programs that stand in proofs, so it is started only under bubblewrap, which is not "
                "installed: `apt-get install bubblewrap`. With isolation: process it runs without protection."
            )
        mounts: list[str] = []
        for path in ("/usr", "/bin", "/lib", "/lib64", "/etc/ld.so.cache"):
            if os.path.islink(path):
                mounts += ["--symlink", os.readlink(path), path]
            else:
                mounts += ["--ro-bind-try", path, path]
        elan = str(Path(os.environ.get("ELAN_HOME") or "~/.elan").expanduser())
        named = [word for word in words if word.startswith("/") and os.path.exists(word)]
        own = [elan, *(str(_root(Path(way))) for one in (program, *named) for way in (one, os.path.realpath(one)))]
        for path in dict.fromkeys(path for path in (*own, str(folder)) if not path.startswith(("/usr/", "/bin/"))):
            mounts += ["--ro-bind-try", path, path]
        return [
            bwrap, "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--uid", "65534",
            "--gid", "65534", "--hostname", "lean", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", *mounts,
            "--remount-ro", "/", "--chdir", str(folder),
        ]  # fmt: skip


def _root(program: Path) -> Path:
    """Return the folder that a program needs: above its ``bin``, of its Lake package, or its own."""
    for above in program.parents:
        if above.name in (".lake", "bin") and len(above.parent.parts) > 2:
            return above.parent
    return program
