"""How are programs run by a service elsewhere? Over HTTP, as SandboxFusion has it: ``POST /run_code``.

What comes back is judged here just as locally: the service sees calls and standard input, never an expected value. How
well it confines programs is the service's affair. Tests that cannot be turned into pairs, and sessions, need the local
sandbox.
"""

from __future__ import annotations

import base64
import json
import math
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from syllogym.envs.code.sandbox.inside import plain
from syllogym.envs.code.sandbox.limits import Limits
from syllogym.envs.code.sandbox.place import BOOT
from syllogym.envs.code.sandbox.running import TRIES, Ran, Steps
from syllogym.envs.code.sandbox.server import Ended, Lost
from syllogym.errors import UserError

_INSIDE = f"{__package__}.inside"
_MODULES = ("plain", "program")

_START = """
import base64, marshal, os
for name, source in SOURCES.items():
    module = sys.modules[name] = types.ModuleType(name)
    exec(compile(source, name, "exec"), module.__dict__)
    setattr(sys.modules[name.rpartition(".")[0]], name.rpartition(".")[2], module)
payload = marshal.loads(base64.b64decode(sys.stdin.read()))
results = os.dup(1)
os.dup2(2, 1)
module.serve(payload, results)
"""


class Remote:
    """A SandboxFusion service.

    Args:
        address: such as ``http://localhost:8080``.
        at_once: requests under way at a time.
    """

    def __init__(self, address: str, at_once: int = 16) -> None:
        self.address = address.rstrip("/")
        self.name = f"remote {self.address}"
        self._threads = ThreadPoolExecutor(at_once, "syllogym-remote-sandbox")

    def run_once(self, kind: str, payload: dict[str, Any], stdin: str, limits: Limits) -> Steps[Ran]:
        """Run a program once, again when the service failed.

        Raises:
            Lost: if the service fails each time.
            UserError: if it does not speak this protocol.
        """
        code = payload["source"]
        if kind == "serve":
            code = f"{BOOT}\nSOURCES = {_sources()!r}\n{_START}"
            stdin = base64.b64encode(plain.packed(payload)).decode()
        request = {
            "code": code,
            "language": "python",
            "stdin": stdin,
            "run_timeout": limits.wall,
            "memory_limit_MB": math.ceil(limits.memory / (1 << 20)),
        }
        for left in reversed(range(TRIES)):
            try:
                answer = yield self._threads.submit(self._post, request, limits)
                return _ran(answer, kind, limits)
            except Lost:
                if not left:
                    raise
        raise AssertionError("not reached")

    def close(self) -> None:
        """Wait for nothing more."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _post(self, request: dict[str, Any], limits: Limits) -> dict[str, Any]:
        body = json.dumps(request).encode()
        ask = urllib.request.Request(f"{self.address}/run_code", body, {"Content-Type": "application/json"})
        longest = 12 * limits.output + (1 << 20)  # two outputs, each character of which JSON may write as six
        try:
            with urllib.request.urlopen(ask, timeout=2 * limits.wall + 30) as response:
                answer = json.loads(response.read(longest))
        except urllib.error.HTTPError as error:
            error.close()
            if error.code < 500:
                raise UserError(
                    f"{self.address} does not take POST /run_code as SandboxFusion does: {error}."
                ) from error
            raise Lost(f"{self.address} failed: {error}") from error
        except (OSError, ValueError, RecursionError) as error:
            raise Lost(f"{self.address} failed: {error}") from error
        if not isinstance(answer, dict) or answer.get("status") == "SandboxError" or not answer.get("run_result"):
            raise Lost(f"{self.address} failed: {str(answer)[:300]}")
        return answer


def _sources() -> dict[str, str]:
    folder = Path(__file__).with_name("inside")
    files = {f"{_INSIDE}.{name}": folder / f"{name}.py" for name in _MODULES}
    return {_INSIDE: "", **{name: file.read_text(encoding="utf-8") for name, file in files.items()}}


def _ran(answer: dict[str, Any], kind: str, limits: Limits) -> Ran:
    """Read the service's answer as a local run's."""
    result = answer["run_result"]
    out, errors = str(result.get("stdout") or ""), str(result.get("stderr") or "")
    code = result.get("return_code")
    status = 1 << 8 if not isinstance(code, int) else -code & 127 if code < 0 else code << 8
    ended = Ended(status, "", float(result.get("execution_time") or 0.0), 0.0, 0)
    cause: Any = ("", "")
    if result.get("status") == "TimeLimitExceeded":
        cause = ("timeout", f"not done after {limits.wall:g} s")
    elif max(len(out), len(errors)) >= limits.output:
        cause = ("output_limit", f"more than {limits.output} bytes of output")
    elif status & 127:
        cause = ("killed", f"ended by signal {status & 127}")
    if kind == "serve":
        return Ran(ended, out.splitlines(), errors, "", cause)
    last = (errors.strip().splitlines() or ["no message"])[-1]
    letter = "c" if last.startswith(("SyntaxError", "IndentationError", "TabError")) else "e"
    letter = "m" if last.startswith("MemoryError") else letter
    line = "v" if status == 0 else letter + json.dumps({"what": last, "line": None})
    return Ran(ended, [line], out, errors, cause)
