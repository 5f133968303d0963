"""All of terraform/, by an independent linter (checkov).

    configuration.py FOLDER
"""

import json
import pathlib
import re
import subprocess
import sys

import explained


def findings(report):
    """One for each check and resource; a module that stands in three environments is one place."""
    seen = {}
    for part in report if isinstance(report, list) else [report]:
        for found in part["results"]["failed_checks"]:
            resource = re.sub(r"\[[^]]*\]", "", found["resource"]).split(".")
            row = {
                "check": found["check_id"], "module": found["file_path"].split("/")[-2],
                "resource": ".".join(resource[-2:]), "says": found["check_name"],
            }
            seen[json.dumps(row)] = row
        if errors := part["results"].get("parsing_errors"):
            sys.exit(f"checkov could not read {', '.join(errors)}")
    return list(seen.values())


def main(folder):
    checkov = pathlib.Path(sys.executable).with_name("checkov")
    command = [checkov, "--directory", folder, "--framework", "terraform", "--quiet", "--compact", "--output", "json", "--skip-download"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        report = json.loads(done.stdout)
    except ValueError:
        sys.exit(f"checkov failed: {done.stderr[-2000:]}")
    rows, unneeded = explained.judged(findings(report), explained.lines("configuration"))
    wrong = ["{module}: {resource}: {check} {says}".format(**finding) for finding, line in rows if line is None]
    explained.end("configuration", wrong, unneeded, f"terraform/: {len(rows)} findings, each explained")


if __name__ == "__main__":
    main(*sys.argv[1:])
