"""What `cloudsail tune` answers, one JSON line for each line asked."""

import json
import subprocess


class TuneError(Exception):
    """An answer that is none; the text has what the program said."""


def tune(cloudsail, inputs, *options):
    """The answers to all the inputs, in order."""
    lines = "".join(json.dumps(one) + "\n" for one in inputs)
    try:
        done = subprocess.run([cloudsail, "tune", *options], input=lines, capture_output=True, text=True)
    except FileNotFoundError:
        raise TuneError(f"{cloudsail} is missing: cargo build -p cloudsail") from None
    answers = [json.loads(line) for line in done.stdout.splitlines()] if done.returncode == 0 else []
    if len(answers) != len(inputs) or not all(answer.get("settings") for answer in answers):
        said = done.stderr.strip() or done.stdout.strip()
        raise TuneError(f"{cloudsail} tune gives {len(answers)} answers to {len(inputs)} lines: {said[-600:]}")
    return answers


def by_name(pairs):
    """A list of {name, value} or [name, value] as a dictionary; a name that stands twice is refused."""
    found = {}
    for one in pairs:
        name, value = (one["name"], one["value"]) if isinstance(one, dict) else one
        if name in found:
            raise TuneError(f"{name} stands twice: {found[name]} and {value}")
        found[name] = str(value)
    return found


def as_file(settings):
    """Settings as the configuration file they stand in."""
    return "".join(f"{name} = {value}\n" for name, value in settings.items())
