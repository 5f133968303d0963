"""Machines that boot: what a customer of EC2 would see of one, from launch to termination."""

import json
import subprocess
import time

import pytest
from conftest import Clients, code_of, until

from local_cloud import cgroups, images, network, settings

IMAGE = {image.release: image.ami for image in images.IMAGES}
USER_DATA = "#!/bin/sh\necho \"by $(id -un)\" > /root/user-data\n"
TRUST = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}


class Machine:
    """One instance, its group and its volume, and short ways to ask about them."""

    def __init__(self, customer, name, release):
        self.ec2, self.ssm, self.name = customer.ec2, customer.ssm, name
        self.group = self.ec2.create_security_group(GroupName=name, Description="test")["GroupId"]
        self.allow("203.0.113.0/24")
        zone = f"{settings.REGION}a"
        self.volume = self.ec2.create_volume(AvailabilityZone=zone, Size=1, ClientToken=name, VolumeType="gp3")["VolumeId"]
        self.request = {
            "ImageId": IMAGE[release], "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1, "ClientToken": name,
            "UserData": USER_DATA, "SecurityGroupIds": [self.group], "SubnetId": "subnet-00000001",
            "IamInstanceProfile": {"Name": name}, "MetadataOptions": {"HttpTokens": "required"},
            "TagSpecifications": [{"ResourceType": kind, "Tags": [{"Key": "test", "Value": name}]}
                                  for kind in ("instance", "volume")],
        }
        self.id = self.ec2.run_instances(**self.request)["Instances"][0]["InstanceId"]

    def allow(self, cidr):
        self.ec2.authorize_security_group_ingress(GroupId=self.group, IpPermissions=[
            {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "IpRanges": [{"CidrIp": cidr}]}])

    def facts(self):
        return self.ec2.describe_instances(InstanceIds=[self.id])["Reservations"][0]["Instances"][0]

    def state(self):
        return self.facts()["State"]["Name"]

    def until_managed(self):
        def managed():
            return self.id in [i["InstanceId"] for i in self.ssm.describe_instance_information()["InstanceInformationList"]]

        until(managed)

    def run(self, script):
        command = self.ssm.send_command(
            InstanceIds=[self.id], DocumentName="AWS-RunShellScript", Parameters={"commands": [script]})
        wanted = {"CommandId": command["Command"]["CommandId"], "InstanceId": self.id}

        def ended():
            answer = self.ssm.get_command_invocation(**wanted)
            return answer if answer["Status"] not in ("Pending", "InProgress") else None

        answer = until(ended)
        return answer["ResponseCode"], answer["StandardOutputContent"].strip(), answer["StandardErrorContent"]

    def said(self, script):
        code, out, errors = self.run(script)
        assert code == 0, errors
        return out

    def link(self):
        return f"/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_{self.volume.replace('-', '')}"


@pytest.fixture(scope="module", params=["13", "12"])
def machine(request, cloud):
    customer = cloud()
    name = f"room-{request.param}-{time.time_ns() % 10**9}"
    customer.iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))
    customer.iam.create_instance_profile(InstanceProfileName=name)
    customer.iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=name)
    made = Machine(customer, name, request.param)
    yield made
    made.ec2.terminate_instances(InstanceIds=[made.id])
    until(lambda: made.state() == "terminated")
    assert [v["State"] for v in made.ec2.describe_volumes(VolumeIds=[made.volume])["Volumes"]] == ["available"]
    made.ec2.delete_volume(VolumeId=made.volume)
    made.ec2.delete_security_group(GroupId=made.group)
    customer.iam.remove_role_from_instance_profile(InstanceProfileName=name, RoleName=name)
    customer.iam.delete_instance_profile(InstanceProfileName=name)
    customer.iam.delete_role(RoleName=name)
    assert not (settings.MACHINES / made.id).exists()


