"""Is a class read from its source as Python would see it, without being run?"""

from __future__ import annotations

from pathlib import Path

from syllogym.source import ClassSource, read_class

FILE = '''"""What is this file about?"""
import no_such_module
from typing import ClassVar, Generic

class Base:
    epochs: int = 1
    rate: float = 0.5
    name: ClassVar[str] = ""
    _hidden: int = 3

class Other: ...

@register()
@dataclass
class Method(Base, Generic[T]):
    """Learns."""
    rate: float = 1 / 8
    needed: int
'''


def test_settings_are_inherited_overridden_and_kept_in_order(tmp_path: Path) -> None:
    file = tmp_path / "method.py"
    file.write_text(FILE)
    settings = {"epochs": "1", "rate": "1 / 8", "needed": ""}
    assert read_class(file) == ClassSource("Learns.", "What is this file about?", settings)


def test_a_default_that_is_made_anew_is_shown_as_what_makes_it(tmp_path: Path) -> None:
    file = tmp_path / "method.py"
    file.write_text("@register()\nclass M:\n    correction: Correction = field(default_factory=Correction)\n")
    assert read_class(file).settings == {"correction": "Correction()"}


def test_the_parameters_of_a_constructor_are_settings(tmp_path: Path) -> None:
    file = tmp_path / "agent.py"
    file.write_text("@register()\nclass Agent:\n    def __init__(self, url, retries=3, *, timeout=9.0): ...\n")
    assert read_class(file).settings == {"url": "", "retries": "3", "timeout": "9.0"}


def test_settings_come_from_a_base_class_of_another_file() -> None:
    root = Path(__file__).parents[2]
    assert read_class(root / "algorithms/grpo.py").settings.items() >= {"epochs": "1", "clip": "0.2"}.items()


def test_a_file_that_registers_nothing_says_nothing(tmp_path: Path) -> None:
    file = tmp_path / "plain.py"
    file.write_text("class Plain: ...\n")
    assert read_class(file) == ClassSource()
