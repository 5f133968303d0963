"""The policies of a CloudFormation template, as IAM would hold them in an account."""

import json


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


def documents(file, account):
    """Every document in it, with a name for it."""
    for name, made in resources(file, account).items():
        for key, value in made["Properties"].items():
            if key.endswith("PolicyDocument"):
                yield f"template.{name}.{key}", value
            for policy in value if key == "Policies" else []:
                yield f"template.{name}.{policy['PolicyName']}", policy["PolicyDocument"]
