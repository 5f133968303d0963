"""What was called in the customer's account, held to the template that we publish: nothing that it does not allow was called, and
nothing that it allows was called by no test.

    customer.py CALLS TEMPLATE

CALLS is the local cloud's record of what IAM decided (.local/log/calls.jsonl). The roles that a deployment makes for its machines
are held to the permissions boundary, which is the most that they can do.
"""

import fnmatch
import os
import sys

import documents
import explained
import grants

# A machine's role is named after its deployment; the boundary is all that the template says of it.
MACHINES = "cloudsail-*"
# The roles that shared/clouds/tests/aws links for itself.
ADAPTER = "*-test"


def published(template, account):
    """The documents that grant or bound, by the pattern of the role's name."""
    return {**documents.roles(template, account), MACHINES: documents.boundaries(template, account)}


def judged(calls, roles, account):
    """What is wrong, as findings: calls that the template does not allow, and grants that no call used."""
    inside = [call for call in calls if call["account"] == account]
    # What a test of the adapter calls by itself, no person needs.
    needed = [call for call in inside if not fnmatch.fnmatchcase(call["role"], ADAPTER)]
    allowed = [grant for name, held in roles.items() for document in held for grant in grants.granted(name, document)]
    for call in inside:
        if not call["allowed"] or not any(may(grant, call) for grant in allowed):
            # Ids and the names that each run makes up differ: the role's is told apart, of the resource only the kind.
            yield finding("refused" if not call["allowed"] else "not in the template", call["role"], call["action"], call["resource"])
    for grant in allowed:
        if grant.role != MACHINES and not grants.used(grant, needed):
            yield finding("unused", grant.role, grant.action, grant.resource)


def may(grant, call):
    """Whether the grant covers the call, whatever its conditions: those were judged when it was made. The emulator names no
    statement for what only a boundary limits."""
    return (call["action"].lower() == grant.action.lower() and documents.covers(grant.role, call["role"])
            and documents.covers(grant.resource, call["resource"]))


def finding(kind, role, action, resource):
    return {"finding": kind, "role": role, "action": action, "resource": resource}


def main(calls_file, template_file):
    account = os.environ["CLOUDSAIL_CUSTOMER_ACCOUNT_ID"]
    calls = grants.recorded(calls_file)
    if not any(call["account"] == account for call in calls):
        sys.exit(f"{calls_file} has no call in account {account}: run the end-to-end tests first")
    roles = published(template_file, account)
    found = list({tuple(one.values()): one for one in judged(calls, roles, account)}.values())
    rows, unneeded = explained.judged(found, explained.lines("customer"))
    wrong = ["{finding}: {role}: {action} on {resource}".format(**one) for one, line in rows if line is None]
    count = sum(call["account"] == account for call in calls)
    explained.end("customer", wrong, unneeded, f"{count} decisions in the customer's account, none beside the template; every grant of it was used, but {len(rows)} explained")


if __name__ == "__main__":
    main(*sys.argv[1:])
