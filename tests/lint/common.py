# SPDX-License-Identifier: Apache-2.0
"""What the lint programs share: the files of the source tree, and how a run ends."""
import os
import sys

# LINT_ROOT: another tree, so that the programs themselves can be tested.
ROOT = os.environ.get("LINT_ROOT") or os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
NOT_OURS = {".git", "build", "scratch", "node_modules", "__pycache__"}
SKIPPED = 77


def files(*endings, under="."):
    """Paths of the tree's files with one of these endings, relative to its root, sorted."""
    found = []
    for folder, names, entries in os.walk(os.path.join(ROOT, under)):
        names[:] = [name for name in names if name not in NOT_OURS]
        found += [os.path.relpath(os.path.join(folder, entry), ROOT) for entry in entries if entry.endswith(endings)]
    return sorted(found)


def lines(path):
    """(number, text) of each line."""
    with open(os.path.join(ROOT, path), encoding="utf-8", errors="replace") as file:
        return list(enumerate(file.read().splitlines(), 1))


def finish(problems, checked):
    """Prints the problems, ends the program with 1 if there are any. Nothing checked is a problem, too."""
    for problem in problems:
        print(problem)
    print(f"{checked} checked, {len(problems)} problems")
    sys.exit(1 if problems or checked == 0 else 0)


def skip(reason):
    print("skipped:", reason)
    sys.exit(SKIPPED)
