"""A sandbox for programs that a model wrote: run them against tests, get a verdict that they cannot fake.

from syllogym.envs.code.sandbox import Call, Sandbox
verdict = Sandbox().run("def add(a, b): return a + b", [Call("add", (1, 2), 3)])
verdict.status, verdict.isolation        # passed, bubblewrap+landlock+seccomp
"""

from syllogym.envs.code.sandbox.cases import Call, Expression, Script, Stdin
from syllogym.envs.code.sandbox.limits import Limits
from syllogym.envs.code.sandbox.sandbox import Sandbox
from syllogym.envs.code.sandbox.verdict import Outcome, Verdict

__all__ = ["Call", "Expression", "Limits", "Outcome", "Sandbox", "Script", "Stdin", "Verdict"]
