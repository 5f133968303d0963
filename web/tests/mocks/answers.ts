import { HttpResponse } from "msw";
import type { components } from "../../src/api/schema";
import { made } from "./example";

type Schemas = components["schemas"];
export type Plan = Schemas["Plan"];

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
export const CONNECTION: Schemas["Connection"] = {
	host: "10.0.0.4",
	port: 5432,
	database: "shop",
	user: "shop_admin",
	sslmode: "verify-full",
	ca_certificate: "-----BEGIN CERTIFICATE-----",
	password_secret_arn: "arn:aws:secretsmanager:ca-central-1:123456789012:secret:cloudsail/db",
	uri: "postgresql://shop_admin@10.0.0.4:5432/shop?sslmode=verify-full&sslrootcert=ca.pem",
};

/** An answer of the API that is no success, as its document has them. */
export function problem(status: number, code: string, detail: string, errors?: Schemas["WrongField"][]) {
	const body: Schemas["Problem"] = {
		type: "about:blank",
		title: "Problem",
		status,
		code,
		detail,
		request_id: "req-42",
		...(errors && { errors }),
	};
	return HttpResponse.json(body, { status, headers: { "content-type": "application/problem+json", "x-request-id": "req-42" } });
}

export const planId = (number: number) => `plan_${String(number).padStart(32, "0")}`;

/** The document's own example of a plan. */
export const content = () => structuredClone(made("FullPlan"));

/** Plans with a status each, and a name by it. */
export function plans(...statuses: string[]): Plan[] {
	return statuses.map((status, number) =>
		made("Plan", {
			id: planId(number),
			name: `${status}-${number}`,
			status,
			reason: status === "issue" ? "no query was answered for 3 minutes; look at the security group" : null,
			plan: content(),
			version: 1,
		}),
	);
}

export const DEPLOYMENT: Schemas["Deployment"] = {
	...made("Deployment"),
	id: `dep_${"0".repeat(32)}`,
	status: "deploying",
	reason: null,
	plan_id: planId(0),
	target_version: null,
	configuration: [],
	retained: [],
	steps: [
		{ name: "network", title: "Make the security group", state: "done", started_at: null, ended_at: null },
		{ name: "machine", title: "Make the machine", state: "running", started_at: null, ended_at: null },
	],
};

/** What a deploy would do, with some of it set. */
export const preview = (set: Partial<Schemas["Preview"]> = {}): Schemas["Preview"] => ({
	kind: "new",
	effect: null,
	cost: {
		parts: [
			{ what: "instance", monthly: "29.78", reason: "t3.medium at 0.0408 an hour, 730 hours" },
			{ what: "disk", monthly: "1.69", reason: "20 GiB at 0.0845" },
		],
		monthly: "31.47",
		monthly_ceiling: null,
		currency: "USD",
		priced_at: "2026-11-01",
		age_days: 20,
		region_borrowed: null,
	},
	warnings: [],
	problems: [],
	resources: [],
	changes: { create: [{ id: "db-instance", type: "AWS::EC2::Instance" }], change: [], remove: [], settings: [] },
	configuration: {
		db: {
			settings: [{ name: "shared_buffers", value: "1365MB", reason: "a third of the memory", source: "rule", overridden: false }],
			kernel: [],
			limits: [],
			version: "17",
			database: "shop",
			user: "shop_admin",
			port: 5432,
		},
	},
	...set,
});
