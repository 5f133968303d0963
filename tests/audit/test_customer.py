"""The judging of a customer's account, on lines as the local cloud records them."""

import json
import pathlib

import customer
import documents
import explained
import pytest

ACCOUNT = "222222222222"
# Some decisions of a run; the fixture is the template cut down to the statements behind them.
RECORDED = [json.loads(line) for line in (pathlib.Path(__file__).parent / "recorded_calls.jsonl").read_text(encoding="utf-8").splitlines()]


def statement(sid, action, resource):
    return {"Sid": sid, "Effect": "Allow", "Action": [action], "Resource": [{"Fn::Sub": resource}]}


def role(name, *statements):
    return {"Type": "AWS::IAM::Role", "Properties": {"RoleName": name, "Policies": [{"PolicyDocument": {"Statement": list(statements)}}]}}


@pytest.fixture
def roles(tmp_path):
    ec2 = "arn:${AWS::Partition}:ec2:*:${AWS::AccountId}:"
    secret = "arn:${AWS::Partition}:secretsmanager:*:${AWS::AccountId}:secret:cloudsail/*"
    template = {"Resources": {
        "Access": role("CloudsailAccess-LINK", statement("AttachVolume", "ec2:AttachVolume", ec2 + "volume/*"),
                       statement("EndMachine", "ec2:TerminateInstances", ec2 + "instance/*")),
        "Monitor": role("CloudsailMonitor-LINK", statement("Look", "ec2:DescribeImages", "*")),
        "Boundary": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": {"Statement": [statement("Secrets", "secretsmanager:GetSecretValue", secret)]}}},
    }}
    file = tmp_path / "template.json"
    file.write_text(json.dumps(template))
    return customer.published(file, ACCOUNT)


def found(calls, roles):
    return [(one["finding"], one["role"], one["action"]) for one in customer.judged(calls, roles, ACCOUNT)]


def test_a_run_that_did_what_the_template_says_is_good(roles):
    assert found(RECORDED, roles) == []


def test_a_grant_that_no_call_used_is_found(roles):
    calls = [call for call in RECORDED if call["action"] != "ec2:TerminateInstances"]
    assert found(calls, roles) == [("unused", "CloudsailAccess-*", "ec2:TerminateInstances")]


def test_a_call_of_the_adapters_own_test_is_no_use(roles):
    calls = [{**call, "role": "CloudsailAccess-test"} if call["action"] == "ec2:TerminateInstances" else call for call in RECORDED]
    assert found(calls, roles) == [("unused", "CloudsailAccess-*", "ec2:TerminateInstances")]


@pytest.mark.parametrize("changed", [
    {"action": "ec2:CreateKeyPair"},
    {"resource": f"arn:aws:ec2:ca-central-1:{ACCOUNT}:snapshot/snap-1"},
    {"role": "CloudsailMonitor-58f28ef5"},
    {"role": "admin"},
])
def test_a_call_that_went_through_beside_the_template_is_found(roles, changed):
    call = {**RECORDED[0], **changed}
    assert found([*RECORDED, call], roles) == [("not in the template", call["role"], call["action"])]


def test_a_call_that_was_refused_is_found_though_the_template_names_it(roles):
    # Its conditions did not hold.
    assert found([*RECORDED, {**RECORDED[0], "allowed": False}], roles) == [("refused", RECORDED[0]["role"], RECORDED[0]["action"])]


def test_a_machine_is_held_to_the_boundary(roles):
    [call] = [call for call in RECORDED if documents.covers(customer.MACHINES, call["role"]) and call["account"] == ACCOUNT]
    more = {**call, "action": "secretsmanager:DeleteSecret"}
    assert found([*RECORDED, more], roles) == [("not in the template", call["role"], "secretsmanager:DeleteSecret")]


def test_what_the_control_plane_s_own_account_records_is_no_matter(roles):
    assert found([*RECORDED, {**RECORDED[0], "account": "000000000000", "action": "sqs:SendMessage"}], roles) == []


def test_refusals_are_explained_for_the_tests_own_link_alone():
    lines = explained.lines("customer")
    of = lambda role: explained.judged([customer.finding("refused", role, "ec2:CreateKeyPair", "*")], lines)[0][0][1]
    assert of("CloudsailAccess-test") and of("CloudsailAccess-58f28ef5") is None
