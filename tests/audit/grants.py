"""Every permission that a role has was used by a test: the table function, action, resource, used or not.

    grants.py CALLS

CALLS is the local cloud's record of what IAM decided (.local/log/calls.jsonl). The control plane's roles and what they are granted
are asked of IAM itself; customer.py judges those of a customer's account.
"""

import dataclasses
import json
import os
import sys

import documents
import explained

PREFIX = "cloudsail-local-"


@dataclasses.dataclass(frozen=True)
class Grant:
    role: str  # a pattern: each link of a customer has a role of its own
    statement: str
    action: str
    resource: str

    @property
    def function(self):
        """The function that the role is for; the scheduler's role for a function counts as that function's."""
        return self.role.removeprefix(PREFIX).removesuffix("-schedule")


def listed(value):
    return value if isinstance(value, list) else [value]


def granted(role, document):
    """A grant for each action on each resource. Refusals grant nothing, and NotAction can't be proven used: it is taken as `*`."""
    for statement in listed(document["Statement"]):
        if statement["Effect"] == "Allow":
            for action in listed(statement.get("Action", "*")):
                for resource in listed(statement.get("Resource", "*")):
                    yield Grant(role, statement.get("Sid", ""), action, resource)


def used(grant, calls):
    """Whether this statement let a call through. An action with a wildcard is never used: no call is named so."""
    return any(
        call["allowed"] and call["action"].lower() == grant.action.lower() and call["statement"] == grant.statement
        and documents.covers(grant.role, call["role"]) and documents.covers(grant.resource, call["resource"])
        for call in calls
    )


def table(grants, calls, ran, known):
    """Rows of (grant, state), and the lines of the list that explain nothing. A line about what a service does for a function
    that runs holds only if the function did run: `ran` has their names."""
    unused = [grant for grant in grants if not used(grant, calls)]
    findings = [
        {"function": grant.function, "action": grant.action, "resource": grant.resource, "ran": "yes" if grant.function in ran else "no"}
        for grant in unused
    ]
    rows, unneeded = explained.judged(findings, known)
    states = {grant: "explained" if line else "UNUSED" for grant, (_, line) in zip(unused, rows)}
    return [(grant, states.get(grant, "used")) for grant in grants], unneeded


def control_plane():
    """What IAM says that each role of the platform is granted."""
    import boto3

    iam = boto3.client("iam")
    for page in iam.get_paginator("list_roles").paginate():
        for name in sorted(role["RoleName"] for role in page["Roles"] if role["RoleName"].startswith(PREFIX)):
            for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
                yield from granted(name, iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"])
            for policy in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
                version = iam.get_policy(PolicyArn=policy["PolicyArn"])["Policy"]["DefaultVersionId"]
                document = iam.get_policy_version(PolicyArn=policy["PolicyArn"], VersionId=version)["PolicyVersion"]["Document"]
                yield from granted(name, document)


def functions_that_ran(functions):
    """By their logs, which Lambda writes."""
    import boto3

    logs = boto3.client("logs")
    groups = {group["logGroupName"] for page in logs.get_paginator("describe_log_groups").paginate() for group in page["logGroups"]}
    names = {function: f"/aws/lambda/{PREFIX}{function}" for function in functions}
    return {name for name, group in names.items()
            if group in groups and logs.describe_log_streams(logGroupName=group, limit=1)["logStreams"]}


def recorded(calls_file):
    """The record, a decision a line."""
    if not os.path.exists(calls_file):
        sys.exit(f"{calls_file} is missing: no role has asked for anything; run the end-to-end tests first")
    with open(calls_file, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def main(calls_file):
    calls = recorded(calls_file)
    grants = list(control_plane())
    if not grants:
        sys.exit(f"IAM knows no role {PREFIX}*: is the platform applied?")
    ran = functions_that_ran({grant.function for grant in grants})
    rows, unneeded = table(grants, calls, ran, explained.lines("grants"))
    for grant, state in rows:
        print(f"{grant.function:<30} {grant.action:<40} {state:<9} {grant.resource}")
    refused = sorted({(call["role"], call["action"]) for call in calls if not call["allowed"] and call["role"].startswith(PREFIX)})
    for role, action in refused:
        print(f"{role.removeprefix(PREFIX):<30} {action:<40} refused")
    unused = [f"{grant.role}: {grant.statement}: {grant.action} on {grant.resource} was used by no test"
              for grant, state in rows if state == "UNUSED"]
    count = sum(state == "used" for _, state in rows)
    explained.end("grants", unused, unneeded, f"{len(rows)} grants: {count} used, {len(rows) - count} explained; unused: 0")


if __name__ == "__main__":
    main(*sys.argv[1:])
