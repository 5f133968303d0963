"""What IAM checks for a call, as AWS's service authorization reference lists it: every resource, with its condition keys.

ministack checks one resource per EC2 call and knows neither the path of an IAM role nor the tags of an EC2 resource, so a
least-privilege policy that AWS accepts is refused here, and one that AWS refuses may be accepted. This module answers, for
the calls that need more, the list of (action, ARN, condition keys) to check; all of them have to be allowed.
"""
from ministack.core.iam_actions import _query_param, _safe_json_field

_TYPES = {"i": "instance", "vol": "volume", "sg": "security-group", "subnet": "subnet", "vpc": "vpc", "ami": "image"}


def _members(params, prefix):
    found, number = [], 1
    while value := _query_param(params, f"{prefix}.{number}"):
        found.append(value)
        number += 1
    return found


def _request_tags(params, resource_type):
    """Tags that TagSpecification.N gives to resources of this type."""
    tags, n = {}, 1
    while kind := _query_param(params, f"TagSpecification.{n}.ResourceType"):
        m = 1
        while key := _query_param(params, f"TagSpecification.{n}.Tag.{m}.Key"):
            if kind == resource_type:
                tags[key] = _query_param(params, f"TagSpecification.{n}.Tag.{m}.Value")
            m += 1
        n += 1
    return tags


def _keys(prefix, tags):
    return {f"{prefix}/{key}".lower(): value for key, value in tags.items()}


def _stored_tags(resource_id):
    from ministack.services import ec2

    return {tag["Key"]: tag["Value"] for tag in ec2._tags.get(resource_id) or []}


class _Ec2:
    def __init__(self, action, params, region, account):
        self.action, self.params, self.region, self.account = action, params, region, account

    def arn(self, kind, name):
        account = "" if kind == "image" else self.account
        return f"arn:aws:ec2:{self.region}:{account}:{kind}/{name}"

    def existing(self, resource_id, extra=None):
        kind = _TYPES.get(resource_id.rsplit("-", 1)[0], "*")
        keys = {**_keys("aws:resourcetag", _stored_tags(resource_id)), **(extra or {})}
        return (f"ec2:{self.action}", self.arn(kind, resource_id), keys)

    def created(self, kind, extra=None):
        """The new resource, and the right to tag it in the same call."""
        tags = _request_tags(self.params, kind)
        keys = {**_keys("aws:requesttag", tags), **(extra or {})}
        if tags:
            keys["aws:tagkeys"] = list(tags)
        checks = [(f"ec2:{self.action}", self.arn(kind, "*"), keys)]
        if tags:
            checks.append(("ec2:CreateTags", self.arn(kind, "*"), {**keys, "ec2:createaction": self.action}))
        return checks

    def checks(self):
        one = lambda name: _query_param(self.params, name)  # noqa: E731
        match self.action:
            case "CreateVolume":
                return self.created("volume")
            case "CreateSecurityGroup":
                vpc = [self.existing(one("VpcId"))] if one("VpcId") else []
                return self.created("security-group") + vpc
            case ("AuthorizeSecurityGroupIngress" | "RevokeSecurityGroupIngress" | "AuthorizeSecurityGroupEgress"
                  | "RevokeSecurityGroupEgress" | "DeleteSecurityGroup") if one("GroupId"):
                return [self.existing(one("GroupId"))]
            case "DeleteVolume" | "ModifyVolume":
                return [self.existing(one("VolumeId"))]
            case "AttachVolume" | "DetachVolume":
                return [self.existing(name) for name in (one("VolumeId"), one("InstanceId")) if name]
            case "ModifyInstanceAttribute":
                return [self.existing(one("InstanceId"), {"ec2:attribute": "InstanceType"} if one("InstanceType.Value") else None)]
            case "TerminateInstances" | "StartInstances" | "StopInstances" | "RebootInstances":
                return [self.existing(name) for name in _members(self.params, "InstanceId")]
            case "CreateTags" | "DeleteTags":
                tags, n = {}, 1
                while key := one(f"Tag.{n}.Key"):
                    tags[key] = one(f"Tag.{n}.Value")
                    n += 1
                keys = {**_keys("aws:requesttag", tags), "aws:tagkeys": list(tags)}
                return [self.existing(name, keys) for name in _members(self.params, "ResourceId")]
            case "RunInstances":
                return self.run()
        return []

    def run(self):
        one = lambda name: _query_param(self.params, name)  # noqa: E731
        tokens = {"ec2:metadatahttptokens": one("MetadataOptions.HttpTokens") or "optional"}
        checks = self.created("instance", tokens) + self.created("volume") + self.created("network-interface")
        subnet = one("SubnetId") or one("NetworkInterface.1.SubnetId")
        groups = _members(self.params, "SecurityGroupId") + _members(self.params, "NetworkInterface.1.SecurityGroupId")
        checks += [self.existing(name) for name in [one("ImageId"), subnet, *groups] if name]
        return checks + _passed_role(one("IamInstanceProfile.Name"), one("IamInstanceProfile.Arn"))


