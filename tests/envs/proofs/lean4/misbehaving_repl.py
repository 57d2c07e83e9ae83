"""A REPL that does what none should; how, is its first argument. Whatever it is asked, it says it each time."""

import os
import sys
import time

GOOD = '{"env": 0}\n\n'
HOW = {
    "garbage": lambda: say("Segmentation fault, or whatever\n\n"),
    "half a line": lambda: (say('{"env": '), time.sleep(60)),
    "no blank line": lambda: (say('{"env": 0}'), time.sleep(60)),
    "a banner": lambda: say(f"Welcome to Lean\n\n{GOOD}"),
    "a list": lambda: say("[1, 2]\n\n"),
    "a number": lambda: say("7\n\n"),
    "wrong types": lambda: say('{"env": "zero", "messages": {}}\n\n'),
    "negative": lambda: say('{"env": -1}\n\n'),
    "huge number": lambda: say('{"env": ' + "9" * 10_000 + "}\n\n"),
    "deep": lambda: say("[" * 200_000 + "\n\n"),
    "no text": lambda: os.write(1, b"\xff\xfe\n\n"),
    "flood": lambda: [say("x" * 65_536) for _ in range(2_000)],
    "twice": lambda: say(GOOD + GOOD),
    "dies": lambda: sys.exit(3),
    "dies in the middle": lambda: (say('{"env": 0'), os._exit(0)),
    "leaves with status 0": lambda: sys.exit(0),
    "hangs": lambda: time.sleep(60),
}


def say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def main() -> None:
    if sys.argv[1] == "speaks first":
        say(GOOD)
    if sys.argv[1] == "does not read":
        time.sleep(60)
    for line in sys.stdin:
        if not line.strip():
            continue
        if sys.argv[1] == "speaks later":  # an answer, and soon afterwards another that nobody asked for
            say(GOOD)
            time.sleep(0.2)
            say('{"env": 99}\n\n')
        elif sys.argv[1] == "speaks first":
            say(GOOD)
        else:
            HOW[sys.argv[1]]()


main()
