"""The switches of faults.py and the machines that are records, on an emulator of its own: no local cloud has to be up."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError
from conftest import HERE

ACCOUNT = "300000000001"
TRUST = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]}'
ALL = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'


class Emulator:
    def __init__(self, url):
        self.url = url
        owner = self.client("iam", {"aws_access_key_id": ACCOUNT, "aws_secret_access_key": "test"})
        role = owner.create_role(RoleName="anything", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
        owner.put_role_policy(RoleName="anything", PolicyName="all", PolicyDocument=ALL)
        self.role = role
        self.session = self.session_named("test")

    def session_named(self, name):
        sts = self.client("sts", {"aws_access_key_id": "test", "aws_secret_access_key": "test"})
        session = sts.assume_role(RoleArn=self.role, RoleSessionName=name)["Credentials"]
        return {"aws_access_key_id": session["AccessKeyId"], "aws_secret_access_key": session["SecretAccessKey"],
                "aws_session_token": session["SessionToken"]}

    def client(self, service, keys=None):
        once = Config(retries={"total_max_attempts": 1})
        return boto3.client(service, endpoint_url=self.url, region_name="ca-central-1", config=once, **(keys or self.session))

    def control(self, method, body=None, more=""):
        url = f"{self.url}/_cloudsail/faults/{ACCOUNT}{more}"
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(urllib.request.Request(url, data, method=method), timeout=10) as answer:
            return json.load(answer)


@pytest.fixture(scope="module")
def emulator(tmp_path_factory):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    code = f"import sys; sys.path.append({str(HERE.parent)!r}); from local_cloud.emulator import alone; alone()"
    names = {"CLOUDSAIL_LOCAL": str(tmp_path_factory.mktemp("emulator")), "CLOUDSAIL_EMULATOR_PORT": str(port)}
    server = subprocess.Popen([sys.executable, "-c", code], env=os.environ | names, stdout=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{url}/_ministack/health", timeout=1)
                break
            except OSError:
                time.sleep(0.1)
        yield Emulator(url)
    finally:
        server.kill()
        server.wait()


def code(call):
    with pytest.raises(ClientError) as refused:
        call()
    return refused.value.response["Error"]["Code"], refused.value.response["ResponseMetadata"]["HTTPStatusCode"]



def launch(emulator):
    ec2 = emulator.client("ec2")
    image = ec2.describe_images(Owners=["136693071363"])["Images"][0]["ImageId"]
    made = ec2.run_instances(ImageId=image, InstanceType="t3.medium", MinCount=1, MaxCount=1)
    return made["Instances"][0]["InstanceId"]


def test_each_service_refuses_in_its_own_words(emulator):
    looks = {"ec2": "describe_volumes", "iam": "list_roles", "secretsmanager": "list_secrets"}
    expected = {"ec2": ("RequestLimitExceeded", 503), "iam": ("Throttling", 400), "secretsmanager": ("ThrottlingException", 400)}
    for service, look in looks.items():
        emulator.control("POST", [{"fault": "throttle"}, {"fault": "500", "at": 2}])
        call = getattr(emulator.client(service), look)
        assert code(call) == expected[service]
        assert code(call)[1] == 500
        assert call()["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_the_named_call_meets_the_code_as_often_as_asked(emulator):
    emulator.control("POST", [{"fault": "error", "call": "ec2:RunInstances", "code": "VcpuLimitExceeded", "at": 1, "times": 2}])
    assert [code(lambda: launch(emulator)) for _ in range(2)] == [("VcpuLimitExceeded", 400)] * 2
    assert launch(emulator)
    seen = emulator.control("GET")
    assert [met["call"] for met in seen["met"]] == ["ec2:RunInstances"] * 2
    assert seen["calls"].count("ec2:DescribeImages") == 3


def test_of_many_who_call_only_the_named_session_meets_it(emulator):
    emulator.control("POST", [{"fault": "500", "session": "dep_*", "at": 2, "times": 0}])
    named = emulator.client("ec2", emulator.session_named("dep_1"))  # taking the role on is its first call
    assert all(emulator.client("ec2").describe_volumes()["ResponseMetadata"]["HTTPStatusCode"] == 200 for _ in range(3))
    assert code(named.describe_volumes)[1] == 500
    assert [met["number"] for met in emulator.control("GET")["met"]] == [5]


@pytest.mark.parametrize(("moment", "there"), [("before", 0), ("after", 1)])
def test_a_connection_closes_before_the_effect_or_after_it(emulator, moment, there):
    secrets, name = emulator.client("secretsmanager"), f"dropped-{moment}"
    emulator.control("POST", [{"fault": "drop", "moment": moment}])
    with pytest.raises(ConnectionClosedError):
        secrets.create_secret(Name=name, SecretString="x")
    assert sum(secret["Name"] == name for secret in secrets.list_secrets()["SecretList"]) == there


def test_what_was_made_late_is_seen_by_later_reads(emulator):
    emulator.control("POST", [{"fault": "late", "call": "ec2:Create*", "reads": 2}])
    ec2 = emulator.client("ec2")
    volume = ec2.create_volume(AvailabilityZone="ca-central-1a", Size=1)["VolumeId"]
    for _ in range(2):
        assert code(lambda: ec2.describe_volumes(VolumeIds=[volume])) == ("InvalidVolume.NotFound", 400)
    assert ec2.describe_volumes(VolumeIds=[volume])["Volumes"][0]["VolumeId"] == volume


def test_a_held_call_is_told_of(emulator):
    emulator.control("POST", [{"fault": "hold", "moment": "after"}])
    impatient = Config(read_timeout=1, retries={"total_max_attempts": 1})
    ec2 = boto3.client("ec2", endpoint_url=emulator.url, region_name="ca-central-1", config=impatient, **emulator.session)
    with pytest.raises(Exception, match="timeout"):
        ec2.describe_volumes()
    assert emulator.control("GET", more="/held/1") == {}
    with pytest.raises(urllib.error.HTTPError, match="400"):
        emulator.control("POST", [{"wrong": 1}])
    emulator.control("DELETE")


def test_machines_that_are_records_pass_through_their_states_as_calls_go_by(emulator):
    machine = launch(emulator)
    ec2, ssm = emulator.client("ec2"), emulator.client("ssm")

    def state_of():
        return ec2.describe_instances(InstanceIds=[machine])["Reservations"][0]["Instances"][0]["State"]["Name"]

    assert [state_of() for _ in range(2)] == ["pending", "running"]
    assert not ssm.describe_instance_information()["InstanceInformationList"] or state_of() == "running"
    answers = []
    for _ in range(2):
        sent = ssm.send_command(InstanceIds=[machine], DocumentName="AWS-RunShellScript", Parameters={"commands": ["true"]})
        asked = {"CommandId": sent["Command"]["CommandId"], "InstanceId": machine}
        assert ssm.get_command_invocation(**asked)["Status"] == "Pending"
        answers.append(json.loads(ssm.get_command_invocation(**asked)["StandardOutputContent"])["state"])
    assert answers == ["booting", "ready"]
    ec2.stop_instances(InstanceIds=[machine])
    assert [state_of() for _ in range(2)] == ["stopping", "stopped"]
    ec2.modify_instance_attribute(InstanceId=machine, InstanceType={"Value": "t3.large"})
    ec2.start_instances(InstanceIds=[machine])
    assert [state_of() for _ in range(2)] == ["pending", "running"]
    ec2.terminate_instances(InstanceIds=[machine])
    assert [state_of() for _ in range(2)] == ["shutting-down", "terminated"]


def test_of_many_machines_each_is_found_that_takes_commands(emulator):
    ssm = emulator.client("ssm")
    machines = [launch(emulator) for _ in range(12)]

    def managed(machine):
        asked = [{"Key": "InstanceIds", "Values": [machine]}]
        return [one["InstanceId"] for one in ssm.describe_instance_information(Filters=asked)["InstanceInformationList"]]

    for _ in range(3):
        ssm.describe_instance_information()
    assert [managed(machine) for machine in machines] == [[machine] for machine in machines]
