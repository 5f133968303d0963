#![doc = include_str!("../README.md")]
#![expect(clippy::print_stdout, reason = "printing is what a command line does")]

mod account;
mod api;
mod auth;
mod connect;
mod deployment;
mod failure;
mod files;
mod plan;

use clap::{Args, Parser, Subcommand};
use failure::Failure;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "cloudsail", version, about = "PostgreSQL in your own cloud account")]
struct Cli {
    /// Where the API answers.
    #[arg(long, env = "API_URL", global = true, default_value = "")]
    api_url: String,
    /// Print JSON instead of text.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make an account; a code is sent to the address.
    SignUp(Credentials),
    /// Confirm the address with the code.
    Confirm {
        #[arg(long)]
        email: String,
        #[arg(long)]
        code: String,
    },
    /// Sign in and keep the token.
    SignIn(Credentials),
    /// Cloud accounts.
    #[command(subcommand)]
    Account(AccountCommand),
    /// Plans.
    #[command(subcommand)]
    Plan(PlanCommand),
    /// Deploy a plan.
    Deploy {
        plan: String,
        /// Show the steps until it runs.
        #[arg(long)]
        watch: bool,
    },
    /// How a deployment is.
    Status { deployment: String },
    /// How to connect to a deployment, or connect.
    Connect {
        deployment: String,
        /// Start psql; what follows `--` is handed to it.
        #[arg(long)]
        psql: bool,
        #[arg(last = true)]
        arguments: Vec<String>,
    },
    /// Destroy a deployment.
    Destroy {
        deployment: String,
        /// Show the steps until it is gone.
        #[arg(long)]
        watch: bool,
    },
}

#[derive(Args)]
struct Credentials {
    #[arg(long)]
    email: String,
    /// A file that holds the password; `-` is standard input.
    #[arg(long)]
    password_file: Option<PathBuf>,
    /// Read from the environment only: arguments can be seen by everybody.
    #[arg(env = "CLOUDSAIL_PASSWORD", hide = true, hide_env_values = true, long = "password-from-environment", num_args = 0..=0, default_missing_value = "")]
    password: Option<String>,
}

#[derive(Subcommand)]
enum AccountCommand {
    /// Link an AWS account; answers the template of the role to make there.
    Add {
        #[arg(long)]
        aws_account_id: String,
        #[arg(long)]
        region: String,
        #[arg(long)]
        name: Option<String>,
        /// Write the role's CloudFormation template to this file.
        #[arg(long)]
        template_out: Option<PathBuf>,
    },
    /// Look whether the role can be used.
    Verify { account: String },
}

#[derive(Subcommand)]
enum PlanCommand {
    /// Save a plan.
    Create {
        /// The plan as JSON; `-` is standard input.
        #[arg(long, default_value = "-")]
        file: PathBuf,
    },
    /// All plans.
    List,
    /// One plan.
    Show { plan: String },
}

fn run(cli: Cli) -> Result<(), Failure> {
    if cli.api_url.is_empty() {
        return Err(Failure::usage("say where the API is: --api-url, or API_URL (in the local cloud: `. .local/env`)"));
    }
    let api = api::Api::new(cli.api_url, cli.json);
    match cli.command {
        Command::SignUp(credentials) => auth::sign_up(&api, &credentials),
        Command::Confirm { email, code } => auth::confirm(&api, &email, &code),
        Command::SignIn(credentials) => auth::sign_in(&api, &credentials),
        Command::Account(AccountCommand::Add { aws_account_id, region, name, template_out }) => {
            account::add(&api, &aws_account_id, &region, name.as_deref(), template_out.as_deref())
        }
        Command::Account(AccountCommand::Verify { account }) => account::verify(&api, &account),
        Command::Plan(PlanCommand::Create { file }) => plan::create(&api, &file),
        Command::Plan(PlanCommand::List) => plan::list(&api),
        Command::Plan(PlanCommand::Show { plan }) => plan::show(&api, &plan),
        Command::Deploy { plan, watch } => deployment::deploy(&api, &plan, watch),
        Command::Status { deployment } => deployment::status(&api, &deployment),
        Command::Connect { deployment, psql, arguments } => connect::connect(&api, &deployment, psql, &arguments),
        Command::Destroy { deployment, watch } => deployment::destroy(&api, &deployment, watch),
    }
}

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("cloudsail: {failure}");
            ExitCode::from(failure.code())
        }
    }
}