def test_it_is_pending_first_and_boots(machine):
    until(lambda: machine.state() == "running")
    machine.until_managed()
    assert machine.said("systemctl is-system-running --wait || systemctl --failed") == "running"


def test_its_user_data_ran_once_as_root(machine):
    assert until(lambda: machine.run("cat /root/user-data")[1]) == "by root"


def test_the_same_token_is_the_same_machine(machine):
    again = machine.ec2.run_instances(**machine.request)["Instances"][0]["InstanceId"]
    assert again == machine.id
    other = {**machine.request, "InstanceType": "t3.small"}
    assert code_of(machine.ec2.run_instances, **other) == "IdempotentParameterMismatch"
    found = machine.ec2.describe_instances(Filters=[{"Name": "client-token", "Values": [machine.name]}])["Reservations"]
    assert [i["InstanceId"] for r in found for i in r["Instances"]] == [machine.id]


def test_a_dry_run_launches_nothing(machine):
    dry = {**machine.request, "ClientToken": machine.name + "-dry", "DryRun": True}
    assert code_of(machine.ec2.run_instances, **dry) == "DryRunOperation"
    found = machine.ec2.describe_instances(Filters=[{"Name": "tag:test", "Values": [machine.name]}])["Reservations"]
    assert len(found) == 1


def test_filters_filter(machine):
    def ids(name, value):
        found = machine.ec2.describe_instances(Filters=[{"Name": name, "Values": [value]}])["Reservations"]
        return [i["InstanceId"] for r in found for i in r["Instances"]]

    assert ids("tag:test", machine.name) == [machine.id]
    assert ids("tag:test", "nobody") == []
    assert machine.id in ids("instance-state-name", "running")
    assert machine.id not in ids("instance-state-name", "stopped")


def test_a_volume_attached_hot_is_found_by_its_id(machine):
    until(lambda: machine.ec2.describe_volumes(VolumeIds=[machine.volume])["Volumes"][0]["State"] == "available")
    machine.ec2.attach_volume(VolumeId=machine.volume, InstanceId=machine.id, Device="/dev/sdf")
    assert code_of(machine.ec2.attach_volume, VolumeId=machine.volume, InstanceId=machine.id, Device="/dev/sdg") == "VolumeInUse"
    until(lambda: machine.run(f"test -b {machine.link()}")[0] == 0)
    machine.said(f"mkfs.ext4 -q {machine.link()} && mkdir /data && mount {machine.link()} /data && echo kept > /data/file && "
                 f"echo UUID=$(blkid -o value -s UUID {machine.link()}) /data ext4 defaults,nofail 0 2 >> /etc/fstab")


def test_its_metadata_needs_a_token_and_gives_its_role(machine):
    assert machine.said("curl -s -o /dev/null -w '%{http_code}' http://169.254.169.254/latest/meta-data/") == "401"
    asked = ("t=$(curl -s -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' http://169.254.169.254/latest/api/token);"
             ' curl -s -H "X-aws-ec2-metadata-token: $t" http://169.254.169.254/latest/')
    assert machine.said(asked + "meta-data/instance-id") == machine.id
    assert machine.said(asked + "meta-data/iam/security-credentials/") == machine.name
    given = json.loads(machine.said(asked + f"meta-data/iam/security-credentials/{machine.name}"))
    assert given["Code"] == "Success"
    inside = Clients(session={**given, "SessionToken": given["Token"]})
    assert inside.sts.get_caller_identity()["Arn"].endswith(f"assumed-role/{machine.name}/{machine.id}")
    assert code_of(inside.ec2.describe_instances) == "UnauthorizedOperation"


def test_it_trusts_the_cloud_s_names_and_reaches_nothing_else_of_the_host(machine):
    url = f"https://secretsmanager.{settings.REGION}.amazonaws.com/"
    assert machine.said(f"curl -s -o /dev/null -w '%{{ssl_verify_result}}' {url}") == "0"
    assert machine.run(f"timeout 2 bash -c 'echo > /dev/tcp/{settings.BRIDGE_ADDRESS}/{settings.POSTGRES_PORT}'")[0] != 0


