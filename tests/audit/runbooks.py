"""Every alarm of the applied platform has a section in docs/runbooks.md.

    runbooks.py STATE RUNBOOKS

STATE is what `terraform show -json` says. A heading is an alarm's name, with <words> for what differs.
"""

import json
import re
import sys

import documents
import explained


def patterns(text):
    """Of each heading in code, what the names look like that it is about."""
    return [re.sub(r"<[a-z]+>", "*", name) for name in re.findall(r"^## `(.+)`$", text, re.MULTILINE)]


def without(alarms, sections):
    """The alarms, by their names without the environment's, that no section is about."""
    return [alarm for alarm in alarms if not any(documents.covers(pattern, alarm) for pattern in sections)]


def main(state_file, runbooks_file):
    with open(state_file, encoding="utf-8") as file:
        root = json.load(file)["values"]["root_module"]
    kinds = ("aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm")
    names = sorted(row["values"]["alarm_name"].split("-", 2)[2] for row in documents.below(root) if row["type"] in kinds)
    if not names:
        sys.exit(f"{state_file} has no alarm: is the platform applied?")
    with open(runbooks_file, encoding="utf-8") as file:
        missing = without(names, patterns(file.read()))
    wrong = [f"{name} has no section in docs/runbooks.md" for name in missing]
    explained.end("runbooks", wrong, [], f"{len(names)} alarms, each with its section in docs/runbooks.md")


if __name__ == "__main__":
    main(*sys.argv[1:])
