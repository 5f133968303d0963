"""The end of a run: what survives `down`, and that `reset` leaves nothing behind even of a cloud that was killed.
Runs last, and only against a cloud that the test script started for the tests.
"""

import os
import pathlib
import signal
import subprocess

import pytest
from conftest import Clients, code_of, until

from local_cloud import cgroups, dev, images, network, postgres, settings

pytestmark = pytest.mark.skipif(not os.environ.get("CLOUDSAIL_THROWAWAY"), reason="this local cloud is somebody's")
LAUNCH = {"ImageId": images.IMAGES[0].ami, "InstanceType": "t3.micro", "MinCount": 1, "MaxCount": 1}


def command(*words):
    done = subprocess.run([settings.ROOT / "scripts/dev", *words], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


def out(*argv):
    return subprocess.run(argv, capture_output=True, text=True).stdout


def state(customer, machine):
    return customer.ec2.describe_instances(InstanceIds=[machine])["Reservations"][0]["Instances"][0]["State"]["Name"]


def test_state_and_machines_survive_down_and_up(cloud):
    customer = cloud()
    machine = customer.ec2.run_instances(**LAUNCH)["Instances"][0]["InstanceId"]
    until(lambda: state(customer, machine) == "running")
    postgres.sql("CREATE TABLE kept AS SELECT 1 AS one")
    command("down")
    assert not any(part.pid() for part in dev.parts())
    assert cgroups.all_processes() == set()
    command("up", "--no-platform")
    customer = Clients()
    until(lambda: state(customer, machine) == "running")
    until(lambda: customer.ssm.describe_instance_information()["InstanceInformationList"])
    assert postgres.sql("SELECT one FROM kept").split() == ["one", "-----", "1", "(1", "row)"]
    customer.ec2.terminate_instances(InstanceIds=[machine])


def test_the_processes_take_less_memory_than_promised():
    used = dev.memory_mb([pid for part in dev.parts() for pid in dev.descendants(part.pid())])
    assert used < 500


def test_the_admin_password_never_reaches_the_statement_log():
    secret = "never-in-the-log-4711"
    postgres.set_admin_password(secret)
    assert secret not in postgres.server().log.read_text()
    url = f"host=localhost port={settings.POSTGRES_PORT} user={postgres.ADMIN} dbname=cloudsail sslmode=verify-full"
    done = subprocess.run(["psql", f"{url} sslrootcert={settings.TLS / 'ca.crt'}", "-Atc", "SELECT current_user"],
                          capture_output=True, text=True, env={**os.environ, "PGPASSWORD": secret})
    assert done.stdout.strip() == postgres.ADMIN, done.stderr
    wrong = subprocess.run(["psql", f"{url} sslrootcert={settings.TLS / 'ca.crt'}", "-c", "SELECT 1"],
                           capture_output=True, env={**os.environ, "PGPASSWORD": "wrong"})
    assert wrong.returncode == 2


def test_reset_after_a_kill_leaves_nothing(cloud):
    customer = cloud()
    made = customer.ec2.run_instances(**LAUNCH, BlockDeviceMappings=[{"DeviceName": "/dev/sdf", "Ebs": {"VolumeSize": 1}}])
    machine = made["Instances"][0]["InstanceId"]
    until(lambda: state(customer, machine) == "running")
    assert code_of(customer.ec2.describe_instances, InstanceIds=[machine]) is None
    pids = [part.pid() for part in dev.parts()]
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    command("reset")
    assert cgroups.all_processes() == set()
    assert not any(group.exists() for group in cgroups.folders())
    assert str(settings.LOCAL) not in out("losetup", "-a")
    assert str(settings.LOCAL) not in pathlib.Path("/proc/self/mounts").read_text()
    assert "cs_room" not in out("nft", "list", "tables")
    links = out("ip", "-brief", "link")
    assert settings.BRIDGE not in links and settings.OUTSIDE_LINK not in links and "vb-cs" not in links
    assert settings.OUTSIDE_NETNS not in out("ip", "netns", "list")
    assert "198.18." not in out("ip", "route")
    assert not postgres.data().exists() and not settings.STATE.exists() and not settings.ENV_FILE.exists()
    for port in (settings.EMULATOR_PORT, settings.POSTGRES_PORT, settings.PROXY_PORT):
        assert not postgres.listening(port)
    assert network.up() is None  # and it can all be made again
    network.down()
