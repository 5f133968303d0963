//! What the function answers.

use knowledge::Estimate;
use provision::postgres::Problem;
use serde::Serialize;
use std::collections::BTreeMap;
use transform::{Changes, Configuration, How, Resource, Warning};
use utoipa::ToSchema;

/// What a deploy would do. Nothing is changed by asking.
#[derive(Debug, Serialize, ToSchema)]
pub struct Preview {
    /// What runs of the plan now.
    pub deployment_id: Option<String>,
    /// `new`, `change`, or `none` if what runs is what the plan says.
    pub kind: &'static str,
    /// The strongest way in which what runs is touched.
    pub effect: Option<How>,
    /// What is made, changed and removed, each field with how it gets there.
    pub changes: Changes,
    /// By component: PostgreSQL's settings, each with its reason, source and whether the plan overrides it.
    pub configuration: BTreeMap<String, Configuration>,
    /// A month.
    pub cost: Estimate,
    /// What to think about.
    pub warnings: Vec<Warning>,
    /// What the cloud would be asked for.
    pub resources: Vec<Resource>,
    /// What would stop a deploy in the account; null if nobody looked.
    pub problems: Option<Vec<Problem>>,
}

impl Preview {
    /// The answer for what runs, as `deployment_id`, with what was found in the account.
    #[must_use]
    pub fn new(deployment_id: Option<String>, of: transform::Preview, problems: Option<Vec<Problem>>) -> Self {
        let transform::Preview { kind, effect, changes, configuration, cost, warnings, document } = of;
        Self { deployment_id, kind, effect, changes, configuration, cost, warnings, resources: document.resources, problems }
    }
}
