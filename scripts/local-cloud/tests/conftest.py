"""Shared by the tests. The live ones need a local cloud that is up: they skip, and say so, where it is not."""

import os
import pathlib
import sys
import time

import pytest

HERE = pathlib.Path(__file__).parent
sys.path.append(str(HERE.parent))

from local_cloud import dev, fixes, settings  # noqa: E402


@pytest.fixture(scope="session")
def cloud():
    if not dev.healthy():
        pytest.skip("the local cloud is down: `./scripts/dev up --no-platform` first")
    return Clients


class Clients:
    """boto3 clients of an account, or of a role's session."""

    def __init__(self, account=settings.CUSTOMER_ACCOUNT, session=None):
        key = "test" if account == settings.CONTROL_ACCOUNT else account
        self.credentials = session or {"AccessKeyId": key, "SecretAccessKey": "test"}

    def __getattr__(self, service):
        import boto3

        made = boto3.client(
            service, endpoint_url=settings.EMULATOR_URL, region_name=settings.REGION,
            aws_access_key_id=self.credentials["AccessKeyId"], aws_secret_access_key=self.credentials["SecretAccessKey"],
            aws_session_token=self.credentials.get("SessionToken"),
        )
        setattr(self, service, made)
        return made


@pytest.fixture
def emulator_copy(tmp_path):
    """A copy of the emulator with all fixes, of one test's own."""
    package = next(settings.VENV.glob("lib/python3*/site-packages/ministack"), None)
    if not package:
        pytest.skip("the Python environment is not made yet: `./scripts/dev up --no-platform` makes it")
    return fixes.patched_copy(package, tmp_path)


@pytest.fixture
def customer(cloud):
    return cloud(settings.CUSTOMER_ACCOUNT)


@pytest.fixture
def control(cloud):
    return cloud(settings.CONTROL_ACCOUNT)


@pytest.fixture
def unique():
    return f"t{os.getpid()}-{time.time_ns() % 10**9}"


def code_of(call, **arguments):
    """The error code of a call, or None if it worked."""
    from botocore.exceptions import ClientError

    try:
        call(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return None


def until(look, seconds=300):
    """Poll until `look` answers something true, and answer that."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := look():
            return answer
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds} s")
