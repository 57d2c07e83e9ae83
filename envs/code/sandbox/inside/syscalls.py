"""Which system calls may a confined program make? By name, with their numbers on x86_64 and aarch64.

What is not listed is refused. Numbers are those of the kernel's headers; ``-`` where a machine has no such call.
"""

from __future__ import annotations

_FREE = """
read 0 63, write 1 64, open 2 -, openat 257 56, close 3 57, creat 85 -, stat 4 -, fstat 5 80, lstat 6 -,
newfstatat 262 79, statx 332 291, lseek 8 62, pread64 17 67, pwrite64 18 68, readv 19 65, writev 20 66,
preadv 295 69, pwritev 296 70, preadv2 327 286, pwritev2 328 287, access 21 -, faccessat 269 48, faccessat2 439 439,
dup 32 23, dup2 33 -, dup3 292 24, pipe 22 -, pipe2 293 59, sendfile 40 71, copy_file_range 326 285, flock 73 32,
fsync 74 82, fdatasync 75 83, fadvise64 221 223, truncate 76 45, ftruncate 77 46, getdents 78 -, getdents64 217 61,
getcwd 79 17, chdir 80 49, fchdir 81 50, rename 82 -, renameat 264 38, renameat2 316 276, mkdir 83 -,
mkdirat 258 34, rmdir 84 -, unlink 87 -, unlinkat 263 35, readlink 89 -, readlinkat 267 78, umask 95 166,
statfs 137 43, fstatfs 138 44, close_range 436 436,

brk 12 214, mmap 9 222, mprotect 10 226, munmap 11 215, mremap 25 216, msync 26 227, mincore 27 232, madvise 28 233,

poll 7 -, ppoll 271 73, select 23 -, pselect6 270 72, epoll_create 213 -, epoll_create1 291 20, epoll_ctl 233 21,
epoll_wait 232 -, epoll_pwait 281 22, epoll_pwait2 441 441, eventfd 284 -, eventfd2 290 19, nanosleep 35 101,
clock_nanosleep 230 115, pause 34 -, futex 202 98, futex_waitv 449 449, wait4 61 260, waitid 247 95,
restart_syscall 219 128,

rt_sigaction 13 134, rt_sigprocmask 14 135, rt_sigreturn 15 139, rt_sigpending 127 136, rt_sigtimedwait 128 137,
rt_sigsuspend 130 133, sigaltstack 131 132, alarm 37 -, getitimer 36 102, setitimer 38 103,

sendto 44 206, recvfrom 45 207, sendmsg 46 211, recvmsg 47 212, shutdown 48 210, getsockname 51 204,
getpeername 52 205, setsockopt 54 208, getsockopt 55 209,

getpid 39 172, getppid 110 173, gettid 186 178, getpgrp 111 -, getpgid 121 155, getsid 124 156, getuid 102 174,
geteuid 107 175, getgid 104 176, getegid 108 177, getresuid 118 148, getresgid 120 150, getgroups 115 158,
getpriority 140 141, getrlimit 97 163, getrusage 98 165, sched_yield 24 124,
sched_getaffinity 204 123, sched_getparam 143 121, sched_getscheduler 145 120, sched_get_priority_max 146 125,
sched_get_priority_min 147 126, getcpu 309 168, set_tid_address 218 96, set_robust_list 273 99,
get_robust_list 274 100, rseq 334 293, membarrier 324 283, arch_prctl 158 -, exit 60 93, exit_group 231 94,

uname 63 160, sysinfo 99 179, times 100 153, time 201 -, gettimeofday 96 169, clock_gettime 228 113,
clock_getres 229 114, getrandom 318 278
"""

_JUDGED = """
clone 56 220, kill 62 129, tgkill 234 131, prctl 157 167, prlimit64 302 261, setrlimit 160 164, ioctl 16 29,
fcntl 72 25, socketpair 53 199
"""

_SERVER = """
setsid 112 157, pidfd_open 434 434, chmod 90 -, fchmodat 268 53, landlock_create_ruleset 444 444,
landlock_add_rule 445 445, landlock_restrict_self 446 446
"""

_EXECUTION = """
execve 59 221
"""

_FLAGRANT = """
ptrace 101 117, process_vm_readv 310 270, process_vm_writev 311 271, pidfd_getfd 438 438, io_uring_setup 425 425,
io_uring_enter 426 426, io_uring_register 427 427, mount 165 40, umount2 166 39, pivot_root 155 41, chroot 161 51,
setns 308 268, unshare 272 97, bpf 321 280, perf_event_open 298 241, userfaultfd 323 282, add_key 248 217,
request_key 249 218, keyctl 250 219, kexec_load 246 104, kexec_file_load 320 294, init_module 175 105,
finit_module 313 273, delete_module 176 106, reboot 169 142, swapon 167 224, swapoff 168 225, acct 163 89,
syslog 103 116, open_by_handle_at 304 265, iopl 172 -, ioperm 173 -, open_tree 428 428, move_mount 429 429,
fsopen 430 430, fsconfig 431 431, fsmount 432 432, mount_setattr 442 442
"""

MACHINES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
"""The machines there are tables for, with what seccomp calls their architecture."""

NEWER = 424
"""From this number on a refused call is one "this kernel does not have", so that libraries take the older one."""


def _numbers(table: str, machine: str) -> dict[str, int]:
    at = 1 + list(MACHINES).index(machine)
    rows = [row.split() for row in table.split(",")]
    return {row[0]: int(row[at]) for row in rows if row[at] != "-"}


def free(machine: str) -> dict[str, int]:
    """Calls that touch nothing but the process itself, or files, which other layers judge."""
    return _numbers(_FREE, machine)


def judged(machine: str) -> dict[str, int]:
    """Calls that are allowed with harmless arguments only."""
    return _numbers(_JUDGED, machine)


def server(machine: str) -> dict[str, int]:
    """Calls that the fork server needs besides, and its children until they have become the program."""
    return _numbers(_SERVER, machine)


def execution(machine: str) -> dict[str, int]:
    """What a child calls to become a program of the machine, where the place has one; Landlock allows no other."""
    return _numbers(_EXECUTION, machine)


def flagrant(machine: str) -> dict[str, int]:
    """Calls that no honest program makes: the process is killed, and the verdict is a violation."""
    return _numbers(_FLAGRANT, machine)
