"""CreateVolume with its token, attaching to machines that run, detaching, growing and deleting."""

import secrets
import threading

from . import volumes
from .requests_ec2 import Refused, digest, found_by_token, numbered, one

LARGEST_GIB = 16384
CREATING_SECONDS = 0.5
MODIFYING_SECONDS = 1.0
CHANGED = ("Size", "Iops", "Throughput")


def handlers(room, ec2):
    made = Volumes(room, ec2)
    return {
        "CreateVolume": made.create,
        "AttachVolume": made.attach,
        "DetachVolume": made.detach,
        "DeleteVolume": made.delete,
        "ModifyVolume": made.modify,
        "DescribeVolumesModifications": made.modifications,
    }


class Volumes:
    """The handlers. A volume passes through `creating`, `attaching` and `detaching` as a real one does."""

    def __init__(self, room, ec2):
        self.room, self.ec2 = room, ec2
        self.lock = threading.Lock()

    def volume(self, parameters):
        volume_id = one(parameters, "VolumeId")
        volume = self.ec2._volumes.get(volume_id)
        if not volume:
            raise Refused("InvalidVolume.NotFound", f"The volume '{volume_id}' does not exist.")
        return volume

    def create(self, parameters):
        size, zone, token = one(parameters, "Size"), one(parameters, "AvailabilityZone"), one(parameters, "ClientToken")
        if not zone:
            raise Refused("MissingParameter", "The request must contain the parameter AvailabilityZone")
        if zone not in {subnet["AvailabilityZone"] for subnet in self.ec2._subnets.values()}:
            raise Refused("InvalidZone.NotFound", f"The zone '{zone}' does not exist.")
        if not size.isdigit() or not 1 <= int(size) <= LARGEST_GIB:
            raise Refused("InvalidParameterValue", f"Volume of {size or 'no'}GiB is invalid")
        with self.lock:
            made = found_by_token(list(self.ec2._volumes.values()), token, digest(parameters))
            volume = made[0] if made else self.make(parameters, zone, int(size), token)
        return self.ec2._xml(200, "CreateVolumeResponse", self.ec2._volume_inner_xml(volume))

    def make(self, parameters, zone, size, token):
        volume_id, kind = "vol-" + secrets.token_hex(9)[:17], one(parameters, "VolumeType", "gp2")
        volume = self.ec2._volumes[volume_id] = {
            "VolumeId": volume_id, "Size": size, "AvailabilityZone": zone, "State": "creating", "VolumeType": kind,
            "SnapshotId": one(parameters, "SnapshotId"), "Iops": int(one(parameters, "Iops", "3000")),
            "Encrypted": one(parameters, "Encrypted").lower() == "true", "CreateTime": self.ec2._now_ts(),
            "Attachments": [], "MultiAttachEnabled": False, "Throughput": int(one(parameters, "Throughput", "125")),
            "_client_token": token, "_request_digest": digest(parameters),
        }
        self.ec2._parse_tag_specs(parameters, "volume", volume_id)
        self.room.after(CREATING_SECONDS, self.become_available, volume)
        return volume

    def become_available(self, volume):
        volume["State"] = "available"

    def attach(self, parameters):
        volume, machine_id = self.volume(parameters), one(parameters, "InstanceId")
        record, device = self.ec2._instances.get(machine_id), one(parameters, "Device", "/dev/sdf")
        if not record:
            raise Refused("InvalidInstanceID.NotFound", f"The instance ID '{machine_id}' does not exist")
        if volume["Attachments"]:
            raise Refused("VolumeInUse", f"{volume['VolumeId']} is already attached to an instance")
        if volume["State"] != "available":
            raise Refused("IncorrectState", f"Volume '{volume['VolumeId']}' is not 'available'.")
        if record["State"]["Name"] not in ("running", "stopped"):
            raise Refused("IncorrectState", f"Instance '{machine_id}' is not 'running'.")
        if volume["AvailabilityZone"] != record["Placement"]["AvailabilityZone"]:
            raise Refused("InvalidVolume.ZoneMismatch", f"The volume '{volume['VolumeId']}' is in another zone than the instance")
        if any(mapping["DeviceName"] == device for mapping in record["BlockDeviceMappings"]):
            raise Refused("InvalidParameterValue", f"Invalid value '{device}' for unixDevice: it is already in use")
        now = self.ec2._now_ts()
        attachment = {"VolumeId": volume["VolumeId"], "InstanceId": machine_id, "Device": device, "State": "attaching",
                      "AttachTime": now, "DeleteOnTermination": False}
        volume["Attachments"], volume["State"] = [attachment], "in-use"
        record["BlockDeviceMappings"].append({"DeviceName": device, "Ebs": {
            "VolumeId": volume["VolumeId"], "Status": "attaching", "AttachTime": now, "DeleteOnTermination": False}})
        self.room.in_background(self.plug, volume, attachment, record)
        return self.ec2._xml(200, "AttachVolumeResponse", fields(attachment))

    def plug(self, volume, attachment, record):
        machine = self.room.machines[record["InstanceId"]]
        machine.attach(volume["VolumeId"], volume["Size"])
        attachment["State"] = "attached"
        for mapping in record["BlockDeviceMappings"]:
            if mapping["Ebs"]["VolumeId"] == volume["VolumeId"]:
                mapping["Ebs"]["Status"] = "attached"

    def detach(self, parameters):
        volume = self.volume(parameters)
        if not volume["Attachments"]:
            raise Refused("IncorrectState", f"Volume '{volume['VolumeId']}' is in the 'available' state.")
        attachment = volume["Attachments"][0]
        record = self.ec2._instances.get(attachment["InstanceId"])
        if record and attachment["Device"] == record["RootDeviceName"] and record["State"]["Name"] != "stopped":
            raise Refused("OperationNotPermitted", "Unable to detach the root volume from a running instance.")
        if attachment["State"] == "detaching":
            raise Refused("IncorrectState", f"Volume '{volume['VolumeId']}' is being detached already.")
        attachment["State"] = "detaching"
        self.room.in_background(self.unplug, volume, record)
        return self.ec2._xml(200, "DetachVolumeResponse", fields(attachment))

    def unplug(self, volume, record):
        if record:
            record["BlockDeviceMappings"] = [
                mapping for mapping in record["BlockDeviceMappings"] if mapping["Ebs"]["VolumeId"] != volume["VolumeId"]
            ]
            machine = self.room.machines.get(record["InstanceId"])
            if machine:
                machine.detach(volume["VolumeId"])
        volume["Attachments"], volume["State"] = [], "available"

    def delete(self, parameters):
        volume = self.volume(parameters)
        if volume["Attachments"]:
            holder = volume["Attachments"][0]["InstanceId"]
            raise Refused("VolumeInUse", f"Volume {volume['VolumeId']} is currently attached to {holder}")
        volumes.delete(volume["VolumeId"])
        self.ec2._volumes.pop(volume["VolumeId"], None)
        self.ec2._tags.pop(volume["VolumeId"], None)
        return self.ec2._xml(200, "DeleteVolumeResponse", "<return>true</return>")

    def modify(self, parameters):
        """The new size and speed at once, as AWS tells them; the device follows, and until then nothing else can be asked for."""
        volume = self.volume(parameters)
        now = {name: volume[name] for name in CHANGED}
        wanted = {name: int(one(parameters, name) or now[name]) for name in CHANGED}
        if self.modification_state(volume) != "completed":
            raise Refused("IncorrectModificationState", f"Volume {volume['VolumeId']} is still being modified")
        if wanted["Size"] < now["Size"]:
            raise Refused("InvalidParameterValue", "New size cannot be smaller than existing size")
        volume.update(wanted, _modified=self.room.now(), _before=now)
        self.room.after(MODIFYING_SECONDS, self.grow, volume)
        return self.ec2._xml(200, "ModifyVolumeResponse", f"<volumeModification>{self.modification(volume)}</volumeModification>")

    def grow(self, volume):
        volumes.grow(volume["VolumeId"], volume["Size"])

    def modifications(self, parameters):
        asked = numbered(parameters, "VolumeId")
        known = [volume for volume in self.ec2._volumes.values() if "_modified" in volume]
        found = [volume for volume in known if not asked or volume["VolumeId"] in asked]
        if asked and not found:
            raise Refused("InvalidVolumeModification.NotFound", f"Modification for volume '{asked[0]}' does not exist.")
        items = "".join(f"<item>{self.modification(volume)}</item>" for volume in found)
        return self.ec2._xml(200, "DescribeVolumesModificationsResponse", f"<volumeModificationSet>{items}</volumeModificationSet>")

    def modification_state(self, volume):
        """On AWS `optimizing` takes hours; here it is as short as `modifying`."""
        since = self.room.now() - volume["_modified"] if "_modified" in volume else 2 * MODIFYING_SECONDS
        if since < MODIFYING_SECONDS:
            return "modifying"
        return "optimizing" if since < 2 * MODIFYING_SECONDS else "completed"

    def modification(self, volume):
        before, state = volume["_before"], self.modification_state(volume)
        sizes = "".join(f"<original{name}>{before[name]}</original{name}><target{name}>{volume[name]}</target{name}>" for name in CHANGED)
        return f"<volumeId>{volume['VolumeId']}</volumeId><modificationState>{state}</modificationState>{sizes}"


def fields(attachment):
    return (
        f"<volumeId>{attachment['VolumeId']}</volumeId><instanceId>{attachment['InstanceId']}</instanceId>"
        f"<device>{attachment['Device']}</device><status>{attachment['State']}</status>"
        f"<attachTime>{attachment['AttachTime']}</attachTime>"
        f"<deleteOnTermination>{str(attachment['DeleteOnTermination']).lower()}</deleteOnTermination>"
    )
