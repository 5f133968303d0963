import type { components } from "../../src/api/schema";

const trust = [{ Sid: "CloudsailWithTheExternalId", Effect: "Allow", Action: ["sts:AssumeRole"] }];
const TRUSTED = "Only Cloudsail's functions take the role on, and only with the external id that was made for this account.";

/** As shared/clouds/src/access/cloudformation.rs makes it, with some of its statements. */
export const TEMPLATE = {
	AWSTemplateFormatVersion: "2010-09-09",
	Description: "Lets Cloudsail run PostgreSQL in this account. Delete the stack to end the access.",
	Resources: {
		Access: {
			Type: "AWS::IAM::Role",
			Metadata: {
				Why: {
					CloudsailWithTheExternalId: TRUSTED,
					Look: "Each step looks for what an earlier try made before it makes or removes anything. These calls only read.",
					MakeVolume: "The database's files are on a volume of their own.",
				},
			},
			Properties: {
				RoleName: "CloudsailAccess-b5cb0ec6",
				Path: "/cloudsail/",
				Description: "Assumed by Cloudsail with this account's external id to deploy, change and destroy",
				MaxSessionDuration: 3600,
				AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: trust },
				Policies: [
					{
						PolicyName: "cloudsail",
						PolicyDocument: {
							Version: "2012-10-17",
							Statement: [
								{ Sid: "Look", Effect: "Allow", Action: ["ec2:DescribeInstances", "ec2:DescribeVolumes"], Resource: ["*"] },
								{
									Sid: "MakeVolume",
									Effect: "Allow",
									Action: ["ec2:CreateVolume"],
									// biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation fills it in
									Resource: [{ "Fn::Sub": "arn:${AWS::Partition}:ec2:*:${AWS::AccountId}:volume/*" }],
									Condition: { StringLike: { "aws:RequestTag/cloudsail:deployment": "dep_*" } },
								},
							],
						},
					},
				],
			},
		},
		Boundary: {
			Type: "AWS::IAM::ManagedPolicy",
			Metadata: { Why: { Secrets: "A machine reads its password; its role's own policy names the one secret." } },
			Properties: {
				ManagedPolicyName: "CloudsailBoundary-b5cb0ec6",
				Path: "/cloudsail/",
				Description: "The most that a machine made by Cloudsail can ever do",
				PolicyDocument: {
					Version: "2012-10-17",
					Statement: [{ Sid: "Secrets", Effect: "Allow", Action: ["secretsmanager:GetSecretValue"], Resource: ["*"] }],
				},
			},
		},
		Monitor: {
			Type: "AWS::IAM::Role",
			Metadata: {
				Why: {
					CloudsailWithTheExternalId: TRUSTED,
					Look: "A preview looks for the image, the subnet and the quota. These calls only read.",
					LookAtItsRoles: "Before a deploy it asks IAM whether the two roles may still do what they need.",
				},
			},
			Properties: {
				RoleName: "CloudsailMonitor-b5cb0ec6",
				Path: "/cloudsail/",
				Description: "Assumed by Cloudsail with this account's external id to look, and to change nothing",
				MaxSessionDuration: 3600,
				AssumeRolePolicyDocument: { Version: "2012-10-17", Statement: trust },
				Policies: [
					{
						PolicyName: "cloudsail",
						PolicyDocument: {
							Version: "2012-10-17",
							Statement: [
								{ Sid: "Look", Effect: "Allow", Action: ["ec2:DescribeImages"], Resource: ["*"] },
								{ Sid: "LookAtItsRoles", Effect: "Allow", Action: ["iam:SimulatePrincipalPolicy"], Resource: ["*"] },
							],
						},
					},
				],
			},
		},
	},
	Outputs: {
		AccessRoleArn: { Value: { "Fn::GetAtt": ["Access", "Arn"] } },
		MonitorRoleArn: { Value: { "Fn::GetAtt": ["Monitor", "Arn"] } },
	},
};

/** How a database is reached. */
export const CONNECTION: components["schemas"]["Connection"] = {
	host: "10.0.0.4",
	port: 5432,
	database: "shop",
	user: "shop_admin",
	sslmode: "verify-full",
	ca_certificate: "-----BEGIN CERTIFICATE-----",
	password_secret_arn: "arn:aws:secretsmanager:ca-central-1:123456789012:secret:cloudsail/db",
	uri: "postgresql://shop_admin@10.0.0.4:5432/shop?sslmode=verify-full&sslrootcert=ca.pem",
};
