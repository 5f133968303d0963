"""Every role of the applied platform stands within its permissions boundary, and what it is granted does too.

    boundary.py STATE

STATE is what `terraform show -json` says. What a role is granted outside its boundary would be refused when it is used.
"""

import json
import sys

import documents
import explained
import grants


def allows(boundary, grant):
    """Whether a statement of the boundary allows this action on this resource. Its refusals are of services that it never allows."""
    return any(
        statement["Effect"] == "Allow"
        and any(documents.covers(action, grant.action) for action in grants.listed(statement["Action"]))
        and any(documents.covers(resource, grant.resource) for resource in grants.listed(statement["Resource"]))
        for statement in boundary["Statement"]
    )


def outside(resources):
    """What is wrong, a line each; and how many roles there are."""
    by_type = {}
    for resource in resources:
        by_type.setdefault(resource["type"], []).append(resource["values"])
    boundaries = {policy["arn"]: json.loads(policy["policy"]) for policy in by_type.get("aws_iam_policy", [])}
    roles = {role["name"]: role.get("permissions_boundary") for role in by_type.get("aws_iam_role", [])}
    wrong = [f"{name} has no permissions boundary" for name, boundary in roles.items() if boundary not in boundaries]
    for policy in by_type.get("aws_iam_role_policy", []):
        boundary = boundaries.get(roles.get(policy["role"]), {"Statement": []})
        for grant in grants.granted(policy["role"], json.loads(policy["policy"])):
            if not allows(boundary, grant):
                wrong.append(f"{grant.role}: {grant.statement}: {grant.action} on {grant.resource} is outside its boundary")
    return wrong, len(roles)


def main(state_file):
    with open(state_file, encoding="utf-8") as file:
        state = json.load(file)
    wrong, count = outside(documents.below(state["values"]["root_module"]))
    if not count:
        sys.exit(f"{state_file} has no role: is the platform applied?")
    explained.end("boundary", wrong, [], f"{count} roles, each within its permissions boundary, with all that it is granted")


if __name__ == "__main__":
    main(*sys.argv[1:])
