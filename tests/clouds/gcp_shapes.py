"""Google Cloud's shapes: the messages of its client packages. A key or a value that they do not know is a problem, and so is a key that
the API's discovery document says is needed and that is missing."""

import functools
import importlib.resources
import json

from google.cloud import compute_v1, iam_admin_v1, secretmanager_v1
from google.iam.v1 import iam_policy_pb2
from google.protobuf import json_format

# For each type a message, the resource itself or the request that makes it, and the method that makes it.
SHAPES = {
    "compute.googleapis.com/Address": (compute_v1.Address, "compute.addresses.insert"),
    "compute.googleapis.com/Disk": (compute_v1.Disk, "compute.disks.insert"),
    "compute.googleapis.com/Firewall": (compute_v1.Firewall, "compute.firewalls.insert"),
    "compute.googleapis.com/Instance": (compute_v1.Instance, "compute.instances.insert"),
    "google.iam.v1.SetIamPolicyRequest": (iam_policy_pb2.SetIamPolicyRequest, "secretmanager.projects.secrets.setIamPolicy"),
    "iam.googleapis.com/ServiceAccount": (iam_admin_v1.CreateServiceAccountRequest, "iam.projects.serviceAccounts.create"),
    "secretmanager.googleapis.com/Secret": (secretmanager_v1.CreateSecretRequest, "secretmanager.projects.secrets.create"),
    "secretmanager.googleapis.com/SecretVersion": (
        secretmanager_v1.AddSecretVersionRequest,
        "secretmanager.projects.secrets.addVersion",
    ),
}
# Keys of a request under which the method's own body stands.
BODY = {"secretmanager.googleapis.com/Secret": "secret"}
# `$(ref.id.field)`, and `$(lookup.name)`.
REFERENCE = r"\$\((ref|lookup)\.([A-Za-z0-9_-]+)"


def known(document, kind, name):
    return name in document.get("lookups", {}) if kind == "lookup" else any(r["id"] == name for r in document["resources"])


def problems(kind, properties):
    if kind not in SHAPES:
        return [f": {kind} is not a type that is known here"]
    message, method = SHAPES[kind]
    # Bytes are base64, and a reference is not.
    payload = properties.get("payload")
    if payload and payload.get("data", "").startswith("$("):
        properties = {**properties, "payload": {**payload, "data": ""}}
    raw = message.pb() if hasattr(message, "pb") else message
    try:
        json_format.ParseDict(properties, raw())
    except json_format.ParseError as error:
        return [f": {error}"]
    return list(missing(kind, method, raw, properties)) + (list(enums(message, properties, "")) if hasattr(message, "pb") else [])


@functools.cache
def discovery(api):
    package = importlib.resources.files("googleapiclient")
    return json.loads((package / f"discovery_cache/documents/{api}.v1.json").read_text())


def methods(resource):
    yield from resource.get("methods", {}).values()
    for inner in resource.get("resources", {}).values():
        yield from methods(inner)


def needed(described, method):
    return method in described.get("annotations", {}).get("required", []) or described.get("description", "").startswith("Required.")


def missing(kind, method, message, properties):
    """What the method needs: its parameters, where the message holds them, and keys of its body."""
    document = discovery(method.split(".")[0])
    found = next(one for one in methods(document) if one["id"] == method)
    names = {field.json_name for field in message.DESCRIPTOR.fields}
    for name, parameter in found["parameters"].items():
        if (parameter.get("required") or needed(parameter, method)) and name in names and name not in properties:
            yield f": {name} is missing"
    below = BODY.get(kind)
    body = properties.get(below, {}) if below else properties
    yield from missing_below(document["schemas"], found["request"]["$ref"], method, body, f"/{below}" if below else "")


def missing_below(schemas, schema, method, value, at):
    for name, described in schemas[schema].get("properties", {}).items():
        if name not in value:
            if needed(described, method):
                yield f"{at}: {name} is missing"
            continue
        inner = described.get("$ref") or described.get("items", {}).get("$ref")
        for one in value[name] if isinstance(value[name], list) else [value[name]]:
            if inner:
                yield from missing_below(schemas, inner, method, one, f"{at}/{name}")


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
