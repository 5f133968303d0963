"""The programs' own tests: they ask no cloud."""

import json

import boundary
import configuration
import documents
import explained
import grants
import policies
import pytest
import runbooks

POLICY = {"Statement": [
    {"Sid": "Send", "Effect": "Allow", "Action": ["sqs:SendMessage", "sqs:PurgeQueue"], "Resource": "arn:aws:sqs:*:1:jobs-?"},
    {"Sid": "NotAll", "Effect": "Deny", "Action": "sqs:*", "Resource": "*"},
]}
SEND, PURGE = grants.granted("cloudsail-local-plan-deploy", POLICY)


def call(**changed):
    return {"role": "cloudsail-local-plan-deploy", "action": "sqs:SendMessage", "statement": "Send", "allowed": True,
            "resource": "arn:aws:sqs:ca-central-1:1:jobs-1", **changed}


def test_each_action_on_each_resource_is_a_grant_and_a_refusal_is_none():
    assert (SEND.action, PURGE.action, SEND.function) == ("sqs:SendMessage", "sqs:PurgeQueue", "plan-deploy")
    document = {"Statement": {"Effect": "Allow", "Action": "a:B", "Resource": ["x", "y"]}}
    assert [grant.resource for grant in grants.granted("r", document)] == ["x", "y"]


def test_a_call_that_was_let_through_uses_its_grant():
    assert grants.used(SEND, [call()])
    assert not grants.used(PURGE, [call()])


@pytest.mark.parametrize("changed", [
    {"allowed": False},
    {"role": "cloudsail-local-job-sweep"},
    {"statement": "Another"},
    {"resource": "arn:aws:sqs:ca-central-1:1:jobs-12"},
    {"resource": "arn:aws:sqs:ca-central-1:2:jobs-1"},
])
def test_another_call_does_not(changed):
    assert not grants.used(SEND, [call(**changed)])


def test_brackets_in_an_arn_are_no_pattern():
    assert documents.covers("a[1]*", "a[1]b") and not documents.covers("a[1]", "a1")


def test_a_wildcard_for_actions_is_never_proven():
    [every] = grants.granted("cloudsail-local-plan-deploy", {"Statement": {"Sid": "Send", "Effect": "Allow", "Action": "sqs:*", "Resource": "*"}})
    assert not grants.used(every, [call()])
    [unnamed] = grants.granted("r", {"Statement": {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}})
    assert unnamed.action == "*"


def test_any_link_of_a_customer_proves_the_customer_s_role():
    [grant] = grants.granted("CloudsailAccess-*", {"Statement": {"Sid": "Look", "Effect": "Allow", "Action": "ec2:DescribeImages", "Resource": "*"}})
    assert grants.used(grant, [call(role="CloudsailAccess-abcd", action="ec2:DescribeImages", statement="Look", resource="*")])


LOGS = {"action": "sqs:Purge*", "ran": "yes", "reason": "Lambda does it"}


def test_what_no_test_used_is_unused_unless_a_line_explains_it():
    rows, unneeded = grants.table([SEND, PURGE], [call()], {"plan-deploy"}, [])
    assert [state for _, state in rows] == ["used", "UNUSED"] and unneeded == []
    rows, unneeded = grants.table([SEND, PURGE], [call()], {"plan-deploy"}, [LOGS])
    assert [state for _, state in rows] == ["used", "explained"] and unneeded == []


def test_a_function_that_never_ran_proves_nothing():
    rows, unneeded = grants.table([SEND, PURGE], [call()], set(), [LOGS])
    assert [state for _, state in rows] == ["used", "UNUSED"] and unneeded == [LOGS]


def test_a_line_that_explains_nothing_is_said():
    rows, unneeded = grants.table([SEND], [call()], {"plan-deploy"}, [LOGS])
    assert [state for _, state in rows] == ["used"] and unneeded == [LOGS]


def test_only_what_no_earlier_line_explains_needs_a_line():
    first, second = {"action": "a", "reason": "r"}, {"action": ["a", "b"], "reason": "r"}
    rows, unneeded = explained.judged([{"action": "a"}], [first, second])
    assert rows == [({"action": "a"}, first)] and unneeded == [second]


@pytest.mark.parametrize("name", ["grants", "policies", "configuration"])
def test_every_line_has_a_reason(name):
    assert all(line["reason"] for line in explained.lines(name))


def test_the_end_names_what_is_wrong(capsys):
    with pytest.raises(SystemExit) as stopped:
        explained.end("grants", ["x was used by no test"], [], "all used")
    assert "1 not explained" in str(stopped.value) and "x was used by no test" in capsys.readouterr().err
    explained.end("grants", [], [], "all used")
    assert capsys.readouterr().out == "all used\n"


