"""Does what docs/tree.md shows really run?"""

import re
from pathlib import Path

GUIDE = Path(__file__).parents[3] / "docs" / "tree.md"


def test_the_examples_of_the_guide_run_one_after_the_other() -> None:
    blocks = re.findall(r"^```python\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert len(blocks) == 6
    exec("\n".join(blocks), {})
