//! The properties of what we make, as CloudFormation's resource reference names them
//! (<https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-template-resource-type-ref.html>).

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// A security group.
pub const SECURITY_GROUP: &str = "AWS::EC2::SecurityGroup";
/// A secret.
pub const SECRET: &str = "AWS::SecretsManager::Secret";
/// A role.
pub const ROLE: &str = "AWS::IAM::Role";
/// What carries a role to a machine.
pub const INSTANCE_PROFILE: &str = "AWS::IAM::InstanceProfile";
/// A data volume.
pub const VOLUME: &str = "AWS::EC2::Volume";
/// A machine.
pub const INSTANCE: &str = "AWS::EC2::Instance";
/// A volume at a machine.
pub const ATTACHMENT: &str = "AWS::EC2::VolumeAttachment";
/// Every type that a document may hold.
pub const TYPES: [&str; 7] = [SECURITY_GROUP, SECRET, ROLE, INSTANCE_PROFILE, VOLUME, INSTANCE, ATTACHMENT];

/// A value that is known only once something else is there: another resource, or one of the document's lookups.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Later {
    /// Its id.
    Ref(String),
    /// One of its attributes.
    #[serde(rename = "Fn::GetAtt")]
    GetAtt(String, String),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct SecurityGroup {
    pub group_description: String,
    pub vpc_id: Later,
    pub security_group_ingress: Vec<Rule>,
    pub security_group_egress: Vec<Rule>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct Rule {
    pub ip_protocol: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub from_port: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub to_port: Option<u16>,
    pub cidr_ip: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct Secret {
    pub description: String,
    pub generate_secret_string: Generate,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct Generate {
    pub secret_string_template: String,
    pub generate_string_key: String,
    pub password_length: u32,
    pub exclude_punctuation: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct Role {
    pub path: String,
    pub description: String,
    pub permissions_boundary: Later,
    pub assume_role_policy_document: Value,
    pub managed_policy_arns: Vec<String>,
    pub policies: Vec<Policy>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct Policy {
    pub policy_name: String,
    pub policy_document: Value,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct InstanceProfile {
    pub path: String,
    pub roles: Vec<Later>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct Volume {
    pub availability_zone: Later,
    pub size: u32,
    pub volume_type: String,
    pub iops: u32,
    pub throughput: u32,
    pub encrypted: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct Instance {
    pub image_id: Later,
    pub instance_type: String,
    pub subnet_id: Later,
    pub security_group_ids: Vec<Later>,
    pub iam_instance_profile: Later,
    pub instance_initiated_shutdown_behavior: String,
    pub metadata_options: MetadataOptions,
    pub block_device_mappings: Vec<BlockDevice>,
    pub user_data: UserData,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct MetadataOptions {
    pub http_tokens: String,
    pub http_put_response_hop_limit: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct BlockDevice {
    pub device_name: Later,
    pub ebs: RootVolume,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct RootVolume {
    pub volume_size: u32,
    pub volume_type: String,
    pub encrypted: bool,
    pub delete_on_termination: bool,
}

/// The script and the values of its places `@NAME@`; packed by gzip when it is filled in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct UserData {
    #[serde(rename = "Fn::Base64")]
    pub base64: Script,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Script {
    #[serde(rename = "Cloudsail::Script")]
    pub script: (String, BTreeMap<String, Later>),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct Attachment {
    pub volume_id: Later,
    pub instance_id: Later,
    pub device: String,
}
