"""Reading EC2 requests: the parameters of a launch in one place, the ways in which one is wrong, and tokens."""

import base64
import binascii
import dataclasses
import hashlib
import json

from . import images, instance_types

LARGEST_USER_DATA = 16384
UNCOUNTED = {"Action", "Version", "ClientToken", "DryRun"}
EBS_FIELDS = ("VolumeSize", "VolumeType", "Iops", "Throughput", "Encrypted", "DeleteOnTermination", "KmsKeyId")


class Refused(Exception):
    """An error of the EC2 API."""

    def __init__(self, code, message, status=400):
        super().__init__(message)
        self.code, self.message, self.status = code, message, status


@dataclasses.dataclass
class Launch:
    image: str
    type: str
    subnet: dict
    groups: list
    address: str
    public: bool
    profile: dict | None
    user_data: str
    key_name: str
    token: str
    digest: str
    metadata: dict
    mappings: dict  # device name -> EBS fields
    count: int


def one(parameters, key, default=""):
    value = parameters.get(key, default)
    return value[0] if isinstance(value, list) and value else value or default


def numbered(parameters, prefix):
    values, number = [], 1
    while value := one(parameters, f"{prefix}.{number}"):
        values.append(value)
        number += 1
    return values


def digest(parameters):
    """What a token stands for: all of the request but the token."""
    counted = sorted((key, one(parameters, key)) for key in parameters if key not in UNCOUNTED)
    return hashlib.sha256(json.dumps(counted).encode()).hexdigest()


def is_dry_run(parameters):
    return one(parameters, "DryRun").lower() == "true"


def found_by_token(records, token, wanted):
    """What an earlier request with the same token made. The same token for something else is an error."""
    if not token:
        return []
    found = [record for record in records if record.get("_client_token") == token]
    if found and found[0].get("_request_digest") != wanted:
        raise Refused("IdempotentParameterMismatch",
                      "The client token you have provided is associated with a resource of other parameters than this request's.")
    return found


def block_devices(parameters):
    mappings, number = {}, 1
    while device := one(parameters, f"BlockDeviceMapping.{number}.DeviceName"):
        prefix = f"BlockDeviceMapping.{number}.Ebs."
        mappings[device] = {field: value for field in EBS_FIELDS if (value := one(parameters, prefix + field))}
        number += 1
    return mappings


def read_launch(ec2, parameters):
    """A launch as asked for, checked against what there is, with the API's own errors."""
    face = "NetworkInterface.1." if one(parameters, "NetworkInterface.1.DeviceIndex") else ""
    image = one(parameters, "ImageId")
    if not images.by_ami(image):
        raise Refused("InvalidAMIID.NotFound", f"The image id '[{image}]' does not exist")
    kind = one(parameters, "InstanceType", "t3.micro")
    if kind not in instance_types.TYPES:
        raise Refused("InvalidParameterValue", f"Invalid value '{kind}' for InstanceType.")
    architecture = instance_types.TYPES[kind]["architecture"]
    if architecture != images.ARCHITECTURE:
        raise Refused("InvalidParameterValue", f"The architecture '{architecture}' of the specified instance type does not match "
                      f"the architecture '{images.ARCHITECTURE}' of the specified AMI.")
    wished = one(parameters, f"{face}SubnetId") or one(parameters, "SubnetId") or default_subnet(ec2)
    subnet = ec2._subnets.get(wished)
    if not subnet:
        raise Refused("InvalidSubnetID.NotFound", f"The subnet ID '{wished}' does not exist")
    groups = numbered(parameters, f"{face}SecurityGroupId") or numbered(parameters, "SecurityGroupId")
    user_data = one(parameters, "UserData")
    public = one(parameters, f"{face}AssociatePublicIpAddress")
    return Launch(
        image=image, type=kind, subnet=subnet, groups=check_groups(ec2, groups, subnet["VpcId"]),
        address=one(parameters, f"{face}PrivateIpAddress") or one(parameters, "PrivateIpAddress"),
        public=public == "true" if public else bool(subnet.get("MapPublicIpOnLaunch")),
        profile=profile(ec2, parameters), user_data=check_user_data(user_data), key_name=one(parameters, "KeyName"),
        token=one(parameters, "ClientToken"), digest=digest(parameters), mappings=block_devices(parameters),
        metadata={key[16:]: one(parameters, key) for key in parameters if key.startswith("MetadataOptions.")},
        count=check_count(parameters),
    )


def check_count(parameters):
    fewest, most = (int(one(parameters, key, "1")) for key in ("MinCount", "MaxCount"))
    if not 1 <= fewest <= most:
        raise Refused("InvalidParameterValue", f"MinCount {fewest} and MaxCount {most} are not a range")
    return most


def default_subnet(ec2):
    vpc = next((vpc["VpcId"] for vpc in ec2._vpcs.values() if vpc.get("IsDefault")), None)
    found = [s["SubnetId"] for s in ec2._subnets.values() if s["VpcId"] == vpc and s.get("DefaultForAz")]
    if not found:
        raise Refused("MissingInput", "No subnets found for the default VPC. Please specify a subnet.")
    return min(found)


def check_groups(ec2, groups, vpc):
    if not groups:
        groups = [g["GroupId"] for g in ec2._security_groups.values() if g["VpcId"] == vpc and g["GroupName"] == "default"]
    for group in groups:
        record = ec2._security_groups.get(group)
        if not record:
            raise Refused("InvalidGroup.NotFound", f"The security group '{group}' does not exist")
        if record["VpcId"] != vpc:
            raise Refused("InvalidParameter", f"Security group {group} and the subnet belong to different networks.")
    return groups


def check_user_data(text):
    try:
        size = len(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError):
        raise Refused("InvalidUserData.Malformed", "Invalid BASE64 encoding of user data.") from None
    if size > LARGEST_USER_DATA:
        raise Refused("InvalidParameterValue", "User data is limited to 16384 bytes")
    return text


def profile(ec2, parameters):
    arn, name = one(parameters, "IamInstanceProfile.Arn"), one(parameters, "IamInstanceProfile.Name")
    if not arn and not name:
        return None
    found, error = ec2._resolve_iam_instance_profile(iam_arn=arn, iam_name=name)
    if error:
        raise Refused("InvalidParameterValue", f"Value ({name or arn}) for parameter iamInstanceProfile is invalid. "
                      "Invalid IAM Instance Profile name")
    return found
