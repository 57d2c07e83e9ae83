"""How does the kernel refuse a program's system calls? By a filter put together here, instruction by instruction.

A filter is a decision tree over the call's number. A call that is not listed in `syscalls` fails with EPERM; a flagrant
one kills the process; some are judged by their arguments: threads but no processes, signals to itself alone (and none
that cannot be told from a kill by the machine), pairs of sockets but no other socket.
"""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
from collections.abc import Callable

from syllogym.envs.code.sandbox.inside import syscalls
from syllogym.envs.code.sandbox.inside.kernel import prctl

_LOAD, _AND, _RETURN = 0x20, 0x54, 0x06
_EQUAL, _AT_LEAST = 0x15, 0x35
_ALLOW, _KILL, _ERROR = 0x7FFF0000, 0x80000000, 0x00050000
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data

_THREAD, _NEW_NAMESPACES_OR_TRACED = 0x10000, 0x7E022000
_SIGKILL, _SIGSTOP = 9, 19
_CPU = 0  # the limit whose excess ends in a SIGKILL by the kernel, which would look like one by the machine
_SERVER_PRCTLS = (1, 22)  # die with the parent; install a filter
_PRCTLS = (3, 15, 16, 23, 39, 0x53564D41)  # read dumpable, name and capabilities; set a name
_IOCTLS = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)  # is it a terminal, how much is to be read, (non)blocking
_FCNTLS = (0, 1, 2, 3, 4, 5, 6, 7, 36, 37, 38, 1030, 1032)  # duplicate, flags, locks; nothing that sends signals

Step = tuple[int, int, int, int]  # code, jump if true, jump if false, operand


def _end(action: int) -> list[Step]:
    return [(_RETURN, 0, 0, action)]


def _deny(code: int = errno.EPERM) -> list[Step]:
    return _end(_ERROR | code)


def _one_of(argument: int, values: tuple[int, ...], mask: int = 0, then: list[Step] | None = None) -> list[Step]:
    """Go on with `then` (allow) if the masked argument is one of the values, else refuse."""
    then = then or _end(_ALLOW)
    masked = [(_AND, 0, 0, mask)] if mask else []
    tests = [(_EQUAL, len(values) - at, 0, value) for at, value in enumerate(values)]
    return [(_LOAD, 0, 0, _ARGUMENTS + 8 * argument), *masked, *tests, *_deny(), *then]


def _none_of(argument: int, values: tuple[int, ...]) -> list[Step]:
    tests = [(_EQUAL, len(values) - at, 0, value) for at, value in enumerate(values)]
    return [(_LOAD, 0, 0, _ARGUMENTS + 8 * argument), *tests, *_end(_ALLOW), *_deny()]


def _tree(leaves: list[tuple[int, list[Step]]]) -> list[Step]:
    """Decide by the number in the accumulator; each leaf holds from its number on."""
    if len(leaves) == 1:
        return leaves[0][1]
    middle = len(leaves) // 2
    below, above = _tree(leaves[:middle]), _tree(leaves[middle:])
    return [(_AT_LEAST, len(below), 0, leaves[middle][0]), *below, *above]


def _leaves(rules: dict[int, list[Step]], otherwise: Callable[[int], list[Step]]) -> list[tuple[int, list[Step]]]:
    leaves: list[tuple[int, list[Step]]] = []
    for number in range(max(rules) + 2):
        rule = rules.get(number) or otherwise(number)
        if not leaves or leaves[-1][1] != rule:
            leaves.append((number, rule))
    return leaves


def _packed(steps: list[Step]) -> bytes:
    return b"".join(struct.pack("HBBI", *step) for step in steps)


