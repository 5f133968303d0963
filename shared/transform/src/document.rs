//! A plan in a cloud's own words: aws-json, azure-json and gcp-json have one shape.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The full list of what a cloud is asked for. The same plan and the same knowledge make the same bytes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// `aws-json/1`, `azure-json/1` or `gcp-json/1`.
    pub schema: String,
    /// What people call the plan.
    pub name: String,
    /// The cloud's own name of the region.
    pub region: String,
    /// What is looked up when the document is carried out, since it differs from account to account: by the name that references use.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub lookups: BTreeMap<String, Value>,
    /// In an order in which they can be made.
    pub resources: Vec<Resource>,
    /// Machine types that the plan led to and that the cloud had no room for: the document is with none of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub no_room: Vec<String>,
    /// How each PostgreSQL is set up, by component.
    pub configuration: BTreeMap<String, Configuration>,
}

/// How a PostgreSQL is set up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Configuration {
    /// PostgreSQL's major version.
    pub version: String,
    /// Name of the first database.
    pub database: String,
    /// Name of the administrator.
    pub user: String,
    /// The TCP port.
    pub port: u16,
    /// Settings of PostgreSQL, the kernel and the service, each with its reason.
    #[serde(flatten)]
    pub tuned: knowledge::Configuration,
}

/// One resource.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Resource {
    /// Unique in the document: the component's id and a word, such as `db-volume`.
    pub id: String,
    /// The component it belongs to.
    pub component: String,
    /// The cloud's own type name: `AWS::EC2::Volume`, `Microsoft.Compute/disks`, `compute.googleapis.com/Disk`.
    #[serde(rename = "type")]
    pub kind: String,
    /// In the cloud's own names and units. A value that is known only once another resource was made is a reference, in the
    /// form that the cloud's own templates use.
    #[schema(value_type = BTreeMap<String, Value>)]
    pub properties: Value,
    /// Why each derived property is what it is: JSON pointer into `properties`, and a sentence.
    pub reasons: BTreeMap<String, String>,
    /// Ids of the resources that must be there first.
    pub needs: Vec<String>,
    /// How many days a destroy keeps it; what has none goes at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keep_days: Option<u32>,
}
