"""Where policies stand: in a CloudFormation template, and in Terraform's state; and how IAM matches their patterns."""

import json
import re


def covers(pattern, text):
    """IAM's own matching: `*` and `?`, nothing else."""
    expression = "".join({"*": ".*", "?": "."}.get(letter, re.escape(letter)) for letter in pattern)
    return re.fullmatch(expression, text, re.DOTALL) is not None


def below(module):
    """Every resource of a module of Terraform's state, and of those below it."""
    yield from module.get("resources", [])
    for inner in module.get("child_modules", []):
        yield from below(inner)


def rendered(value, account):
    """Fn::Sub with the account's own words in it, and the id of the link, which is another one each time, as a wildcard."""
    if isinstance(value, dict):
        if list(value) == ["Fn::Sub"]:
            value = value["Fn::Sub"].replace("${AWS::Partition}", "aws").replace("${AWS::AccountId}", account)
        else:
            return {key: rendered(inner, account) for key, inner in value.items()}
    if isinstance(value, list):
        return [rendered(inner, account) for inner in value]
    return value.replace("LINK", "*") if isinstance(value, str) else value


def resources(file, account):
    with open(file, encoding="utf-8") as text:
        return rendered(json.load(text)["Resources"], account)


def roles(file, account):
    """The documents that grant, by the pattern of the role's name."""
    return {
        made["Properties"]["RoleName"]: [policy["PolicyDocument"] for policy in made["Properties"]["Policies"]]
        for made in resources(file, account).values() if made["Type"] == "AWS::IAM::Role"
    }


def boundaries(file, account):
    """The documents of the managed policies, which bound the roles that are made later."""
    return [made["Properties"]["PolicyDocument"] for made in resources(file, account).values() if made["Type"] == "AWS::IAM::ManagedPolicy"]


def of_template(file, account):
    """Every document in it, with a name for it."""
    for name, made in resources(file, account).items():
        for key, value in made["Properties"].items():
            if key.endswith("PolicyDocument"):
                yield f"template.{name}.{key}", value
            for policy in value if key == "Policies" else []:
                yield f"template.{name}.{policy['PolicyName']}", policy["PolicyDocument"]
