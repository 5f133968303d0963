"""RunInstances and what follows in an instance's life, as the API tells it."""

import dataclasses
import secrets
import threading

from . import addresses, images, instance_types
from .requests_ec2 import (
    Refused,
    found_by_token,
    is_dry_run,
    numbered,
    one,
    read_launch,
)

ROOT_DEVICE = "/dev/xvda"
ROOT_GIB = 8


def handlers(room, ec2):
    instances = Instances(room, ec2)
    return {
        "RunInstances": instances.run,
        "TerminateInstances": instances.terminate,
        "StopInstances": instances.stop,
        "StartInstances": instances.start,
        "RebootInstances": instances.reboot,
        "ModifyInstanceAttribute": instances.modify,
    }


def more_filters(original):
    """DescribeInstances' filters that the emulator passes over."""

    def matches(record, filters):
        known = {
            "instance-id": record["InstanceId"],
            "client-token": record.get("_client_token", ""),
            "vpc-id": record["VpcId"],
            "subnet-id": record["SubnetId"],
            "availability-zone": record["Placement"]["AvailabilityZone"],
            "private-ip-address": record["PrivateIpAddress"],
            "ip-address": record.get("PublicIpAddress") or "",
            "instance-state-code": str(record["State"]["Code"]),
            "iam-instance-profile.arn": (record.get("IamInstanceProfile") or {}).get("Arn", ""),
        }
        for name, values in filters.items():
            if name in known and known[name] not in values:
                return False
            if name == "instance.group-id" and not {g["GroupId"] for g in record["SecurityGroups"]} & set(values):
                return False
        return original(record, filters)

    return matches


