"""Azure's shapes: the models of its management packages, each of the API version that the document names. A key or a value that they
do not know, or only ever answer, is a problem, and so is a key that they need and that is missing."""

import enum
import functools
import importlib
import inspect
import re
import sys
import typing

# The package, and the model in it.
MODELS = {
    "Microsoft.Authorization/roleAssignments": ("authorization", "RoleAssignmentCreateParameters"),
    "Microsoft.Compute/disks": ("compute", "Disk"),
    "Microsoft.Compute/virtualMachines": ("compute", "VirtualMachine"),
    "Microsoft.KeyVault/vaults": ("keyvault", "VaultCreateOrUpdateParameters"),
    "Microsoft.KeyVault/vaults/secrets": ("keyvault", "SecretCreateOrUpdateParameters"),
    "Microsoft.ManagedIdentity/userAssignedIdentities": ("msi", "Identity"),
    "Microsoft.Network/networkInterfaces": ("network", "NetworkInterface"),
    "Microsoft.Network/networkSecurityGroups": ("network", "NetworkSecurityGroup"),
    "Microsoft.Network/publicIPAddresses": ("network", "PublicIPAddress"),
    "Microsoft.Network/virtualNetworks": ("network", "VirtualNetwork"),
}
# A package of one version alone has no folder for it; this is what its client says.
ONLY_VERSION = {"network": "2024-05-01"}
# A name that the package lists only in part: its own text says that the list of sizes is out of date.
OPEN = "VirtualMachineSizeTypes"
# What a template adds to a resource's body.
ENVELOPE = {"apiVersion", "name", "scope"}
# `resourceId('type', 'name'`, and `parameters('name'`.
REFERENCE = r"(?:resourceId\('([^']+)', |parameters\()'([^']+)'"


def known(document, kind, name):
    if not kind:
        return name in document.get("lookups", {})
    named = [r for r in document["resources"] if r["properties"].get("name") == name]
    return kind.endswith("/roleDefinitions") or any(r["type"] == kind or kind.startswith(r["type"] + "/") for r in named)


def problems(kind, body):
    if kind not in MODELS:
        return [f": {kind} is not a type that is known here"]
    missing = [f": {key} is missing" for key in ("apiVersion", "name") if key not in body]
    if missing:
        return missing
    model = find(*MODELS[kind], body["apiVersion"])
    if model is None:
        return [f"/apiVersion: {body['apiVersion']!r} has no {kind}"]
    return list(walk(model, {k: v for k, v in body.items() if k not in ENVELOPE}, ""))


@functools.cache
def find(package, name, version):
    """The model of that version; none if the package has no such version."""
    if package in ONLY_VERSION:
        module = f"azure.mgmt.{package}" if version == ONLY_VERSION[package] else None
    else:
        module = f"azure.mgmt.{package}.v{version.replace('-', '_')}"
    try:
        return module and getattr(importlib.import_module(f"{module}.models"), name, None)
    except ModuleNotFoundError:
        return None


def is_expression(value):
    return isinstance(value, str) and value.startswith("[") and value.endswith("]")


@functools.cache
def fields(model):
    """Name in JSON to type, whether it may be sent, and whether it must be."""
    tree, parameters = {}, inspect.signature(model).parameters
    for attribute, entry in model._attribute_map.items():
        rules = model._validation.get(attribute, {})
        at, *rest = re.split(r"(?<!\\)\.", entry["key"])
        names = names_of(model, parameters.get(attribute))
        field = (type_of(model, entry["type"], names), not rules.get("readonly"), bool(rules.get("required")))
        if rest:
            tree.setdefault(at, ({}, True, False))[0][".".join(rest)] = field
        else:
            tree[at] = field
    return tree


def names_of(model, parameter):
    """The names that may stand for text: only the parameter's annotation says them."""
    for name in re.findall(r"_models\.(\w+)", str(parameter and parameter.annotation)):
        found = getattr(importlib.import_module(model.__module__.rsplit(".", 1)[0]), name)
        if issubclass(found, enum.Enum):
            return found
    return str


def type_of(model, text, names):
    if text.startswith("["):
        return typing.List[type_of(model, text[1:-1], names)]
    if text.startswith("{"):
        return typing.Dict[str, type_of(model, text[1:-1], names)]
    plain = {"str": names, "bool": bool, "int": int, "float": float, "object": typing.Any, "iso-8601": str}
    return plain.get(text) or getattr(sys.modules[model.__module__], text, typing.Any)


def walk(hint, value, at):
    if isinstance(hint, dict):
        yield from members(hint, value, at)
        return
    if hint is typing.Any or hint is None:
        return
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is list:
        if not isinstance(value, list):
            yield f"{at}: {value!r} must be a list"
            return
        for index, item in enumerate(value):
            yield from walk(arguments[0], item, f"{at}/{index}")
    elif origin is dict:
        if not isinstance(value, dict):
            yield f"{at}: {value!r} must be an object"
            return
        for key, item in value.items():
            yield from walk(arguments[1], item, f"{at}/{key}")
    elif isinstance(hint, type) and issubclass(hint, enum.Enum):
        if hint.__name__ != OPEN and not is_expression(value) and value not in [member.value for member in hint]:
            yield f"{at}: {value!r} is none of {', '.join(str(member.value) for member in hint)}"
    elif hint in (str, bool, int, float):
        if not is_expression(value) and type(value) is not hint:
            yield f"{at}: {value!r} must be {hint.__name__}"
    elif isinstance(hint, type) and hasattr(hint, "_attribute_map"):
        yield from members(fields(hint), value, at)


def members(known_fields, value, at):
    if not isinstance(value, dict):
        yield f"{at}: {value!r} must be an object"
        return
    for key, (_, sent, needed) in known_fields.items():
        if sent and needed and key not in value:
            yield f"{at}: {key} is missing"
    for key, field in value.items():
        if key not in known_fields:
            yield f"{at}/{key}: no such key; there are {', '.join(sorted(known_fields))}"
        elif not known_fields[key][1]:
            yield f"{at}/{key}: is only ever answered"
        else:
            yield from walk(known_fields[key][0], field, f"{at}/{key}")