def test_the_linter_finds_a_misspelt_action_and_says_a_wildcard_s_condition_once():
    def issues(statement):
        return [found["issue"] for found in policies.findings("p", {"Statement": [statement]})]

    assert issues({"Effect": "Allow", "Action": "s3:GetObjec", "Resource": "arn:aws:s3:::b/k"}) == ["UNKNOWN_ACTION"]
    assert issues({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/k"}) == []
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
    assert issues(trust) == ["CREDENTIALS_EXPOSURE"]
    deny = {"Effect": "Deny", "Action": "ec2:*", "Resource": "*", "Condition": {"ArnEquals": {"lambda:SourceFunctionArn": "arn:aws:lambda:x:1:function:f"}}}
    found = {json.dumps(one) for one in policies.findings("p", {"Statement": [deny]})}
    assert len(found) == 1 and "UNKNOWN_CONDITION_FOR_ACTION" in found.pop()


def test_policies_of_modules_below_are_found():
    document = {"address": "module.a.data.aws_iam_policy_document.x", "type": "aws_iam_policy_document", "values": {"json": "{}"}}
    other = {"address": "aws_iam_role.x", "type": "aws_iam_role", "values": {}}
    module = {"resources": [other], "child_modules": [{"child_modules": [{"resources": [document]}]}]}
    assert list(policies.of_terraform(module)) == [(document["address"], {})]


def test_a_template_s_policies_are_read_as_iam_holds_them(tmp_path):
    statement = {"Effect": "Allow", "Action": "ec2:CreateVolume", "Resource": [{"Fn::Sub": "arn:${AWS::Partition}:ec2:*:${AWS::AccountId}:volume/*"}]}
    role = {"Type": "AWS::IAM::Role", "Properties": {
        "RoleName": "Access-LINK", "AssumeRolePolicyDocument": {"Statement": []},
        "Policies": [{"PolicyName": "one", "PolicyDocument": {"Statement": [statement]}}]}}
    boundary = {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": {"Statement": []}}}
    file = tmp_path / "template.json"
    file.write_text(json.dumps({"Resources": {"Access": role, "Boundary": boundary}}))
    [grant] = [grant for name, [document] in documents.roles(file, "2").items() for grant in grants.granted(name, document)]
    assert grant == grants.Grant("Access-*", "", "ec2:CreateVolume", "arn:aws:ec2:*:2:volume/*")
    names = [name for name, _ in documents.of_template(file, "2")]
    assert names == ["template.Access.AssumeRolePolicyDocument", "template.Access.one", "template.Boundary.PolicyDocument"]


def test_a_module_s_finding_counts_once_wherever_the_module_stands():
    def failed(resource):
        return {"check_id": "C", "check_name": "says", "file_path": "/modules/queue/main.tf", "resource": resource}

    report = {"results": {"failed_checks": [failed('module.a["x.y"].aws_sqs_queue.main'), failed('module.b.aws_sqs_queue.main["z"]')]}}
    assert configuration.findings(report) == [{"check": "C", "module": "queue", "resource": "aws_sqs_queue.main", "says": "says"}]


ROLE = "cloudsail-local-plan-deploy"
ARN = "arn:aws:iam::1:policy/cloudsail-access/roles"


def state(role, action="sqs:SendMessage", resource="arn:aws:sqs:ca-central-1:1:cloudsail-local-jobs"):
    """A boundary for queues, a role, and its policy."""
    def document(action, resource):
        return json.dumps({"Statement": [{"Sid": "Send", "Effect": "Allow", "Action": action, "Resource": resource}]})

    return [
        {"type": "aws_iam_policy", "values": {"arn": ARN, "policy": document(["sqs:SendMessage", "sqs:DeleteMessage"], "arn:aws:sqs:*:1:cloudsail-*")}},
        {"type": "aws_iam_role", "values": {"name": ROLE, **role}},
        {"type": "aws_iam_role_policy", "values": {"role": ROLE, "policy": document(action, resource)}},
    ]


def test_a_role_within_its_boundary_is_good():
    assert boundary.outside(state({"permissions_boundary": ARN})) == ([], 1)


@pytest.mark.parametrize("role", [{}, {"permissions_boundary": None}, {"permissions_boundary": ""}, {"permissions_boundary": ARN + "-other"}])
def test_a_role_without_it_is_refused(role):
    wrong, _ = boundary.outside(state(role))
    assert wrong[0] == f"{ROLE} has no permissions boundary"


@pytest.mark.parametrize("grant", [
    {"action": "sqs:PurgeQueue"},
    {"action": "sqs:*"},
    {"resource": "*"},
    {"resource": "arn:aws:sqs:ca-central-1:2:cloudsail-local-jobs"},
])
def test_a_grant_that_says_more_than_the_boundary_is_refused(grant):
    [line] = boundary.outside(state({"permissions_boundary": ARN}, **grant))[0]
    assert line.startswith(f"{ROLE}: Send: ") and line.endswith(" is outside its boundary")


def test_a_heading_stands_for_the_alarms_that_it_names():
    sections = runbooks.patterns("# x\n## `<function>-errors`\ntext `<function>-duration`\n## Other\n## `database-cpu`\n")
    assert sections == ["*-errors", "database-cpu"]
    assert runbooks.without(["plan-get-errors", "database-cpu", "plan-get-duration", "old-database-cpu"], sections) == ["plan-get-duration", "old-database-cpu"]
