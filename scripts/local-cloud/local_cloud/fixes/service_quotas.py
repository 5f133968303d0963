"""Service Quotas, of which the emulator has nothing: the quotas that a deploy can run into, at one size for every account.

Copied into the emulator's package. Raising a quota and reading usage are not here; asking for another quota answers as AWS does.
"""

import json

from ministack.core.responses import error_response_json, json_response

QUOTAS = {
    # Docs: "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances"; the unit is vCPUs.
    ("ec2", "L-1216C47A"): ("Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", 64.0),
    # Docs: "Storage for General Purpose SSD (gp3) volumes, in TiB".
    ("ebs", "L-7A658B76"): ("Storage for General Purpose SSD (gp3) volumes, in TiB", 50.0),
}


async def handle_request(method, path, headers, body, query_params):
    action = headers.get("x-amz-target", "").rsplit(".", 1)[-1]
    if action not in ("GetServiceQuota", "GetAWSDefaultServiceQuota"):
        return error_response_json("UnknownOperationException", f"The local cloud does not do {action}.", 400)
    asked = json.loads(body or b"{}")
    service, code = asked.get("ServiceCode", ""), asked.get("QuotaCode", "")
    if (service, code) not in QUOTAS:
        return error_response_json("NoSuchResourceException", f"There is no quota {code} of {service}.", 400)
    name, value = QUOTAS[service, code]
    quota = {"ServiceCode": service, "QuotaCode": code, "QuotaName": name, "Value": value, "Unit": "None", "GlobalQuota": False}
    return json_response({"Quota": quota})


def get_state():
    """Nothing to keep over a restart; the emulator asks every service that was called."""
    return {}


def load_persisted_state(data):
    """Nothing was kept."""


def reset():
    """Nothing changes here."""
