"""Findings that stand, each in a line of a TOML file with its reason. A line that explains nothing is a finding itself."""

import fnmatch
import pathlib
import sys
import tomllib

HERE = pathlib.Path(__file__).parent


def lines(name):
    """The lines of `<name>.toml`; each says why."""
    with open(HERE / f"{name}.toml", "rb") as file:
        found = tomllib.load(file).get("explained", [])
    for line in found:
        if not line.get("reason"):
            sys.exit(f"tests/audit/{name}.toml: {line} has no reason")
    return found


def named(line, finding):
    """Whether all that the line names (but its reason) is what the finding has; `*` stands for anything, a list for any of it."""
    for key, wanted in line.items():
        patterns = wanted if isinstance(wanted, list) else [wanted]
        if key != "reason" and not any(fnmatch.fnmatchcase(finding[key], pattern) for pattern in patterns):
            return False
    return True


def judged(findings, known):
    """Each finding with the line that explains it or None, and the lines that explain none."""
    rows = [(finding, next((line for line in known if named(line, finding)), None)) for finding in findings]
    return rows, [line for line in known if all(line is not found for _, found in rows)]


def end(name, unexplained, unneeded, good):
    """Prints what is wrong, or the one line that says what holds, and leaves with the exit code."""
    for text in unexplained:
        print(f"  {text}", file=sys.stderr)
    for line in unneeded:
        print(f"  tests/audit/{name}.toml: nothing needs {line}", file=sys.stderr)
    if unexplained or unneeded:
        sys.exit(f"tests/audit/run {name}: {len(unexplained)} not explained, {len(unneeded)} lines of {name}.toml that explain nothing")
    print(good)
