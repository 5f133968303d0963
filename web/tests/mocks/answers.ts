import type { components } from "../../src/api/schema";

/** As shared/clouds makes it, with two of its statements. */
export const TEMPLATE = {
	Resources: {
		Access: {
			Properties: {
				Policies: [
					{
						PolicyDocument: {
							Statement: [
								{ Sid: "SeeMachines", Action: ["ec2:DescribeInstances"] },
								{ Sid: "MakeVolumes", Action: ["ec2:CreateVolume"] },
							],
						},
					},
				],
			},
		},
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
