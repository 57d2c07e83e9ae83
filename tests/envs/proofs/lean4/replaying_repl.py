"""Gives the recorded answer to each request, if that is the recorded one; else it says so and ends.

Run as a script with the file of requests and the file of answers, each a JSON list.
"""

import json
import sys
from pathlib import Path

requests, answers = (json.loads(Path(path).read_text(encoding="utf-8")) for path in sys.argv[1:3])
asked = ""
for line in sys.stdin:
    if line.strip():
        asked += line
        continue
    if not asked:
        continue
    if json.loads(asked) != requests.pop(0):
        sys.exit(f"not what was asked then: {asked}")
    sys.stdout.write(json.dumps(answers.pop(0), ensure_ascii=False, indent=1) + "\n\n")
    sys.stdout.flush()
    asked = ""