def for_server(machine: str, executes: bool = False) -> bytes:
    """The filter of the fork server and all its children: what is not listed is refused, for one and all.

    Args:
        machine: such as ``x86_64``.
        executes: whether children become a program of the machine.
    """
    judges = {
        "clone": _one_of(0, (0,), _NEW_NAMESPACES_OR_TRACED),
        "prctl": _one_of(0, (*_PRCTLS, *_SERVER_PRCTLS)),
        "ioctl": _one_of(1, _IOCTLS),
        "fcntl": _one_of(1, _FCNTLS),
        "socketpair": _one_of(0, (1,), then=_one_of(1, (1,), 0xF)),  # AF_UNIX, SOCK_STREAM
    }
    allow, kill = _end(_ALLOW), _end(_KILL)
    rules = dict.fromkeys((*syscalls.free(machine).values(), *syscalls.server(machine).values()), allow)
    rules |= dict.fromkeys(syscalls.flagrant(machine).values(), kill)
    if executes:
        rules |= dict.fromkeys(syscalls.execution(machine).values(), allow)
    rules |= {number: judges.get(name, allow) for name, number in syscalls.judged(machine).items()}
    refused = {True: _deny(), False: _deny(errno.ENOSYS)}
    leaves = _leaves(rules, lambda number: refused[number < syscalls.NEWER])
    leaves.append((1 << 30, kill))  # from there on, x86_64's other calling convention
    architecture = [(_LOAD, 0, 0, _ARCHITECTURE), (_EQUAL, 1, 0, syscalls.MACHINES[machine]), *kill]
    return _packed([*architecture, (_LOAD, 0, 0, _NUMBER), *_tree(leaves)])


def for_program(pid: int, machine: str) -> bytes:
    """The filter on top of that for the process `pid` that becomes the program; short, as each run pays for it."""
    judges = {
        "clone": _one_of(0, (_THREAD,), _THREAD),
        "kill": _one_of(0, (pid,), then=_none_of(1, (_SIGKILL, _SIGSTOP))),
        "tgkill": _one_of(0, (pid,), then=_none_of(2, (_SIGKILL, _SIGSTOP))),
        "prctl": _one_of(0, _PRCTLS),
        "prlimit64": _one_of(0, (0, pid), then=_none_of(1, (_CPU,))),
        "setrlimit": _none_of(0, (_CPU,)),
    }
    rules = {number: judges[name] for name, number in syscalls.judged(machine).items() if name in judges}
    rules |= dict.fromkeys(syscalls.server(machine).values(), _deny())
    return _packed([(_LOAD, 0, 0, _NUMBER), *_tree(_leaves(rules, lambda _: _end(_ALLOW)))])


class Filters:
    """Both filters, ready to be installed: one by this process, one by each child, which is told its number there.

    The second is made beforehand and changed in place, since all that a child touches must be copied for it.

    Raises:
        OSError: if there is no table for this machine.
    """

    _STAND_IN = 0x7FABCDEF

    def __init__(self, executes: bool = False) -> None:
        machine = platform.machine()
        if machine not in syscalls.MACHINES or struct.calcsize("P") != 8:
            raise OSError(errno.ENOSYS, f"no seccomp table for {machine}")
        code = for_program(self._STAND_IN, machine)
        self._program = _Loaded(code)
        self._words = memoryview(self._program.code).cast("B").cast("I")
        self._places = [at for at, word in enumerate(self._words) if word == self._STAND_IN]
        self._server = _Loaded(for_server(machine, executes))

    def restrict_server(self) -> None:
        """Put this process and all it will fork under the first filter for good. It needs no_new_privs."""
        self._server.install()

    def restrict_program(self, pid: int) -> None:
        """Put this process, whose number is `pid`, under the second filter for good."""
        for place in self._places:
            self._words[place] = pid
        self._program.install()


class _Loaded:
    """A filter in memory, as the kernel takes it."""

    def __init__(self, code: bytes) -> None:
        self.code = ctypes.create_string_buffer(code, len(code))
        self._header = struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(self.code))

    def install(self) -> None:
        if prctl(_SERVER_PRCTLS[1], 2, self._header, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "the kernel refused the seccomp filter")
