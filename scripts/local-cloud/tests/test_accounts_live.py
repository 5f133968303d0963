"""Two accounts and what lies between them: the facts of IAM, STS and CloudFormation that the product stands on."""

import json

from conftest import Clients, code_of, until

from local_cloud import settings

CONTROL = settings.CONTROL_ACCOUNT
CUSTOMER = settings.CUSTOMER_ACCOUNT


def template(name, external_id):
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Resources": {
            "Boundary": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {
                "ManagedPolicyName": f"{name}-boundary", "Path": "/cloudsail/",
                "PolicyDocument": {"Version": "2012-10-17", "Statement": [
                    {"Effect": "Allow", "Action": "ec2:*", "Resource": "*"}]},
            }},
            "Access": {"Type": "AWS::IAM::Role", "Properties": {
                "RoleName": name, "Path": "/cloudsail/",
                "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{
                    "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{CONTROL}:root"}, "Action": "sts:AssumeRole",
                    "Condition": {"StringEquals": {"sts:ExternalId": external_id}}}]},
                "ManagedPolicyArns": [{"Ref": "Boundary"}],
                "Policies": [{"PolicyName": "inline", "PolicyDocument": {"Version": "2012-10-17", "Statement": [
                    {"Effect": "Allow", "Action": "sts:GetCallerIdentity", "Resource": "*"}]}}],
            }},
        },
        "Outputs": {"RoleArn": {"Value": {"Fn::GetAtt": ["Access", "Arn"]}}},
    }


def test_a_stack_makes_a_role_that_only_the_external_id_opens(customer, control, unique):
    customer.cloudformation.create_stack(
        StackName=unique, TemplateBody=json.dumps(template(unique, "right")), Capabilities=["CAPABILITY_NAMED_IAM"])
    stack = until(lambda: next((s for s in customer.cloudformation.describe_stacks(StackName=unique)["Stacks"]
                                if s["StackStatus"].endswith("COMPLETE")), None))
    try:
        assert stack["StackStatus"] == "CREATE_COMPLETE"
        arn = f"arn:aws:iam::{CUSTOMER}:role/cloudsail/{unique}"
        assert stack["Outputs"][0]["OutputValue"] == arn
        wrong = {"RoleArn": arn, "RoleSessionName": "test"}
        assert code_of(control.sts.assume_role, **wrong) == "AccessDenied"
        assert code_of(control.sts.assume_role, **wrong, ExternalId="wrong") == "AccessDenied"
        session = control.sts.assume_role(**wrong, ExternalId="right")["Credentials"]
        inside = Clients(session=session)
        assert inside.sts.get_caller_identity()["Account"] == CUSTOMER
        assert inside.ec2.describe_vpcs()["Vpcs"]
        assert code_of(inside.iam.list_roles) in ("AccessDenied", "AccessDeniedException")
    finally:
        customer.cloudformation.delete_stack(StackName=unique)
        until(lambda: code_of(customer.iam.get_role, RoleName=unique) == "NoSuchEntity")


def test_a_permissions_boundary_is_kept_and_holds(customer, unique):
    boundary = f"arn:aws:iam::{CUSTOMER}:policy/cloudsail/{unique}"
    allow = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ec2:DescribeVpcs", "Resource": "*"}]}
    every = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    trust = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{CUSTOMER}:root"}, "Action": "sts:AssumeRole"}]}
    customer.iam.create_policy(PolicyName=unique, Path="/cloudsail/", PolicyDocument=json.dumps(allow))
    customer.iam.create_role(RoleName=unique, Path="/cloudsail/", AssumeRolePolicyDocument=json.dumps(trust),
                             PermissionsBoundary=boundary)
    try:
        assert customer.iam.get_role(RoleName=unique)["Role"]["PermissionsBoundary"]["PermissionsBoundaryArn"] == boundary
        customer.iam.put_role_policy(RoleName=unique, PolicyName="all", PolicyDocument=json.dumps(every))
        role = f"arn:aws:iam::{CUSTOMER}:role/cloudsail/{unique}"
        inside = Clients(session=customer.sts.assume_role(RoleArn=role, RoleSessionName="test")["Credentials"])
        assert inside.ec2.describe_vpcs()["Vpcs"]
        assert code_of(inside.ec2.describe_instances) == "UnauthorizedOperation"
    finally:
        customer.iam.delete_role_policy(RoleName=unique, PolicyName="all")
        customer.iam.delete_role(RoleName=unique)
        customer.iam.delete_policy(PolicyArn=boundary)


def test_the_customer_has_a_default_network_in_two_zones(customer):
    vpcs = customer.ec2.describe_vpcs(Filters=[{"Name": "isDefault", "Values": ["true"]}])["Vpcs"]
    assert [vpc["CidrBlock"] for vpc in vpcs] == ["172.31.0.0/16"]
    subnets = customer.ec2.describe_subnets(Filters=[
        {"Name": "vpc-id", "Values": [vpcs[0]["VpcId"]]}, {"Name": "default-for-az", "Values": ["true"]}])["Subnets"]
    assert len({subnet["AvailabilityZone"] for subnet in subnets}) >= 2
    none = customer.ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": ["vpc-0000000000000dead"]}])["Subnets"]
    assert none == []


def test_the_images_are_found_as_debian_publishes_them(customer):
    # Two of the same system: a machine can be replaced by one of another image.
    for release, published in (("12", 1), ("13", 2)):
        found = customer.ec2.describe_images(Owners=[settings.DEBIAN_OWNER], Filters=[
            {"Name": "name", "Values": [f"debian-{release}-amd64-*"]}, {"Name": "architecture", "Values": ["x86_64"]}])["Images"]
        assert [(image["RootDeviceType"], image["RootDeviceName"]) for image in found] == [("ebs", "/dev/xvda")] * published
    assert customer.ec2.describe_images(Filters=[{"Name": "name", "Values": ["debian-11-*"]}])["Images"] == []


def test_a_secret_stays_in_its_account(customer, control, unique):
    customer.secretsmanager.create_secret(Name=unique, SecretString="x")
    try:
        assert code_of(control.secretsmanager.get_secret_value, SecretId=unique) == "ResourceNotFoundException"
    finally:
        customer.secretsmanager.delete_secret(SecretId=unique, ForceDeleteWithoutRecovery=True)
