//! What can be typed.

mod account;
mod catalogue;
mod offline;

pub use account::{AccountCommand, TemplateForm};
pub use catalogue::{CatalogueNeed, Refreshable};
pub use offline::{Export, Form, Target, Transform};

use crate::out::Format;
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// Also in README.md; a test holds them equal.
const EXIT_CODES: &str = "Exit codes:
  0  done
  1  the service failed or can't be reached, or a deployment stands at an issue
  2  what was asked for is wrong, or the state does not allow it: the message says why
  3  not signed in, or the sign-in has ended
  4  there is no such thing, or it is not yours
  5  it took longer than one is willing to wait
  6  you answered no: nothing was done";

const TUNE: &str = r#"A line is
  {"version":17,"memory_mib":8192,"cpu":2,"disk_gib":100,"workload":"web","max_connections":200}
  version 13 to 18; workload web, oltp, dw, mixed, desktop. It may say more: "iops":3000, "throughput_mib_s":125 (the disk's),
  "archiving":true (backups are wanted), "pooled":true (PgBouncer stands in front), "replicas":1, and "settings":{"work_mem":"64MB"},
  which win over the rules.

With --pgtune a line is
  {"input":{"version":17,"os":"linux","workload":"web","memory":8,"memory_unit":"GB","cpus":2,"connections":null,"disk":"ssd","size":"mid_ram"}}
  version 10 to 18; os linux, windows, mac; workload web, oltp, dw, desktop, mixed; memory_unit MB, GB, TB (at least 512 MB);
  cpus at least 1, or null; connections at least 20, or null; disk ssd, hdd, san, nvme; size less_ram, mid_ram, greater_ram"#;

#[derive(Parser)]
#[command(name = "cloudsail", version, about = "PostgreSQL in your own cloud account", after_help = EXIT_CODES)]
pub struct Cli {
    /// Where the API answers.
    #[arg(long, env = "API_URL", global = true, default_value = "", hide_default_value = true)]
    pub api_url: String,
    /// Aligned text for people, or what the API answered.
    #[arg(long, short, global = true, value_enum, default_value_t = Format::Table)]
    output: Format,
    /// The same as `--output json`.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    pub command: Command,
}

impl Cli {
    pub fn format(&self) -> Format {
        if self.json { Format::Json } else { self.output }
    }
}

#[derive(Subcommand)]
pub enum Command {
    /// Make an account; a code is sent to the address.
    SignUp(Credentials),
    /// Confirm the address with the code.
    Confirm {
        #[arg(long)]
        email: String,
        #[arg(long)]
        code: String,
    },
    /// Have the confirmation code sent again.
    Resend {
        #[arg(long)]
        email: String,
    },
    /// Sign in and keep the tokens.
    SignIn(Credentials),
    /// Sign out: the tokens are revoked and forgotten.
    SignOut {
        /// In every browser and command line too. Access tokens that were given out live on for at most 5 minutes.
        #[arg(long)]
        everywhere: bool,
    },
    /// Have a code sent for a new password.
    Forgot {
        #[arg(long)]
        email: String,
    },
    /// Set a new password with the code.
    Reset {
        #[command(flatten)]
        credentials: Credentials,
        #[arg(long)]
        code: String,
    },
    /// Who is signed in.
    Whoami,
    /// Delete your user, your plans and the links to your cloud accounts; not while anything is deployed.
    DeleteMe {
        #[command(flatten)]
        yes: Yes,
    },
    /// Cloud accounts.
    #[command(subcommand)]
    Account(AccountCommand),
    /// Compare what your cloud accounts hold with the ledger, now: what destroyed deployments left is removed, all else is shown.
    Reconcile {
        /// Only this one.
        #[arg(value_parser = id)]
        account: Option<String>,
    },
    /// Plans.
    #[command(subcommand)]
    Plan(PlanCommand),
    /// What a deploy of the plan would make, change, cost and risk; nothing is changed by asking.
    Preview {
        #[arg(value_parser = id)]
        plan: String,
        /// Do not look into the account for what would stop a deploy: faster.
        #[arg(long)]
        no_account: bool,
        /// Show each setting with its reason.
        #[arg(long)]
        settings: bool,
    },
    /// Deploy a plan.
    Deploy {
        #[arg(value_parser = id)]
        plan: String,
        /// Show the steps until it runs.
        #[arg(long)]
        watch: bool,
    },
    /// Deployments.
    #[command(subcommand)]
    Deployment(DeploymentCommand),
    /// How a deployment is.
    Status {
        #[arg(value_parser = id)]
        deployment: String,
    },
    /// What happened to a deployment, oldest first.
    Events {
        #[arg(value_parser = id)]
        deployment: String,
        /// Go on with what happens, until it is destroyed; as JSON, an event is a line.
        #[arg(long, short)]
        follow: bool,
    },
    /// How to connect to a deployment, or connect.
    Connect {
        #[arg(value_parser = id)]
        deployment: String,
        /// Start psql; what follows `--` is handed to it.
        #[arg(long)]
        psql: bool,
        #[arg(last = true)]
        arguments: Vec<String>,
    },
    /// Cancel what a deployment is doing; it goes back to the last state that worked.
    Cancel {
        #[arg(value_parser = id)]
        deployment: String,
        /// Show the steps until it has gone back.
        #[arg(long)]
        watch: bool,
    },
    /// Destroy a deployment. What ran is only stopped for a day, in which `undo` brings it back and its disk goes on costing.
    Destroy {
        #[arg(value_parser = id)]
        deployment: String,
        /// Destroy it at once, so that it can't be undone; also one that is stopped already.
        #[arg(long)]
        now: bool,
        /// Show the steps until it is stopped or gone.
        #[arg(long)]
        watch: bool,
        #[command(flatten)]
        yes: Yes,
    },
    /// Undo a destroy, while it can be undone: what ran before runs again, with its data.
    Undo {
        #[arg(value_parser = id)]
        deployment: String,
        /// Show the steps until it runs.
        #[arg(long)]
        watch: bool,
    },
    /// What you changed or had revealed, newest first: when, what, and from which address.
    Audit {
        /// Only what was done to this account, plan or deployment.
        #[arg(long, value_parser = id, value_name = "ID")]
        subject: Option<String>,
    },
    /// What machine types there are, and what they cost.
    #[command(subcommand)]
    Catalogue(CatalogueCommand),
    /// For who runs a platform, with AWS credentials of its account. Needs no API.
    #[command(subcommand)]
    Admin(AdminCommand),
    /// PostgreSQL's settings for sizes, each with its reason: a line of JSON in, a line of JSON out. Needs no API.
    #[command(after_help = TUNE)]
    Tune(Tune),
    /// What a cloud would be asked for: the plan with every derived value and its reason. Needs no API.
    Transform(Transform),
    /// A plan in a form that needs no Cloudsail, or the schema of plans. Needs no API.
    Export(Export),
    /// Print the completions for a shell.
    Completions {
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
    /// Print the manual pages of all commands, for `man -l -`.
    Man,
}

#[derive(Args)]
pub struct Tune {
    /// What pgtune gives for the same inputs, names and values alone.
    #[arg(long, conflicts_with = "format")]
    pub pgtune: bool,
    /// Lines of JSON, or PostgreSQL's configuration file with the reasons in it.
    #[arg(long, value_enum, default_value_t = TuneFormat::Json)]
    pub format: TuneFormat,
}

/// The shape of tuned settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum TuneFormat {
    /// A line for each machine.
    Json,
    /// A file for each machine, with an empty line between.
    Conf,
}

#[derive(Args)]
pub struct Credentials {
    #[arg(long)]
    pub email: String,
    /// A file that holds the password; `-` is standard input. Without it, CLOUDSAIL_PASSWORD, else a prompt.
    #[arg(long)]
    pub password_file: Option<PathBuf>,
    /// Read from the environment only: arguments can be seen by everybody.
    #[arg(env = "CLOUDSAIL_PASSWORD", hide = true, hide_env_values = true, long = "password-from-environment", num_args = 0..=0, default_missing_value = "")]
    pub password: Option<String>,
}

#[derive(Args)]
pub struct Yes {
    /// Do not ask. Without a terminal nobody is asked.
    #[arg(long, short)]
    pub yes: bool,
}

#[derive(Subcommand)]
pub enum PlanCommand {
    /// Save a plan.
    Create {
        /// The plan as JSON; `-` is standard input.
        #[arg(long, default_value = "-")]
        file: PathBuf,
    },
    /// All plans.
    #[command(visible_alias = "ls")]
    List,
    /// One plan.
    Show {
        #[arg(value_parser = id)]
        plan: String,
    },
    /// Change a plan, in the editor that $VISUAL or $EDITOR names.
    Edit {
        #[arg(value_parser = id)]
        plan: String,
        /// Take the plan from this file instead; `-` is standard input.
        #[arg(long)]
        file: Option<PathBuf>,
    },
    /// Delete a plan that is not deployed.
    #[command(visible_alias = "rm")]
    Delete {
        #[arg(value_parser = id)]
        plan: String,
        #[command(flatten)]
        yes: Yes,
    },
}

#[derive(Subcommand)]
pub enum DeploymentCommand {
    /// All deployments.
    #[command(visible_alias = "ls")]
    List,
}

#[derive(Subcommand)]
pub enum AdminCommand {
    /// Dead-letter queues: messages that no worker could take in several tries.
    #[command(subcommand)]
    Dlq(DlqCommand),
}

#[derive(Subcommand)]
pub enum DlqCommand {
    /// The dead-letter queues with their counts; with a queue's name, the messages in it. Nothing is taken out.
    #[command(visible_alias = "ls")]
    List {
        /// For example `cloudsail-prod-jobs-dead`.
        queue: Option<String>,
        #[arg(long, env = "AWS_REGION")]
        region: String,
    },
    /// Send all messages of a dead-letter queue again to the queue that they came from.
    Redrive {
        /// For example `cloudsail-prod-jobs-dead`.
        queue: String,
        #[arg(long, env = "AWS_REGION")]
        region: String,
        #[command(flatten)]
        yes: Yes,
    },
}

#[derive(Subcommand)]
pub enum CatalogueCommand {
    /// The machine types that have at least this, cheapest first; works without the API.
    #[command(visible_alias = "ls")]
    List(CatalogueNeed),
    /// Read a region's machine types and list prices from AWS, with your own credentials.
    Refresh {
        #[arg(long, value_enum, default_value_t = Refreshable::Aws)]
        provider: Refreshable,
        #[arg(long, env = "AWS_REGION", default_value = knowledge::STAND_IN)]
        region: String,
        /// The folder whose `aws-instance-types.json` and `aws-prices.json` are replaced, for example `layers/knowledge`.
        #[arg(long)]
        out: PathBuf,
    },
}

/// Ids become a part of a path: what could lead elsewhere is refused here.
fn id(text: &str) -> Result<String, String> {
    let fits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    if fits { Ok(text.to_owned()) } else { Err("an id is letters and digits, as `plan_…`; the list commands show them".to_owned()) }
}
