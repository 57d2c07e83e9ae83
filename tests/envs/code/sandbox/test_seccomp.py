"""Does the filter decide as it should, on machines, too, that these tests do not run on? It is interpreted here."""

from __future__ import annotations

import errno
import struct

import pytest

from syllogym.envs.code.sandbox.inside import seccomp, syscalls

PID = 4711
ALLOW, KILL = "allow", "kill"
MACHINES = tuple(syscalls.MACHINES)


def decide(code: bytes, machine: str, number: int, arguments: tuple[int, ...]) -> str:
    """Interpret a filter, as the kernel would, on one call."""
    padded = [*arguments, *[0] * (6 - len(arguments))]
    data = struct.pack("=iIQ6Q", number - (1 << 32) if number >> 31 else number, syscalls.MACHINES[machine], 0, *padded)
    steps = list(struct.iter_unpack("HBBI", code))
    at = accumulator = 0
    while True:
        kind, true, false, operand = steps[at]
        at += 1
        if kind == 0x20:
            (accumulator,) = struct.unpack_from("=I", data, operand)
        elif kind == 0x54:
            accumulator &= operand
        elif kind in (0x15, 0x35):
            at += true if (accumulator == operand if kind == 0x15 else accumulator >= operand) else false
        else:
            assert kind == 0x06
            actions = {0x7FFF0000: ALLOW, 0x80000000: KILL}
            return actions.get(operand) or errno.errorcode[operand & 0xFFFF]


def program(machine: str, number: int, *arguments: int) -> str:
    """What a program's call comes to under both filters: the stricter counts."""
    both = seccomp.for_server(machine), seccomp.for_program(PID, machine)
    decided = [decide(code, machine, number, arguments) for code in both]
    return KILL if KILL in decided else next((one for one in decided if one != ALLOW), ALLOW)


@pytest.mark.parametrize("machine", MACHINES)
def test_calls_about_itself_are_allowed(machine: str) -> None:
    assert {program(machine, number) for number in syscalls.free(machine).values()} == {ALLOW}


@pytest.mark.parametrize("machine", MACHINES)
def test_flagrant_calls_end_the_process(machine: str) -> None:
    assert {program(machine, number) for number in syscalls.flagrant(machine).values()} == {KILL}


@pytest.mark.parametrize("machine", MACHINES)
def test_every_other_call_is_refused(machine: str) -> None:
    listed = {
        *syscalls.free(machine).values(),
        *syscalls.flagrant(machine).values(),
        *syscalls.judged(machine).values(),
    }
    others = [number for number in range(1000) if number not in listed]
    assert {program(machine, number) for number in others} == {"EPERM", "ENOSYS"}


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("number", [1 << 30, (1 << 30) + 39, (1 << 31) + 1, 0xFFFFFFFF])
def test_numbers_of_another_convention_end_the_process(machine: str, number: int) -> None:
    assert program(machine, number) == KILL


def test_calls_of_another_architecture_end_the_process() -> None:
    assert decide(seccomp.for_server("x86_64"), "aarch64", 0, ()) == KILL


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize(
    ("name", "arguments", "decision"),
    [
        ("clone", (0x3D0F00,), ALLOW),  # a thread, as the C library makes it
        ("clone", (17,), "EPERM"),  # a process
        ("clone", (0x10000 | 0x10000000,), "EPERM"),  # a thread in a new user namespace
        ("kill", (PID, 15), ALLOW),
        ("kill", (PID, 9), "EPERM"),
        ("kill", (PID, 19), "EPERM"),
        ("kill", (1, 0), "EPERM"),
        ("kill", (0xFFFFFFFF, 15), "EPERM"),
        ("kill", (0, 15), "EPERM"),
        ("tgkill", (PID, PID, 6), ALLOW),
        ("tgkill", (PID, PID, 9), "EPERM"),
        ("tgkill", (PID + 1, PID + 1, 6), "EPERM"),
        ("prctl", (15,), ALLOW),
        ("prctl", (1, 0), "EPERM"),
        ("prctl", (4, 1), "EPERM"),
        ("prctl", (22, 2), "EPERM"),
        ("prlimit64", (0, 7), ALLOW),
        ("prlimit64", (1, 7), "EPERM"),
        ("prlimit64", (0, 0), "EPERM"),  # its processor time, the excess of which ends in a SIGKILL
        ("setrlimit", (0,), "EPERM"),
        ("setrlimit", (3,), ALLOW),
        ("ioctl", (0, 0x5401), ALLOW),
        ("ioctl", (0, 0x5412), "EPERM"),  # type for the user
        ("fcntl", (0, 3), ALLOW),
        ("fcntl", (0, 8, 1), "EPERM"),  # whom to signal
        ("socketpair", (1, 0x80001), ALLOW),
        ("socketpair", (1, 2), "EPERM"),
        ("socketpair", (16, 1), "EPERM"),
    ],
    ids=lambda value: str(value),
)
def test_some_calls_are_judged_by_their_arguments(
    machine: str, name: str, arguments: tuple[int, ...], decision: str
) -> None:
    assert program(machine, syscalls.judged(machine)[name], *arguments) == decision


@pytest.mark.parametrize("machine", MACHINES)
def test_no_call_is_listed_twice(machine: str) -> None:
    tables = (syscalls.free, syscalls.judged, syscalls.server, syscalls.flagrant, syscalls.execution)
    numbers = [number for table in tables for number in table(machine).values()]
    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize("machine", MACHINES)
def test_programs_are_executed_only_where_the_place_has_one(machine: str) -> None:
    (number,) = syscalls.execution(machine).values()
    assert decide(seccomp.for_server(machine), machine, number, ()) == "EPERM"
    assert decide(seccomp.for_server(machine, executes=True), machine, number, ()) == ALLOW
    assert decide(seccomp.for_program(PID, machine), machine, number, ()) == ALLOW
