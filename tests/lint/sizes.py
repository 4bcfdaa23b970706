#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Sizes and habits: functions of at most 80 lines and a median of 15, files of at most 400 lines (tables aside), a
licence line in each file, and no test that sleeps."""
import os
import re
import statistics
import subprocess

from common import ROOT, files, finish, lines

FUNCTION_LINES, MEDIAN_LINES, FILE_LINES = 80, 15, 400
CODE = (".c", ".h", ".py", ".sh", ".cmake", "CMakeLists.txt", ".js", ".css", ".html", ".rules", ".service.in",
        ".sysusers")
TABLE = re.compile(r"_table\.c$")
# A wait for a time instead of a condition, in C, Python and shell.
WAIT = re.compile(r"\b(u|nano|clock_nano|thrd_)?sleep\s*\(|\bpoll\s*\(\s*NULL|(^|[;&|])\s*sleep\s+[\d$\"]")


def functions(paths):
    """(path, first line, lines, name) of each function, by pmccabe."""
    output = subprocess.run(["pmccabe", *paths], cwd=ROOT, capture_output=True, text=True).stdout
    found = []
    for line in output.splitlines():
        _, _, _, first, count, place, name = line.split(None, 6)
        found.append((place.split("(")[0], int(first), int(count), name))
    return found


def check_functions(found):
    return [f"{path}:{first}: function {name} has {count} lines; at most {FUNCTION_LINES}"
            for path, first, count, name in found if count > FUNCTION_LINES]


def check_medians(found):
    """Reports the median of each top folder, and what is wrong with it."""
    problems = []
    for top in sorted({path.split("/")[0] for path, *_ in found}):
        sizes = [count for path, _, count, _ in found if path.split("/")[0] == top]
        median = statistics.median(sizes)
        print(f"{top}: {len(sizes)} functions, median {median:g} lines, longest {max(sizes)}")
        if median > MEDIAN_LINES:
            problems.append(f"{top}:1: median function has {median:g} lines; at most {MEDIAN_LINES}")
    return problems


def check_file(path):
    text = lines(path)
    problems = []
    if len(text) > FILE_LINES and not TABLE.search(path):
        problems.append(f"{path}:{FILE_LINES + 1}: file has {len(text)} lines; at most {FILE_LINES}")
    if not any("SPDX-License-Identifier:" in line for _, line in text[:3]):
        problems.append(f"{path}:1: no SPDX-License-Identifier in the first lines")
    return problems


def check_waits(path):
    return [f"{path}:{number}: a test that sleeps; wait for the condition with a deadline"
            for number, line in lines(path) if WAIT.search(line)]


def is_script(path):
    return "." not in os.path.basename(path) and any(line.startswith("#!") for _, line in lines(path)[:1])


def main():
    code = files(*CODE) + [path for path in files("", under="scripts") if is_script(path)]
    sources = [path for path in code if path.endswith(".c")]
    found = functions([path for path in sources if not TABLE.search(path)])
    tests = [path for path in code if path.startswith("tests/") and not path.startswith("tests/lint/")]
    problems = check_functions(found) + check_medians(found)
    problems += [problem for path in code for problem in check_file(path)]
    problems += [problem for path in tests for problem in check_waits(path)]
    if not found:
        problems.append("pmccabe found no function")
    finish(problems, len(code))


if __name__ == "__main__":
    main()
