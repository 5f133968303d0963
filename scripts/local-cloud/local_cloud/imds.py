"""The instance metadata service, version 2 and, where the instance allows it, version 1: one server on
169.254.169.254 on the bridge, which knows a machine by its address (the firewall sees to it that nobody lies).
"""

import base64
import http.server
import json
import secrets
import socket
import threading
import time

from . import settings

LONGEST_TOKEN = 21600
CREDENTIAL_SECONDS = 3600
RENEW_BEFORE = 600


def serve(room):
    class Bound(Handler):
        pass

    Bound.room = room
    server = http.server.ThreadingHTTPServer((settings.METADATA_ADDRESS, 80), Bound)
    server.daemon_threads = True
    server.socket.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, 1)  # as on AWS, an answer travels one hop
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


class NotThere(Exception):
    pass


class Handler(http.server.BaseHTTPRequestHandler):
    room = None
    tokens = {}
    credentials = {}
    server_version, sys_version = "EC2ws", ""

    def log_message(self, *_):
        return

    def answer(self, status, body="", **headers):
        data = body if isinstance(body, bytes) else body.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)

    def caller(self):
        peer = self.client_address[0]
        found = next((m for m in list(self.room.machines.values()) if m.address == peer), None)
        if not found:
            return None, None
        return found, self.room.record(found.id, found.spec.account)

    def do_PUT(self):
        machine, record = self.caller()
        if not record or self.path != "/latest/api/token":
            return self.answer(404)
        if self.headers.get("X-Forwarded-For"):
            return self.answer(403)
        seconds = self.headers.get("X-aws-ec2-metadata-token-ttl-seconds") or ""
        if not seconds.isdigit() or not 1 <= int(seconds) <= LONGEST_TOKEN:
            return self.answer(400)
        now = time.time()
        for old in [token for token, (_, until) in list(self.tokens.items()) if until < now]:
            self.tokens.pop(old, None)
        token = secrets.token_urlsafe(40)
        self.tokens[token] = (machine.id, now + int(seconds))
        return self.answer(200, token, X_aws_ec2_metadata_token_ttl_seconds=seconds)

    def do_GET(self):
        machine, record = self.caller()
        if not record:
            return self.answer(404)
        options = record.get("MetadataOptions") or {}
        if options.get("HttpEndpoint") == "disabled":
            return self.answer(403)
        token = self.headers.get("X-aws-ec2-metadata-token")
        if token:
            owner, until = self.tokens.get(token, (None, 0))
            if owner != machine.id or until < time.time():
                return self.answer(401)
        elif options.get("HttpTokens") == "required":
            return self.answer(401)
        try:
            return self.answer(200, self.find(machine, record, self.path.split("?")[0]))
        except NotThere:
            return self.answer(404)

    def find(self, machine, record, path):
        """Walk the tree that a real instance shows under its version folders."""
        words = [word for word in path.split("/") if word]
        if not words:
            return "1.0\n2021-03-23\nlatest"
        node = self.tree(machine, record)
        for word in words[1:]:
            if not isinstance(node, dict) or word not in node:
                raise NotThere
            node = node[word]
            if callable(node):
                node = node()
        if isinstance(node, dict):
            return "\n".join(name + ("/" if isinstance(value, dict) else "") for name, value in node.items())
        return node

    def tree(self, machine, record):
        account, zone = machine.spec.account, record["Placement"]["AvailabilityZone"]
        name, mac = record["PrivateDnsName"], machine.hardware_address()
        interface = {
            "device-number": "0", "local-hostname": name, "local-ipv4s": machine.address, "mac": mac, "owner-id": account,
            "security-group-ids": "\n".join(group["GroupId"] for group in record["SecurityGroups"]),
            "subnet-id": record["SubnetId"], "subnet-ipv4-cidr-block": machine.spec.subnet, "vpc-id": record["VpcId"],
        }
        data = {
            "ami-id": record["ImageId"], "ami-launch-index": "0", "hostname": name, "instance-action": "none",
            "instance-id": machine.id, "instance-life-cycle": "on-demand", "instance-type": record["InstanceType"],
            "local-hostname": name, "local-ipv4": machine.address, "mac": mac,
            "network": {"interfaces": {"macs": {mac: interface}}},
            "placement": {"availability-zone": zone, "region": settings.REGION},
            "security-groups": "\n".join(group["GroupName"] for group in record["SecurityGroups"]),
            "services": {"domain": "amazonaws.com", "partition": "aws"},
        }
        if record.get("PublicIpAddress"):
            data["public-ipv4"] = interface["public-ipv4s"] = record["PublicIpAddress"]
            data["public-hostname"] = record.get("PublicDnsName", "")
        profile = record.get("IamInstanceProfile")
        if profile:
            data["iam"] = self.role(machine, profile)
        document = {
            "accountId": account, "architecture": record["Architecture"], "availabilityZone": zone, "imageId": record["ImageId"],
            "instanceId": machine.id, "instanceType": record["InstanceType"], "pendingTime": record["LaunchTime"],
            "privateIp": machine.address, "region": settings.REGION, "version": "2017-09-30",
        }
        tree = {"meta-data": data, "dynamic": {"instance-identity": {"document": json.dumps(document)}}}
        if record.get("UserData"):
            tree["user-data"] = base64.b64decode(record["UserData"])
        return tree

    def role(self, machine, profile):
        from ministack.services import iam

        found = iam._instance_profiles.get_scoped(machine.spec.account, None, profile["Arn"].rsplit("/", 1)[1])
        info = {"Code": "Success", "InstanceProfileArn": profile["Arn"], "InstanceProfileId": profile["Id"]}
        roles = [role if isinstance(role, str) else role.get("RoleName") for role in (found or {}).get("Roles", [])]
        answer = {"info": json.dumps(info)}
        if roles:
            answer["security-credentials"] = {roles[0]: lambda: self.role_credentials(machine, roles[0])}
        return answer

    def role_credentials(self, machine, role):
        """Credentials that the emulator's own STS knows, so that the role's policies hold for their bearer."""
        from ministack.services import iam, sts

        key, now = (machine.id, role), time.time()
        held = self.credentials.get(key)
        if not held or held["until"] - now < RENEW_BEFORE:
            account = machine.spec.account
            held = {"key": iam._gen_session_access_key(), "secret": iam._gen_secret(), "token": iam._gen_session_token(),
                    "until": now + CREDENTIAL_SECONDS}
            record = iam._roles.get_scoped(account, None, role) or {}
            sts.register_session(held["key"], {
                "Arn": f"arn:aws:sts::{account}:assumed-role/{role}/{machine.id}",
                "UserId": f"{record.get('RoleId', role)}:{machine.id}", "SecretAccessKey": held["secret"],
                "SessionToken": held["token"], "Expiration": held["until"], "AccountId": account,
                "PrincipalType": "AssumedRole",
            })
            self.credentials[key] = held
        return json.dumps({
            "Code": "Success", "LastUpdated": stamp(held["until"] - CREDENTIAL_SECONDS), "Type": "AWS-HMAC",
            "AccessKeyId": held["key"], "SecretAccessKey": held["secret"], "Token": held["token"],
            "Expiration": stamp(held["until"]),
        })


def stamp(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
