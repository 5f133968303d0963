"""Azure's shapes: the models of its management packages. A key or a value that they do not know, or only ever answer, is a problem."""

import enum
import functools
import re
import sys
import typing

import azure.mgmt.authorization.v2022_04_01.models as authorization
import azure.mgmt.compute.models as compute
import azure.mgmt.keyvault.models as keyvault
import azure.mgmt.msi.models as msi
import azure.mgmt.network.models as network

MODELS = {
    "Microsoft.Authorization/roleAssignments": authorization.RoleAssignmentCreateParameters,
    "Microsoft.Compute/disks": compute.Disk,
    "Microsoft.Compute/virtualMachines": compute.VirtualMachine,
    "Microsoft.KeyVault/vaults": keyvault.VaultCreateOrUpdateParameters,
    "Microsoft.KeyVault/vaults/secrets": keyvault.SecretCreateOrUpdateParameters,
    "Microsoft.ManagedIdentity/userAssignedIdentities": msi.Identity,
    "Microsoft.Network/networkInterfaces": network.NetworkInterface,
    "Microsoft.Network/networkSecurityGroups": network.NetworkSecurityGroup,
    "Microsoft.Network/publicIPAddresses": network.PublicIPAddress,
    "Microsoft.Network/virtualNetworks": network.VirtualNetwork,
}
# Names that a package lists only in part: its own text says that the list of sizes is out of date.
OPEN = {compute.VirtualMachineSizeTypes}
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
    model = MODELS.get(kind)
    if model is None:
        return [f": {kind} is not a type that is known here"]
    missing = [f": {key} is missing" for key in ("apiVersion", "name") if key not in body]
    return missing + list(walk(model, {k: v for k, v in body.items() if k not in ENVELOPE}, ""))


def is_expression(value):
    return isinstance(value, str) and value.startswith("[") and value.endswith("]")


@functools.cache
def fields(model):
    """Name in JSON to type and whether it may be sent. The packages have models of two generations."""
    if hasattr(model, "_attribute_map"):
        validation = getattr(model, "_validation", {})
        tree = {}
        for attribute, entry in model._attribute_map.items():
            at, *rest = re.split(r"(?<!\\)\.", entry["key"])
            sent = not validation.get(attribute, {}).get("readonly")
            if rest:
                tree.setdefault(at, ({}, True))[0][".".join(rest)] = (old_type(model, entry["type"]), sent)
            else:
                tree[at] = (old_type(model, entry["type"]), sent)
        return tree
    found = {}
    for base in reversed(model.__mro__):
        module = sys.modules[base.__module__]
        for attribute, annotation in base.__dict__.get("__annotations__", {}).items():
            field = base.__dict__.get(attribute)
            if not hasattr(field, "_rest_name_input"):
                continue
            space = {**vars(module), "_models": getattr(module, "_models", module)}
            package = sys.modules[base.__module__.rsplit(".", 1)[0]]
            space["_models"] = package if not hasattr(package, "models") else package.models
            hint = typing.get_type_hints(type("hint", (), {"__annotations__": {"x": annotation}}), space)["x"]
            found[field._rest_name_input or attribute] = (hint, field._visibility != ["read"])
    return found


def old_type(model, text):
    if text.startswith("["):
        return typing.List[old_type(model, text[1:-1])]
    if text.startswith("{"):
        return typing.Dict[str, old_type(model, text[1:-1])]
    plain = {"str": str, "bool": bool, "int": int, "float": float, "object": typing.Any, "iso-8601": str}
    return plain.get(text) or getattr(sys.modules[model.__module__], text, typing.Any)


def walk(hint, value, at):
    if isinstance(hint, dict):
        yield from members(hint, value, at)
        return
    if hint is typing.Any or hint is None:
        return
    origin, arguments = typing.get_origin(hint), [a for a in typing.get_args(hint) if a is not type(None)]
    if origin is typing.Union:
        enums = [a for a in arguments if isinstance(a, type) and issubclass(a, enum.Enum)]
        yield from walk(enums[0] if enums else arguments[0], value, at)
    elif origin in (list, typing.List):
        if not isinstance(value, list):
            yield f"{at}: {value!r} must be a list"
            return
        for index, item in enumerate(value):
            yield from walk(arguments[0], item, f"{at}/{index}")
    elif origin in (dict, typing.Dict):
        if not isinstance(value, dict):
            yield f"{at}: {value!r} must be an object"
            return
        for key, item in value.items():
            yield from walk(arguments[1], item, f"{at}/{key}")
    elif isinstance(hint, type) and issubclass(hint, enum.Enum):
        if hint not in OPEN and not is_expression(value) and value not in [member.value for member in hint]:
            yield f"{at}: {value!r} is none of {', '.join(str(member.value) for member in hint)}"
    elif hint in (str, bool, int, float):
        if not is_expression(value) and type(value) is not hint:
            yield f"{at}: {value!r} must be {hint.__name__}"
    elif isinstance(hint, type) and fields(hint):
        yield from members(fields(hint), value, at)


def members(known_fields, value, at):
    if not isinstance(value, dict):
        yield f"{at}: {value!r} must be an object"
        return
    for key, field in value.items():
        if key not in known_fields:
            yield f"{at}/{key}: no such key; there are {', '.join(sorted(known_fields))}"
        elif not known_fields[key][1]:
            yield f"{at}/{key}: is only ever answered"
        else:
            yield from walk(known_fields[key][0], field, f"{at}/{key}")
