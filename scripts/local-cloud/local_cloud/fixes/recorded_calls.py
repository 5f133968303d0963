"""Which role asked for what, and what IAM answered: one line of JSON for each distinct decision, in the folder of the logs.

`tests/audit/run grants` compares them with what the roles are granted.
"""

import json
import os
import pathlib
import threading

_lock, _seen = threading.Lock(), set()


def record(principal, action, resource, statement, allowed):
    """`principal` is a role session's ARN, arn:aws:sts::<account>:assumed-role/<role>/<session>; `statement` the Sid that decided."""
    kind, _, rest = principal.rpartition(":")[2].partition("/")
    if kind != "assumed-role":
        return
    call = {"account": principal.split(":")[4], "role": rest.partition("/")[0], "action": action, "resource": resource,
            "statement": statement, "allowed": allowed}
    line = json.dumps(call)
    with _lock:
        if line in _seen:
            return
        _seen.add(line)
        folder = pathlib.Path(os.environ["CLOUDSAIL_LOCAL"]) / "log"
        with open(folder / "calls.jsonl", "a", encoding="utf-8") as file:
            file.write(line + "\n")
