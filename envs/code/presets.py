"""How are the rows of well-known data sets of programming problems read? A reader for each, and which field is what.

The names of fields are those of the sets on the Hugging Face hub or of the files that their authors publish.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from syllogym.envs.code.contests import inputs_outputs, livecodebench
from syllogym.envs.code.evalplus import inputs_only, tested_by_a_loop
from syllogym.envs.code.problems import Reading, assertions, humaneval, leetcode
from syllogym.envs.code.programming import Task


@dataclass(frozen=True)
class Preset:
    """How the rows of one data set become problems.

    Attributes:
        read: makes a question and a task of a row, given the places of its parts and what is wanted of it.
        fields: where the parts of a row are.
        hub, subset, part: data set on the hub, its configuration, and its split; without one, a file must be given.
        most: hidden tests of one problem that are run, unless the user says otherwise; some rows have thousands.
    """

    read: Callable[[Mapping[str, Any], Mapping[str, str], Reading], tuple[str, Task]]
    fields: Mapping[str, str]
    hub: str = ""
    subset: str | None = None
    part: str = "test"
    most: int = 100_000


_CONTEST = {"question": "question", "solution": "solutions", "tests": "input_output", "start": "starter_code"}

PRESETS = {
    "humaneval": Preset(
        humaneval,
        {"prompt": "prompt", "entry": "entry_point", "solution": "canonical_solution", "tests": "test"},
        hub="openai/openai_humaneval",
    ),
    "humaneval_plus": Preset(
        tested_by_a_loop,
        {"prompt": "prompt", "entry": "entry_point", "solution": "canonical_solution", "tests": "test"},
        hub="evalplus/humanevalplus",
    ),
    "mbpp": Preset(
        assertions,
        {"question": "text", "solution": "code", "tests": "test_list", "setup": "test_setup_code"},
        hub="google-research-datasets/mbpp",
        subset="full",
    ),
    "mbpp_sanitized": Preset(
        assertions,
        {"question": "prompt", "solution": "code", "tests": "test_list", "setup": "test_imports"},
        hub="google-research-datasets/mbpp",
        subset="sanitized",
    ),
    "mbpp_plus": Preset(
        tested_by_a_loop,
        {"question": "prompt", "solution": "code", "tests": "test", "examples": "test_list"},
        hub="evalplus/mbppplus",
    ),
    "evalplus": Preset(
        inputs_only,
        {"prompt": "prompt", "entry": "entry_point", "solution": "canonical_solution", "task": "task_id"}
        | {"base": "base_input", "plus": "plus_input", "tolerance": "atol"},
    ),
    "leetcode": Preset(leetcode, {"question": "prompt", "solution": "", "tests": "test"}, most=50),
    "apps": Preset(inputs_outputs, _CONTEST, most=50),
    "taco": Preset(inputs_outputs, _CONTEST, most=50),
    "livecodebench": Preset(
        livecodebench,
        {"question": "question_content", "public": "public_test_cases", "private": "private_test_cases"}
        | {"start": "starter_code", "about": "metadata"},
        most=50,
    ),
}