class Instances:
    """The handlers, which answer at once; the machines follow."""

    def __init__(self, room, ec2):
        self.room, self.ec2 = room, ec2
        self.lock = threading.Lock()

    def run(self, parameters):
        launch = read_launch(self.ec2, parameters)
        if is_dry_run(parameters):
            raise Refused("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412)
        with self.lock:
            made = found_by_token(list(self.ec2._instances.values()), launch.token, launch.digest)
            if not made:
                made = [self.make(launch, parameters) for _ in range(launch.count)]
        items = "".join(self.ec2._instance_xml(record) for record in made)
        return self.ec2._xml(200, "RunInstancesResponse", (
            f"<reservationId>r-{made[0]['InstanceId'][2:]}</reservationId><ownerId>{self.ec2.get_account_id()}</ownerId>"
            f"<groupSet/><instancesSet>{items}</instancesSet>"
        ))

    def make(self, launch, parameters):
        """The record of an instance, its volumes, and its machine, which boots behind the answer's back."""
        ec2, account = self.ec2, self.ec2.get_account_id()
        taken = {r["PrivateIpAddress"] for r in ec2._instances.all_values() if r["State"]["Name"] != "terminated"}
        try:
            address = addresses.private(launch.subnet["CidrBlock"], taken, launch.address)
        except addresses.Exhausted as exhausted:
            raise Refused("InsufficientFreeAddressesInSubnet", str(exhausted)) from None
        except addresses.Taken as taken_already:
            raise Refused("InvalidIPAddress.InUse", str(taken_already)) from None
        taken_public = {r.get("PublicIpAddress") for r in ec2._instances.all_values() if r["State"]["Name"] != "terminated"}
        machine_id, now, zone = "i-" + secrets.token_hex(9)[:17], ec2._now_ts(), launch.subnet["AvailabilityZone"]
        public = addresses.public(taken_public) if launch.public else ""
        record = {
            "InstanceId": machine_id, "ImageId": launch.image, "InstanceType": launch.type, "KeyName": launch.key_name,
            "State": {"Code": 0, "Name": "pending"}, "SubnetId": launch.subnet["SubnetId"], "VpcId": launch.subnet["VpcId"],
            "PrivateIpAddress": address, "PublicIpAddress": public,
            "PrivateDnsName": f"ip-{address.replace('.', '-')}.{ec2.get_region()}.compute.internal",
            "PublicDnsName": f"ec2-{public.replace('.', '-')}.{ec2.get_region()}.compute.amazonaws.com" if public else "",
            "SourceDestCheck": True, "Architecture": images.ARCHITECTURE, "RootDeviceType": "ebs", "RootDeviceName": ROOT_DEVICE,
            "SecurityGroups": [{"GroupId": g, "GroupName": ec2._security_groups[g]["GroupName"]} for g in launch.groups],
            "Hypervisor": "xen", "Virtualization": "hvm", "Placement": {"AvailabilityZone": zone, "Tenancy": "default"},
            "Monitoring": {"State": "disabled"}, "AmiLaunchIndex": 0, "UserData": launch.user_data, "LaunchTime": now,
            "BlockDeviceMappings": [], "IamInstanceProfile": launch.profile, "MetadataOptions": launch.metadata,
            "_client_token": launch.token, "_request_digest": launch.digest, "_ssm_managed": False,
        }
        self.make_volumes(record, launch, parameters)
        ec2._instances[machine_id] = record
        if launch.profile:
            ec2._upsert_iam_instance_profile_association(machine_id, launch.profile)
        ec2._parse_tag_specs(parameters, "instance", machine_id)
        self.room.set_state(record, "pending")
        self.room.in_background(self.room.boot, self.room.add(record, account), record)
        return record

    def make_volumes(self, record, launch, parameters):
        wanted = {ROOT_DEVICE: {}} | launch.mappings
        for device, asked in wanted.items():
            volume_id, now = "vol-" + secrets.token_hex(9)[:17], record["LaunchTime"]
            goes = asked.get("DeleteOnTermination", "true") == "true"
            attachment = {"VolumeId": volume_id, "InstanceId": record["InstanceId"], "Device": device, "State": "attached",
                          "AttachTime": now, "DeleteOnTermination": goes}
            self.ec2._volumes[volume_id] = {
                "VolumeId": volume_id, "Size": int(asked.get("VolumeSize") or ROOT_GIB), "State": "in-use",
                "AvailabilityZone": record["Placement"]["AvailabilityZone"], "VolumeType": asked.get("VolumeType", "gp3"),
                "SnapshotId": "", "Iops": int(asked.get("Iops") or 3000), "Throughput": int(asked.get("Throughput") or 125),
                "Encrypted": asked.get("Encrypted") == "true", "CreateTime": now, "MultiAttachEnabled": False,
                "Attachments": [attachment],
            }
            self.ec2._parse_tag_specs(parameters, "volume", volume_id)
            record["BlockDeviceMappings"].append({"DeviceName": device, "Ebs": {
                "VolumeId": volume_id, "Status": "attached", "AttachTime": now, "DeleteOnTermination": goes}})

    # -- what follows

    def each(self, parameters):
        ids = numbered(parameters, "InstanceId")
        for machine_id in ids:
            if machine_id not in self.ec2._instances:
                raise Refused("InvalidInstanceID.NotFound", f"The instance ID '{machine_id}' does not exist")
        return [self.ec2._instances[machine_id] for machine_id in ids]

    def answer(self, name, records, change):
        """Apply the change to each and tell the state before and after."""
        items = ""
        for record in records:
            before = dict(record["State"])
            change(record, self.room.machines.get(record["InstanceId"]))
            after = record["State"]
            items += (
                f"<item><instanceId>{record['InstanceId']}</instanceId>"
                f"<currentState><code>{after['Code']}</code><name>{after['Name']}</name></currentState>"
                f"<previousState><code>{before['Code']}</code><name>{before['Name']}</name></previousState></item>"
            )
        return self.ec2._xml(200, f"{name}Response", f"<instancesSet>{items}</instancesSet>")

    def terminate(self, parameters):
        return self.answer("TerminateInstances", self.each(parameters), self.terminate_one)

    def terminate_one(self, record, machine):
        if record["State"]["Name"] in ("terminated", "shutting-down"):
            return
        self.room.set_state(record, "shutting-down")
        association = self.ec2._find_active_iam_instance_profile_association(record["InstanceId"])
        if association:
            self.ec2._mark_iam_instance_profile_association_disassociated(association)
        self.room.in_background(self.room.terminate, machine, record)

    def stop(self, parameters):
        def stop_one(record, machine):
            if record["State"]["Name"] in ("terminated", "shutting-down"):
                raise incorrect(record)
            if machine and record["State"]["Name"] in ("running", "pending"):
                self.room.set_state(record, "stopping")
                self.room.in_background(self.halt, machine, record)

        return self.answer("StopInstances", self.each(parameters), stop_one)

    def halt(self, machine, record):
        self.room.linger(record)
        machine.halt()
        if record["State"]["Name"] == "stopping":
            self.room.set_state(record, "stopped")

    def start(self, parameters):
        def start_one(record, machine):
            state = record["State"]["Name"]
            if state in ("running", "pending"):
                return
            if state != "stopped" or not machine:
                raise incorrect(record)
            self.room.set_state(record, "pending")
            self.room.in_background(self.room.boot, machine, record)

        return self.answer("StartInstances", self.each(parameters), start_one)

    def reboot(self, parameters):
        for record in self.each(parameters):
            machine = self.room.machines.get(record["InstanceId"])
            if not machine or record["State"]["Name"] != "running":
                raise incorrect(record)
            record["_ssm_managed"] = False
            machine.restart()
        return self.ec2._xml(200, "RebootInstancesResponse", "<return>true</return>")

    def modify(self, parameters):
        """The attributes that a machine's life knows: its type, its groups and what goes with it."""
        machine_id = one(parameters, "InstanceId")
        record = self.ec2._instances.get(machine_id)
        if not record:
            raise Refused("InvalidInstanceID.NotFound", f"The instance ID '{machine_id}' does not exist")
        if kind := one(parameters, "InstanceType.Value"):
            self.become(record, kind)
        groups = numbered(parameters, "GroupId")
        if groups:
            for group in groups:
                if group not in self.ec2._security_groups:
                    raise Refused("InvalidGroup.NotFound", f"The security group '{group}' does not exist")
            record["SecurityGroups"] = [
                {"GroupId": g, "GroupName": self.ec2._security_groups[g]["GroupName"]} for g in groups
            ]
            self.room.reload_firewall()
        number = 1
        while device := one(parameters, f"BlockDeviceMapping.{number}.DeviceName"):
            goes = one(parameters, f"BlockDeviceMapping.{number}.Ebs.DeleteOnTermination")
            self.keep_or_delete(record, device, goes == "true")
            number += 1
        return self.ec2._xml(200, "ModifyInstanceAttributeResponse", "<return>true</return>")

    def become(self, record, kind):
        """Another type, with its memory; only while it is stopped, and never of another architecture."""
        known = instance_types.TYPES.get(kind)
        if not known:
            raise Refused("InvalidParameterValue", f"Invalid value '{kind}' for InstanceType.")
        if known["architecture"] != record["Architecture"]:
            raise Refused("InvalidParameterValue", f"The architecture of '{kind}' is not that of the instance's image")
        if record["State"]["Name"] != "stopped":
            raise incorrect(record)
        record["InstanceType"] = kind
        machine = self.room.machines[record["InstanceId"]]
        machine.spec = dataclasses.replace(machine.spec, type=kind, memory_mib=instance_types.memory_mib(kind))

    def keep_or_delete(self, record, device, goes):
        for mapping in record["BlockDeviceMappings"]:
            if mapping["DeviceName"] == device:
                mapping["Ebs"]["DeleteOnTermination"] = goes
                volume = self.ec2._volumes.get(mapping["Ebs"]["VolumeId"]) or {"Attachments": []}
                for attachment in volume["Attachments"]:
                    attachment["DeleteOnTermination"] = goes


def incorrect(record):
    return Refused("IncorrectInstanceState",
                   f"The instance '{record['InstanceId']}' is {record['State']['Name']}, from where it can't do that")
