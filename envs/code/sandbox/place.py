"""Where do programs run? Under which layers, with which paths to read, and by which command the fork server starts.

A program may read Python's standard library and the system's shared libraries, and nothing else: no installed
packages, no home, no /etc, no /proc. With bubblewrap there is nothing else to be seen either.
"""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LAYERS = ("bubblewrap", "landlock", "seccomp")

_INSIDE = Path(__file__).with_name("inside")
_AROUND = [__package__.rsplit(".", up)[0] for up in range(__package__.count(".") + 1)]
BOOT = f"""
import sys, types
for name in {_AROUND}:
    sys.modules[name] = types.ModuleType(name)
    sys.modules[name].__path__ = []
"""
"""Source that puts empty packages in the place of those around `inside`, which need not be installed there."""

_START = f"""{BOOT}
sys.modules["{__package__}"].__path__.append(sys.argv.pop(1))
from {__package__}.inside.memory import claim
claimed = claim()
from {__package__}.inside.fork_server import main
main()
"""
_MOUNTED = "/opt/syllogym"
_LOADERS = ("/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1")
_PACKAGES = ("site-packages", "dist-packages")


@dataclass(frozen=True)
class Executable:
    """A program of the machine that runs may become; it can start nothing but itself.

    Attributes:
        command: its path and arguments. readable: files and folders that it reads.
        environment: its variables; no others are set.
    """

    command: tuple[str, ...]
    readable: tuple[str, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()

    def told(self) -> dict[str, Any]:
        """Return what the fork server is told of it."""
        files = [self.command[0], *_LOADERS]
        return {"command": self.command, "environment": dict(self.environment), "files": files}


@dataclass(frozen=True)
class Place:
    """A set of layers; without any, programs are bounded but not confined.

    Attributes:
        layers: their names.
        executable: the program that runs of that kind become; without one there are none of that kind.
    """

    layers: tuple[str, ...]
    executable: Executable | None = None

    @property
    def name(self) -> str:
        """The layers' names, or ``process`` when there are none."""
        return "+".join(self.layers) or "process"

    def command(self, control: int) -> list[str]:
        """Return the command line of a fork server that is spoken to through the descriptor `control`."""
        inside = _MOUNTED if "bubblewrap" in self.layers else str(_INSIDE.parent)
        python = [os.path.realpath(sys.executable), "-P", "-S", "-s", "-B", "-c", _START, inside, str(control)]
        return [*_bubblewrap(self._own_files()), *python] if "bubblewrap" in self.layers else python

    def told(self, folder: str | None) -> dict[str, Any]:
        """Return what the fork server is told of its place; `folder` is for private folders, where it is not alone."""
        return {
            "layers": self.layers,
            "folder": folder or "/tmp",
            "readable": [
                *_standard_library(masked="bubblewrap" in self.layers), *_shared_libraries(), *self._own_files()
            ],
            "writable": ["/dev/null"],
            "executable": self.executable.told() if self.executable else None,
        }  # fmt: skip

    def _own_files(self) -> tuple[str, ...]:
        return (self.executable.command[0], *self.executable.readable) if self.executable else ()


def _standard_library(masked: bool) -> list[str]:
    """The standard library's folders; their entries one by one, unless installed packages are masked there anyway."""
    folders = sorted({sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")})
    if masked:
        return folders
    return [entry.path for folder in folders for entry in os.scandir(folder) if entry.name not in _PACKAGES]


def _shared_libraries() -> list[str]:
    machine = sysconfig.get_config_var("MULTIARCH") or ""
    prefix = Path(sys.base_prefix, "lib")
    return [
        *(f"{root}/lib/{machine}" for root in ("", "/usr") if machine),
        *("/lib64", "/usr/lib64", "/etc/ld.so.cache", "/etc/localtime", "/usr/share/zoneinfo", "/dev/urandom"),
        *(str(path) for path in prefix.glob("*.so*")),
    ]


def _bubblewrap(files: tuple[str, ...]) -> list[str]:
    """Everything unshared, nothing writable but a private /tmp in memory, and only what Python needs mounted."""
    mounts: list[str] = []
    for path in ("/usr", "/lib", "/lib64", "/lib32"):
        if os.path.islink(path):
            mounts += ["--symlink", os.readlink(path), path]
        elif os.path.isdir(path):
            mounts += ["--ro-bind", path, path]
    if not sys.base_prefix.startswith("/usr/"):
        mounts += ["--ro-bind", sys.base_prefix, sys.base_prefix]
    for path in files:
        mounts += [] if path.startswith("/usr/") else ["--ro-bind-try", path, path]
    for name in _PACKAGES:
        packages = os.path.join(sysconfig.get_path("stdlib"), name)
        mounts += ["--tmpfs", packages] if os.path.isdir(packages) else []
    for path in ("/etc/ld.so.cache", "/etc/localtime"):
        mounts += ["--ro-bind-try", path, path]
    for path in ("/dev/null", "/dev/urandom"):
        mounts += ["--dev-bind", path, path]
    own = ["--ro-bind", str(_INSIDE), f"{_MOUNTED}/inside", "--proc", "/proc", "--tmpfs", "/tmp", "--remount-ro", "/"]
    alone = ["--unshare-all", "--uid", "65534", "--gid", "65534", "--cap-drop", "ALL", "--hostname", "sandbox"]
    return [shutil.which("bwrap") or "bwrap", *alone, *mounts, *own, "--chdir", "/tmp"]
