"""Every policy of the platform and of the customer's role, by an independent linter (parliament).

    policies.py STATE TEMPLATE

STATE is what `terraform show -json` says of the applied platform, TEMPLATE the customer's role.
"""

import json
import os
import sys

import documents
import explained
import parliament

# A role's trust names no resource, for it stands on the role itself; the linter takes every document for one that does.
ITSELF = "arn:aws:iam::000000000000:role/itself"


def of_terraform(module):
    """The policy documents of a module and those below it, by their address."""
    for resource in documents.below(module):
        if resource["type"] == "aws_iam_policy_document" and resource["values"].get("json"):
            yield resource["address"], json.loads(resource["values"]["json"])


def findings(name, document):
    """What the linter says, each sentence once: it repeats some for each action that a wildcard stands for."""
    whole = {"Version": "2012-10-17", **document}
    statements = whole["Statement"] if isinstance(whole["Statement"], list) else [whole["Statement"]]
    for statement in statements:
        if "Principal" in statement and "Resource" not in statement:
            statement["Resource"] = ITSELF
        text = json.dumps({**whole, "Statement": [statement]})
        for found in parliament.analyze_policy_string(text, include_community_auditors=True).findings:
            # Some name the actions in the place of the finding, in an order that changes.
            detail = str(found.detail) or " ".join(sorted(found.location.get("actions", [])))
            if found.issue == "UNKNOWN_CONDITION_FOR_ACTION":
                detail = detail.partition(" for action ")[0]
            yield {"policy": name, "statement": statement.get("Sid", ""), "issue": found.issue, "detail": detail}


def main(state_file, template_file):
    with open(state_file, encoding="utf-8") as file:
        state = json.load(file)
    every = [*of_terraform(state["values"]["root_module"]), *documents.of_template(template_file, os.environ["CLOUDSAIL_CUSTOMER_ACCOUNT_ID"])]
    if len(every) < 10:
        sys.exit(f"only {len(every)} policies were found in {state_file}: is the platform applied?")
    found = {json.dumps(finding): finding for name, document in every for finding in findings(name, document)}
    rows, unneeded = explained.judged(list(found.values()), explained.lines("policies"))
    wrong = ["{policy}: {statement}: {issue} {detail}".format(**finding) for finding, line in rows if line is None]
    explained.end("policies", wrong, unneeded, f"{len(every)} policies, {len(rows)} findings, each explained")


if __name__ == "__main__":
    main(*sys.argv[1:])
