#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Installs a build into an empty folder, by DESTDIR and by --prefix: everything is there, nothing is writable for all,
a changed configuration is kept. Usage: install_test.py BUILD-DIRECTORY"""
import os
import stat
import subprocess
import sys
import tempfile

from common import finish

PROGRAMS = ["returnsd", "returnsctl"]
EXPECTED = ["lib/systemd/system/returnsd.service", "lib/sysusers.d/returnsd.conf", "lib/udev/rules.d/70-returnsd.rules",
            "share/returnsd/policies/default.json", "share/returnsd/texts/en.txt", "share/returnsd/texts/fr.txt",
            "share/doc/returnsd/LICENSE", "share/doc/returnsd/configuration.md", "share/doc/returnsd/operating.md",
            "share/doc/returnsd/events.md", "share/doc/returnsd/schema/common.json", "share/doc/returnsd/examples/books.py",
            "share/man/man5/returnsd.conf.5"]
CONFIGURATION = "etc/returnsd/returnsd.conf"


def prefix_of(build):
    with open(os.path.join(build, "CMakeCache.txt"), encoding="utf-8") as file:
        return [line.partition("=")[2].strip() for line in file if line.startswith("CMAKE_INSTALL_PREFIX:")][0]


def install(build, *arguments, **variables):
    done = subprocess.run(["cmake", "--install", build, *arguments], env={**os.environ, **variables},
                          capture_output=True, text=True)
    return [] if done.returncode == 0 else [f"cmake --install {arguments} {variables}: {done.stderr.strip()}"]


def check_there(folder, prefix, build):
    programs = ["bin/" + name for name in PROGRAMS if os.path.exists(os.path.join(build, "bin", name))]
    wanted = [os.path.join(prefix.lstrip("/"), path) for path in EXPECTED + programs] + [CONFIGURATION]
    return [f"{folder}: {path} is not installed" for path in wanted if not os.path.isfile(os.path.join(folder, path))]


def check_modes(folder):
    problems = []
    for place, names, entries in os.walk(folder):
        for path in (os.path.join(place, name) for name in names + entries):
            mode = stat.S_IMODE(os.lstat(path).st_mode)
            is_program = os.path.basename(place) == "bin"
            if mode & 0o022 or mode & 0o7000 or (os.path.isfile(path) and bool(mode & 0o111) != is_program):
                problems.append(f"{path}: mode {mode:o}")
    return problems


def check_kept(build, folder):
    """People's changes survive the next installation."""
    path = os.path.join(folder, CONFIGURATION)
    with open(path, "w", encoding="utf-8") as file:
        file.write("web { port = 1 }\n")
    problems = install(build, DESTDIR=folder)
    with open(path, encoding="utf-8") as file:
        return problems if file.read() == "web { port = 1 }\n" else problems + [f"{path} was overwritten"]


def main():
    build = os.path.abspath(sys.argv[1])
    os.umask(0o022)
    with tempfile.TemporaryDirectory(prefix="returnsd-install-") as staged, \
         tempfile.TemporaryDirectory(prefix="returnsd-install-") as prefix:
        os.chmod(staged, 0o755)
        problems = install(build, DESTDIR=staged) + install(build, "--prefix", prefix)
        problems += check_there(staged, prefix_of(build), build) + check_there(prefix, "", build)
        problems += check_modes(staged) + check_modes(prefix)
        problems += check_kept(build, staged)
        finish(problems, 2 * len(EXPECTED))


if __name__ == "__main__":
    main()