def _passed_role(profile_name, profile_arn):
    """iam:PassRole on the role that a profile hands to EC2."""
    from ministack.services import iam

    name = profile_name or (profile_arn or "").rsplit("/", 1)[-1]
    profile = iam._instance_profiles.get(name) or {}
    roles = [iam._roles.get(role if isinstance(role, str) else role.get("RoleName")) for role in profile.get("Roles") or []]
    return [("iam:PassRole", role["Arn"], {"iam:passedtoservice": "ec2.amazonaws.com"}) for role in roles if role]


def _iam(action, params, account):
    """The ARN with its path, the boundary and the policy that a call attaches; tags on create are a right of their own."""
    if action == "SimulatePrincipalPolicy":
        return [("iam:SimulatePrincipalPolicy", _query_param(params, "PolicySourceArn"), {})]
    from ministack.services import iam

    path = _query_param(params, "Path") or "/"
    profile_name, role_name = _query_param(params, "InstanceProfileName"), _query_param(params, "RoleName")
    if profile_name:
        known = iam._instance_profiles.get(profile_name) or {}
        arn = known.get("Arn") or f"arn:aws:iam::{account}:instance-profile{path}{profile_name}"
        checks = [(f"iam:{action}", arn, {})]
        if action == "CreateInstanceProfile" and _query_param(params, "Tags.member.1.Key"):
            checks.append(("iam:TagInstanceProfile", arn, {}))
        role = iam._roles.get(role_name) if action == "AddRoleToInstanceProfile" else None
        if role:
            checks.append(("iam:PassRole", role["Arn"], {"iam:passedtoservice": "ec2.amazonaws.com"}))
        return checks
    if role_name:
        known = {} if action == "CreateRole" else iam._roles.get(role_name) or {}
        arn = known.get("Arn") or f"arn:aws:iam::{account}:role{path}{role_name}"
        keys = _keys("aws:resourcetag", {tag["Key"]: tag["Value"] for tag in known.get("Tags") or []})
        boundary = _query_param(params, "PermissionsBoundary") or known.get("PermissionsBoundary")
        if boundary:
            keys["iam:permissionsboundary"] = boundary
        if _query_param(params, "PolicyArn"):
            keys["iam:policyarn"] = _query_param(params, "PolicyArn")
        checks = [(f"iam:{action}", arn, keys)]
        if action == "CreateRole" and _query_param(params, "Tags.member.1.Key"):
            checks.append(("iam:TagRole", arn, keys))
        return checks
    return []


def _send_command(body, region, account):
    import json

    try:
        data = json.loads(body or b"{}")
    except ValueError:
        return []
    document = _safe_json_field(body, "DocumentName")
    owner = "" if document.startswith("AWS-") else account
    checks = [("ssm:SendCommand", f"arn:aws:ssm:{region}:{owner}:document/{document}", {})]
    for instance in data.get("InstanceIds") or []:
        tags = _stored_tags(instance)
        keys = {**_keys("aws:resourcetag", tags), **_keys("ssm:resourcetag", tags)}
        checks.append(("ssm:SendCommand", f"arn:aws:ec2:{region}:{account}:instance/{instance}", keys))
    return checks


def request_checks(service, iam_action, resource_arn, params, body, region, account):
    """All (action, ARN, condition keys) that a call has to be allowed; the plain check where nothing more is known."""
    action = iam_action.split(":", 1)[-1]
    checks = []
    if service == "ec2":
        checks = _Ec2(action, params, region, account).checks()
    elif service == "iam":
        checks = _iam(action, params, account)
    elif service == "ssm" and action == "SendCommand":
        checks = _send_command(body, region, account)
    elif service == "secretsmanager" and action == "CreateSecret":
        checks = [(iam_action, resource_arn, {}), ("secretsmanager:TagResource", resource_arn, {})]
        if b'"Tags"' not in (body or b""):
            checks.pop()
    return checks or [(iam_action, resource_arn, {})]
