"""What the platform needs beside Terraform: the master password on the way to PostgreSQL, and a look at what a destroy left."""

import json
import sys

import boto3


def admin_password(arn):
    secret = boto3.client("secretsmanager").get_secret_value(SecretId=arn)
    print(json.loads(secret["SecretString"])["password"])


def nothing_left(prefix):
    """After a destroy: asks the cloud itself, not Terraform's records, what is still there under our names."""
    client = boto3.client
    lists = {
        "functions": (client("lambda").list_functions()["Functions"], "FunctionName"),
        "roles": (client("iam").list_roles()["Roles"], "RoleName"),
        "policies": (client("iam").list_policies(Scope="Local")["Policies"], "PolicyName"),
        "APIs": (client("apigatewayv2").get_apis()["Items"], "Name"),
        "user pools": (client("cognito-idp").list_user_pools(MaxResults=60)["UserPools"], "Name"),
        "log groups": (client("logs").describe_log_groups()["logGroups"], "logGroupName"),
        "secrets": (client("secretsmanager").list_secrets()["SecretList"], "Name"),
        "clusters": (client("rds").describe_db_clusters()["DBClusters"], "DBClusterIdentifier"),
        "proxies": (client("rds").describe_db_proxies()["DBProxies"], "DBProxyName"),
        "schedules": (client("scheduler").list_schedules()["Schedules"], "Name"),
        "buckets": (client("s3").list_buckets()["Buckets"], "Name"),
        "sites": (client("cloudfront").list_distributions()["DistributionList"].get("Items", []), "Comment"),
        "layers": (client("lambda").list_layers()["Layers"], "LayerName"),
        "topics": (client("sns").list_topics()["Topics"], "TopicArn"),
        "alarms": (client("cloudwatch").describe_alarms(AlarmNamePrefix=prefix)["MetricAlarms"], "AlarmName"),
        "security groups": (client("ec2").describe_security_groups()["SecurityGroups"], "GroupName"),
    }
    ours = {kind: [x[name] for x in found if prefix in x[name]] for kind, (found, name) in lists.items()}
    ours["queues"] = [url for url in client("sqs").list_queues().get("QueueUrls", []) if prefix in url]
    tagged = [{"Name": "tag:environment", "Values": [prefix.rpartition("-")[2]]}]
    ours["VPCs"] = [vpc["VpcId"] for vpc in client("ec2").describe_vpcs(Filters=tagged)["Vpcs"]]
    left = {kind: names for kind, names in ours.items() if names}
    if left:
        sys.exit(f"left behind by terraform destroy: {json.dumps(left)}")
    print(f"nothing of {prefix} is left, by the cloud's own lists ({len(ours)} kinds)")


def bucket(name):
    s3 = boto3.client("s3")
    if name not in [found["Name"] for found in s3.list_buckets()["Buckets"]]:
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": s3.meta.region_name})


STEPS = {"bucket": bucket, "admin-password": admin_password, "nothing-left": nothing_left}
STEPS[sys.argv[1]](sys.argv[2])