def test_ssm_answers_the_script_s_own_code_output_and_variables(machine):
    assert machine.run('x=5; echo "${x} $x"; echo no >&2; exit 3')[:2] == (3, "5 5")


def connects(address, port, inside=None):
    command = ["curl", "-s", "-o", "/dev/null", "-m", "2", f"http://{address}:{port}/"]
    return subprocess.run((["ip", "netns", "exec", inside] if inside else []) + command).returncode == 0


def test_its_security_group_holds_and_follows_changes(machine):
    machine.said("for p in 80 5432; do systemd-run --quiet --unit=web-$p python3 -m http.server $p; done")
    facts = machine.facts()
    private, public = facts["PrivateIpAddress"], facts["PublicIpAddress"]
    until(lambda: connects(private, 5432))
    assert connects(public, 5432)
    assert not connects(private, 80)
    assert not connects(private, 5432, settings.OUTSIDE_NETNS)
    machine.allow("198.51.100.0/24")
    assert connects(private, 5432, settings.OUTSIDE_NETNS)
    machine.ec2.revoke_security_group_ingress(GroupId=machine.group, IpPermissions=[
        {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "IpRanges": [{"CidrIp": "198.51.100.0/24"}]}])
    assert not connects(private, 5432, settings.OUTSIDE_NETNS)
    assert code_of(machine.ec2.delete_security_group, GroupId=machine.group) == "DependencyViolation"


def test_its_memory_is_its_type_s(machine):
    assert cgroups.memory_limit("cs" + machine.id[-8:]) == 1 << 30


def test_an_idle_machine_is_idle(machine):
    def seconds():
        return sum(int(line) for line in machine.said("ps -eo cputimes --no-headers").split())

    before = seconds()
    time.sleep(3)
    assert seconds() - before < 2


def test_stop_start_and_reboot_keep_its_disks(machine):
    machine.ec2.reboot_instances(InstanceIds=[machine.id])
    machine.until_managed()
    assert machine.said("cat /data/file") == "kept"
    machine.ec2.stop_instances(InstanceIds=[machine.id])
    assert machine.state() == "stopping"
    until(lambda: machine.state() == "stopped")
    machine.ec2.modify_instance_attribute(InstanceId=machine.id, InstanceType={"Value": "t3.small"})
    machine.ec2.start_instances(InstanceIds=[machine.id])
    until(lambda: machine.state() == "running")
    machine.until_managed()
    assert machine.said("cat /data/file /root/user-data") == "kept\nby root"
    assert cgroups.memory_limit("cs" + machine.id[-8:]) == 2 << 30
    assert code_of(machine.ec2.modify_instance_attribute, InstanceId=machine.id, InstanceType={"Value": "t3.micro"}) == "IncorrectInstanceState"


def test_a_launch_that_asks_for_what_is_not_there_names_it(customer):
    request = {"ImageId": IMAGE["13"], "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1}
    for wrong, code in [
        ({"ImageId": "ami-00000000000000000"}, "InvalidAMIID.NotFound"),
        ({"InstanceType": "t9.huge"}, "InvalidParameterValue"),
        ({"SubnetId": "subnet-0000000000000dead"}, "InvalidSubnetID.NotFound"),
        ({"SecurityGroupIds": ["sg-0000000000000dead"]}, "InvalidGroup.NotFound"),
        ({"IamInstanceProfile": {"Name": "nobody"}}, "InvalidParameterValue"),
        ({"UserData": "x" * 16385}, "InvalidParameterValue"),
    ]:
        assert code_of(customer.ec2.run_instances, **{**request, **wrong}) == code, wrong


def test_packets_of_machines_fit_the_uplink(cloud):
    _, mtu = network.uplink()
    assert int(open(f"/sys/class/net/{settings.BRIDGE}/mtu").read()) == mtu
