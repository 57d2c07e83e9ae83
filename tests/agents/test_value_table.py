from pathlib import Path

import pytest

from syllogym.agents.value_table import ValueTable
from syllogym.errors import UserError


def test_what_was_never_tried_has_the_initial_value() -> None:
    table = ValueTable(initial=2.0)
    table.move("s", "a", -0.5)
    assert table.of("s", ["a", "b"]) == [1.5, 2.0]


def test_a_saved_table_is_read_back_to_the_last_bit(tmp_path: Path) -> None:
    table = ValueTable(initial=0.1)
    table.move("snow \N{SNOWMAN}\nline", "a", 1 / 3)
    table.save(tmp_path / "new")
    loaded = ValueTable.load(tmp_path / "new")
    assert (loaded.initial, loaded.rows) == (table.initial, table.rows)


def test_a_folder_without_a_table_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="holds no table of values that can be read"):
        ValueTable.load(tmp_path)
