"""AWS's shapes: CloudFormation's resource schemas, as cfn-lint carries and applies them, region by region. A document becomes a template:
its resources are CloudFormation's own, and what is looked up when it is carried out becomes a parameter."""

import json
import re

from cfnlint.api import lint
from cfnlint.core import get_rules

# Errors alone: its warnings are advice for templates that people write.
RULES = get_rules([], ["W", "I"], [])


def logical(name):
    """As CloudFormation takes names: letters and digits alone."""
    return re.sub("[^A-Za-z0-9]", "", name.title())


def template(document):
    made = {resource["id"] for resource in document["resources"]}
    lookups = {"Deployment", *document.get("lookups", {})}
    parameters = {}

    def put(value):
        if isinstance(value, list):
            return [put(item) for item in value]
        if not isinstance(value, dict):
            return value
        match value:
            # One that is neither made nor looked up stays as it is, and is found out.
            case {"Ref": name} if len(value) == 1:
                return looked_up(name) if name in lookups - made else {"Ref": logical(name)}
            case {"Fn::GetAtt": [name, attribute]} if len(value) == 1 and name in lookups:
                return looked_up(name + attribute)
            case {"Cloudsail::Script": [_, places]} if len(value) == 1:
                return {"Fn::Sub": [" ".join(f"${{{place}}}" for place in places), put(places)]}
        return {key: put(field) for key, field in value.items()}

    def looked_up(name):
        parameters[logical(name)] = {"Type": "String"}
        return {"Ref": logical(name)}

    resources = {logical(r["id"]): {"Type": r["type"], "Properties": put(r["properties"])} for r in document["resources"]}
    return {"AWSTemplateFormatVersion": "2010-09-09", "Parameters": parameters, "Resources": resources}


def problems(document):
    for found in lint(json.dumps(template(document)), RULES, [document["region"]]):
        # A list of all that is allowed can be long.
        yield f"{'/'.join(map(str, found.path))}: {found.message[:300]} ({found.rule.id})"
