"""What a person does outside Cloudsail: read a mail, make the role in their own account, look what the account holds.

    customer.py code EMAIL               the code from the last mail to the address
    customer.py link TEMPLATE.json       make or update the role's stack; a quick-create link of the console will do, too
    customer.py unlink                   remove every such stack
    customer.py on MACHINE COMMAND       what the command answers there, by Systems Manager
    customer.py litter DEPLOYMENT        a volume with the deployment's tag, as something that was cut off would leave it
    customer.py delete-secret DEPLOYMENT delete its secret by hand, as the console does: it can be restored for a while
    customer.py holds [DEPLOYMENT]       what the account's own lists show of Cloudsail's; exits 1 if any of it is not retained
"""

import json
import os
import pathlib
import re
import sys
import time
import urllib.parse
import urllib.request

import boto3

STACK = "cloudsail-"


def client(service):
    return boto3.client(
        service,
        aws_access_key_id=os.environ["CLOUDSAIL_CUSTOMER_ACCESS_KEY_ID"],
        aws_secret_access_key=os.environ["CLOUDSAIL_CUSTOMER_SECRET_ACCESS_KEY"],
    )


def code(email):
    for _ in range(20):
        with urllib.request.urlopen(f"{os.environ['AWS_ENDPOINT_URL']}/_ministack/ses/messages", timeout=5) as answer:
            mails = [mail for account in json.load(answer)["messages"].values() for mail in account]
        for mail in reversed(mails):
            found = re.search(r"\b(\d{6})\b", mail.get("BodyText") or "")
            if found and email in str(mail.get("To")):
                return print(found[1])
        time.sleep(0.25)
    sys.exit(f"no mail with a code for {email}")


def link(template):
    body = filled_in(template) if template.startswith("https://") else pathlib.Path(template).read_text(encoding="utf-8")
    # One stack a link: another one's role may stand under a running database.
    name = STACK + re.search(r"CloudsailAccess-(\w+)", body)[1]
    stacks = client("cloudformation")
    if name in linked(stacks):
        remove(stacks, name)
    stacks.create_stack(StackName=name, TemplateBody=body, Capabilities=["CAPABILITY_NAMED_IAM"])
    stacks.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    print(f"stack {name} made")


def filled_in(console):
    """What CloudFormation's console reads from a quick-create link."""
    _, _, values = console.partition("#/stacks/quickcreate?")
    with urllib.request.urlopen(urllib.parse.parse_qs(values)["templateURL"][0], timeout=5) as answer:
        return answer.read().decode()


def unlink():
    stacks = client("cloudformation")
    for name in linked(stacks):
        remove(stacks, name)


def linked(stacks):
    all_of_them = stacks.describe_stacks()["Stacks"]
    return [s["StackName"] for s in all_of_them if s["StackName"].startswith(STACK) and s["StackStatus"] != "DELETE_COMPLETE"]


def remove(stacks, name):
    stacks.delete_stack(StackName=name)
    stacks.get_waiter("stack_delete_complete").wait(StackName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 60})


def tags(item):
    return {tag["Key"]: tag["Value"] for tag in item.get("Tags") or item.get("TagSet") or []}


def listed(deployment):
    """Kind, id and tags of all that carries the deployment's tag or, where lists show no tags, its name."""
    ec2, iam = client("ec2"), client("iam")
    wanted = lambda item: tags(item).get("cloudsail:deployment") and deployment in ("", tags(item)["cloudsail:deployment"])
    for reservation in ec2.describe_instances()["Reservations"]:
        for item in reservation["Instances"]:
            if wanted(item) and item["State"]["Name"] != "terminated":
                yield "instance", item["InstanceId"], tags(item)
    for item in filter(wanted, ec2.describe_volumes()["Volumes"]):
        yield "volume", item["VolumeId"], tags(item)
    for item in filter(wanted, ec2.describe_security_groups()["SecurityGroups"]):
        yield "security group", item["GroupId"], tags(item)
    for item in client("secretsmanager").list_secrets()["SecretList"]:
        if item["Name"].startswith(f"cloudsail/{deployment}"):
            yield "secret", item["Name"], tags(item)
    short = f"cloudsail-{deployment[-8:]}"
    for item in iam.list_roles(PathPrefix="/cloudsail/")["Roles"]:
        if item["RoleName"].startswith(short):
            yield "role", item["RoleName"], {}
    for item in iam.list_instance_profiles(PathPrefix="/cloudsail/")["InstanceProfiles"]:
        if item["InstanceProfileName"].startswith(short):
            yield "instance profile", item["InstanceProfileName"], {}


def holds(deployment=""):
    strays = 0
    for kind, name, found in listed(deployment):
        until = found.get("cloudsail:retained-until") if found.get("cloudsail:retained") == "true" else None
        strays += until is None
        print(f"  {kind:<16} {name:<28} {'kept on purpose until ' + until if until else 'in use'}")
    print(f"  {strays} in use or left behind")
    sys.exit(1 if strays else 0)


def litter(deployment):
    tag = {"ResourceType": "volume", "Tags": [{"Key": "cloudsail:deployment", "Value": deployment}]}
    place = client("ec2").describe_availability_zones()["AvailabilityZones"][0]["ZoneName"]
    print(client("ec2").create_volume(AvailabilityZone=place, Size=1, VolumeType="gp3", TagSpecifications=[tag])["VolumeId"])


def delete_secret(deployment):
    secrets = client("secretsmanager")
    for item in secrets.list_secrets()["SecretList"]:
        if item["Name"].startswith(f"cloudsail/{deployment}"):
            return secrets.delete_secret(SecretId=item["ARN"])
    sys.exit(f"{deployment} has no secret")


def on(machine, command):
    manager = client("ssm")
    sent = manager.send_command(InstanceIds=[machine], DocumentName="AWS-RunShellScript", Parameters={"commands": [command]})
    asked = {"CommandId": sent["Command"]["CommandId"], "InstanceId": machine}
    while (answer := manager.get_command_invocation(**asked))["Status"] in ("Pending", "InProgress"):
        time.sleep(0.2)
    print(answer["StandardOutputContent"].strip())
    sys.exit(answer["ResponseCode"])


if __name__ == "__main__":
    commands = {"code": code, "link": link, "unlink": unlink, "holds": holds, "litter": litter, "delete-secret": delete_secret, "on": on}
    commands[sys.argv[1]](*sys.argv[2:])
