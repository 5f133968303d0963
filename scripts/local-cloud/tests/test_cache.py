"""ElastiCache's stand-in lets in the one user of the real one; the emulator knows how that user signs in. Needs no running cloud."""

import json
import socket
import subprocess

import pytest

from local_cloud import redis, settings


@pytest.fixture
def said(tmp_path, monkeypatch):
    """What the stand-in answers to a client that signs in with these words."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for name, value in {"REDIS_PORT": port, "LOCAL": tmp_path, "RUN": tmp_path / "run", "LOG": tmp_path / "log"}.items():
        monkeypatch.setattr(settings, name, value)
    redis.start()
    command = ["redis-cli", "-p", str(port), "--no-auth-warning"]
    yield lambda signs_in, *words: subprocess.run([*command, *signs_in, *words], capture_output=True, text=True, timeout=10).stdout
    redis.server().stop()


def test_who_does_not_sign_in_gets_nothing(said):
    for signs_in in ([], ["--user", "stranger", "--pass", "token"], ["--user", "default", "--pass", "token"]):
        assert said(signs_in, "GET", "catalogue:1").startswith("NOAUTH"), signs_in


def test_who_signs_in_gets_the_functions_keys_alone(said):
    functions = ["--user", settings.CACHE_USER, "--pass", "token"]
    assert said(functions, "SET", "catalogue:1", "{}") == "OK\n" and said(functions, "GET", "catalogue:1") == "{}\n"
    assert said(functions, "GET", "other").startswith("NOPERM") and said(functions, "FLUSHALL").startswith("NOPERM")


USERS = """
import json, sys
sys.path[:0] = [{copy!r}]
from ministack.services import elasticache
def user(name):
    words = {{"UserId": "functions", "UserName": name, "Engine": "valkey", "AccessString": "on ~a:* -@all +get", "AuthenticationMode.Type": "iam"}}
    return elasticache._create_user(words)
refused, made = user("other"), user("functions")
print(json.dumps([refused[0], made[0], made[2].decode()]))
"""


def test_a_user_that_signs_in_by_iam_has_no_password_and_its_id_for_a_name(tmp_path, emulator_copy):
    code = USERS.format(copy=str(emulator_copy))
    run = subprocess.run([settings.VENV / "bin/python", "-c", code], capture_output=True, text=True, cwd=tmp_path, timeout=60)
    assert run.returncode == 0, run.stderr[-2000:]
    refused, made, answer = json.loads(run.stdout.splitlines()[-1])
    assert (refused, made) == (400, 200)
    assert "<Authentication><Type>iam</Type><PasswordCount>0</PasswordCount></Authentication>" in answer
