"""Google Cloud's shapes: the messages of its client packages. A key or a value that they do not know is a problem."""

from google.cloud import compute_v1, iam_admin_v1, secretmanager_v1
from google.iam.v1 import iam_policy_pb2
from google.protobuf import json_format

# A message for each type: the resource itself, or the request that makes it.
MESSAGES = {
    "compute.googleapis.com/Address": compute_v1.Address,
    "compute.googleapis.com/Disk": compute_v1.Disk,
    "compute.googleapis.com/Firewall": compute_v1.Firewall,
    "compute.googleapis.com/Instance": compute_v1.Instance,
    "google.iam.v1.SetIamPolicyRequest": iam_policy_pb2.SetIamPolicyRequest,
    "iam.googleapis.com/ServiceAccount": iam_admin_v1.CreateServiceAccountRequest,
    "secretmanager.googleapis.com/Secret": secretmanager_v1.CreateSecretRequest,
    "secretmanager.googleapis.com/SecretVersion": secretmanager_v1.AddSecretVersionRequest,
}
# `$(ref.id.field)`, and `$(lookup.name)`.
REFERENCE = r"\$\((ref|lookup)\.([A-Za-z0-9_-]+)"


def known(document, kind, name):
    return name in document.get("lookups", {}) if kind == "lookup" else any(r["id"] == name for r in document["resources"])


def problems(kind, properties):
    message = MESSAGES.get(kind)
    if message is None:
        return [f": {kind} is not a type that is known here"]
    # Bytes are base64, and a reference is not.
    payload = properties.get("payload")
    if payload and payload.get("data", "").startswith("$("):
        properties = {**properties, "payload": {**payload, "data": ""}}
    raw = message.pb() if hasattr(message, "pb") else message
    try:
        json_format.ParseDict(properties, raw())
    except json_format.ParseError as error:
        return [f": {error}"]
    return list(enums(message, properties, "")) if hasattr(message, "pb") else []


def enums(message, value, at):
    """The messages of Compute Engine hold names as text; which ones there are, stands beside them."""
    by_name = {field.json_name: field for field in message.pb().DESCRIPTOR.fields}
    for key, item in value.items():
        field = by_name[key]
        if field.message_type and field.message_type.GetOptions().map_entry:
            continue  # its keys are anybody's
        names = getattr(message, "".join(part.title() for part in field.name.split("_")), None)
        if field.type == field.TYPE_STRING and isinstance(item, str) and hasattr(names, "__members__") and item not in names.__members__:
            yield f"{at}/{key}: {item!r} is none of {', '.join(names.__members__)}"
        inner = getattr(message.meta.fields[field.name], "message", None)
        if hasattr(inner, "pb"):
            for index, one in enumerate(item if isinstance(item, list) else [item]):
                yield from enums(inner, one, f"{at}/{key}/{index}" if isinstance(item, list) else f"{at}/{key}")
