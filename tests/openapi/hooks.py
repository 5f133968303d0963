"""Signs schemathesis in as the user that tests/openapi/fuzz made. Access tokens live five minutes; the command line renews them."""

import json
import os
import re
import subprocess
import uuid

import schemathesis


@schemathesis.auth(refresh_interval=120)
class Token:
    def get(self, case, context):
        subprocess.run([os.environ["FUZZ_CLOUDSAIL"], "whoami"], check=True, stdout=subprocess.DEVNULL)
        with open(os.environ["FUZZ_TOKEN_FILE"], encoding="utf-8") as file:
            return json.load(file)["access_token"]

    def set(self, case, data, context):
        case.headers = case.headers or {}
        case.headers["Authorization"] = f"Bearer {data}"


@schemathesis.hook
def before_call(context, case, kwargs):
    """Generated keys are short and come up twice: the second answer then names what was deleted since. Each request gets a key of
    its own; what a repeated key does is tested by tests/tests/gate.rs.
    """
    key = (case.headers or {}).get("Idempotency-Key")
    if isinstance(key, str) and re.fullmatch(r"[!-~]{1,255}", key):
        case.headers["Idempotency-Key"] = key[:200] + uuid.uuid4().hex
