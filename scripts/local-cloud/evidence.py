"""What a run has left in the local cloud, for the search for secrets: lines of {"place": …, "text": …}.

    evidence.py logs SINCE            every line of every log group since then (ms since 1970)
    evidence.py user-data DEPLOYMENT  what the deployment's machines were started with, unpacked
"""

import base64
import gzip
import json
import sys

import boto3
from customer import client, tags

PAGE = 10000  # FilterLogEvents' own limit; the emulator answers no token for the next page


def tell(place, text):
    print(json.dumps({"place": place, "text": text}))


def logs(since):
    service = boto3.client("logs")
    for page in service.get_paginator("describe_log_groups").paginate():
        for group in page["logGroups"]:
            start, full = int(since), True
            while full:
                events = service.filter_log_events(logGroupName=group["logGroupName"], startTime=start, limit=PAGE)["events"]
                full = len(events) == PAGE
                if full and events[-1]["timestamp"] == start:
                    sys.exit(f"{group['logGroupName']}: more than {PAGE} lines in a millisecond, not all of which could be read")
                for event in events:
                    start = event["timestamp"]
                    tell(group["logGroupName"], event["message"])


def unpacked(data):
    return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data


def user_data(deployment):
    ec2 = client("ec2")
    for reservation in ec2.describe_instances()["Reservations"]:
        for instance in reservation["Instances"]:
            if tags(instance).get("cloudsail:deployment") != deployment:
                continue
            found = ec2.describe_instance_attribute(InstanceId=instance["InstanceId"], Attribute="userData")
            data = base64.b64decode(found["UserData"].get("Value", ""))
            tell(instance["InstanceId"], unpacked(data).decode(errors="replace"))


if __name__ == "__main__":
    {"logs": logs, "user-data": user_data}[sys.argv[1]](*sys.argv[2:])
