"""Functions on the emulator: their roles hold, queues and schedules start them, and mail codes are real."""

import io
import json
import re
import urllib.request
import zipfile

import pytest
from conftest import code_of, until

from local_cloud import settings

# Speaks the Lambda Runtime API, and in answer to each event calls what the event names, with the function's role.
BOOTSTRAP = r"""#!/bin/bash
while :; do
  head=$(mktemp); body=$(curl -sS -D "$head" "http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation/next")
  id=$(tr -d '\r' < "$head" | sed -n 's/^[Ll]ambda-[Rr]untime-[Aa]ws-[Rr]equest-[Ii]d: //p')
  said=$(curl -sS --aws-sigv4 aws:amz:ca-central-1:s3 -u "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" -o /dev/null \
    -H "x-amz-security-token: $AWS_SESSION_TOKEN" -X PUT --data-binary "$body" -w '%{http_code}' "$TARGET/$(date +%s%N)")
  curl -sS -o /dev/null "http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation/$id/response" -d "\"$said\""
done
"""
TRUST = {"Version": "2012-10-17", "Statement": [{
    "Effect": "Allow", "Principal": {"Service": ["lambda.amazonaws.com", "scheduler.amazonaws.com"]},
    "Action": "sts:AssumeRole"}]}


def allow(*actions):
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": list(actions), "Resource": "*"}]})


@pytest.fixture
def function(control, unique):
    """A function that writes each event to a bucket, once its role lets it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as out:
        entry = zipfile.ZipInfo("bootstrap")
        entry.external_attr = 0o755 << 16
        out.writestr(entry, BOOTSTRAP)
    control.s3.create_bucket(Bucket=unique, CreateBucketConfiguration={"LocationConstraint": settings.REGION})
    role = control.iam.create_role(RoleName=unique, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    control.lambda_ = getattr(control, "lambda")
    control.lambda_.create_function(
        FunctionName=unique, Runtime="provided.al2023", Role=role, Handler="bootstrap", Timeout=10,
        Code={"ZipFile": packed.getvalue()}, Environment={"Variables": {"TARGET": f"{settings.EMULATOR_URL}/{unique}"}})
    yield unique, role
    control.lambda_.delete_function(FunctionName=unique)
    for policy in control.iam.list_role_policies(RoleName=unique)["PolicyNames"]:
        control.iam.delete_role_policy(RoleName=unique, PolicyName=policy)
    control.iam.delete_role(RoleName=unique)
    for entry in control.s3.list_objects_v2(Bucket=unique).get("Contents", []):
        control.s3.delete_object(Bucket=unique, Key=entry["Key"])
    control.s3.delete_bucket(Bucket=unique)


def written(control, name):
    return [control.s3.get_object(Bucket=name, Key=entry["Key"])["Body"].read().decode()
            for entry in control.s3.list_objects_v2(Bucket=name).get("Contents", [])]


def test_a_function_may_do_what_its_role_grants_and_no_more(control, function):
    name, _ = function
    invoke = lambda: json.loads(control.lambda_.invoke(FunctionName=name, Payload=b"{}")["Payload"].read())  # noqa: E731
    assert invoke() == "403"
    control.iam.put_role_policy(RoleName=name, PolicyName="write", PolicyDocument=allow("s3:PutObject"))
    assert invoke() == "200"


def test_a_delayed_message_starts_its_function_when_the_delay_is_over(control, function):
    name, _ = function
    control.iam.put_role_policy(RoleName=name, PolicyName="write", PolicyDocument=allow("s3:PutObject", "sqs:*"))
    queue = control.sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = control.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    mapping = control.lambda_.create_event_source_mapping(EventSourceArn=arn, FunctionName=name, BatchSize=1)["UUID"]
    try:
        control.sqs.send_message(QueueUrl=queue, MessageBody="later", DelaySeconds=3)
        control.sqs.send_message(QueueUrl=queue, MessageBody="at once")
        assert "at once" in until(lambda: written(control, name))[0]
        until(lambda: len(written(control, name)) == 2)
    finally:
        control.lambda_.delete_event_source_mapping(UUID=mapping)
        control.sqs.delete_queue(QueueUrl=queue)


def test_a_schedule_starts_its_function_every_minute(control, function):
    name, role = function
    control.iam.put_role_policy(RoleName=name, PolicyName="write", PolicyDocument=allow("s3:PutObject", "lambda:InvokeFunction"))
    arn = control.lambda_.get_function(FunctionName=name)["Configuration"]["FunctionArn"]
    control.scheduler.create_schedule(
        Name=name, ScheduleExpression="rate(1 minute)", FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": arn, "RoleArn": role, "Input": '{"from":"the schedule"}'})
    try:
        assert "the schedule" in until(lambda: written(control, name))[0]
    finally:
        control.scheduler.delete_schedule(Name=name)


def test_a_sign_up_is_confirmed_by_the_code_in_the_mail_alone(control, unique):
    pool = control.__getattr__("cognito-idp")
    settled = {"UsernameAttributes": ["email"], "AutoVerifiedAttributes": ["email"]}
    made = pool.create_user_pool(PoolName=unique, **settled)["UserPool"]["Id"]
    flows = ["ALLOW_USER_PASSWORD_AUTH"]
    client = pool.create_user_pool_client(UserPoolId=made, ClientName="c", ExplicitAuthFlows=flows)
    client_id = client["UserPoolClient"]["ClientId"]
    mail = f"{unique}@example.com"
    try:
        user = {"ClientId": client_id, "Username": mail}
        pool.sign_up(**user, Password="Long-enough-1!", UserAttributes=[{"Name": "email", "Value": mail}])
        assert code_of(pool.confirm_sign_up, **user, ConfirmationCode="000000") == "CodeMismatchException"
        with urllib.request.urlopen(f"{settings.EMULATOR_URL}/_ministack/ses/messages") as answer:
            text = answer.read().decode()
        about = text[text.rindex(mail):]
        code = re.search(r"\b(\d{6})\b", about).group(1)
        pool.confirm_sign_up(**user, ConfirmationCode=code)
    finally:
        pool.delete_user_pool(UserPoolId=made)
