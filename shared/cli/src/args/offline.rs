//! What can be typed of plans that are put into other forms.

use clap::Args;
use std::path::PathBuf;

#[derive(Args)]
pub struct Transform {
    /// In whose words; it stands for the plan's `/cloud/provider`.
    #[arg(long, value_enum)]
    pub to: Target,
    /// The plan as JSON, short or full; `-` is standard input.
    #[arg(value_name = "PLAN.json")]
    pub file: PathBuf,
    /// Where it is to run, for example ca-central-1; it stands for the plan's `/cloud/region`.
    #[arg(long)]
    pub region: Option<String>,
}

/// Whose words a plan can be put into.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Target {
    /// aws-json, with CloudFormation's types and properties.
    Aws,
    /// azure-json, with Resource Manager's; a region of AWS becomes the nearest of Azure's.
    Azure,
    /// gcp-json, with Compute Engine's; a region of AWS becomes the nearest of Google Cloud's.
    Gcp,
}

#[derive(Args)]
pub struct Export {
    #[arg(long, value_enum)]
    pub to: Form,
    /// The plan as JSON, short or full; `-` is standard input. Or the id of one that is saved, `plan_…`, which the API exports.
    #[arg(value_name = "PLAN.json", required_if_eq("to", "terraform"))]
    pub plan: Option<PathBuf>,
    /// Where it is to run, for example ca-central-1; it stands for the `/cloud/region` of a plan in a file.
    #[arg(long)]
    pub region: Option<String>,
    /// The folder to make; `NAME-terraform` where it is not said, after the plan's name.
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// Write into a folder that holds something: files of the same names are replaced, others stay.
    #[arg(long)]
    pub force: bool,
}

/// What can be exported.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Form {
    /// A folder of Terraform that makes the same on AWS.
    Terraform,
    /// The JSON Schema of plans.
    JsonSchema,
}
