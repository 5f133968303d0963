#![doc = include_str!("../README.md")]

mod account;
mod admin;
mod api;
mod args;
mod ask;
mod audit;
mod auth;
mod aws;
mod catalogue;
mod connect;
mod deployment;
mod edit;
mod environment;
mod events;
mod export;
mod failure;
mod files;
mod http;
mod manual;
mod out;
mod plan;
mod preview;
mod session;
mod strays;
mod table;
mod transform;
mod tune;
mod watch;

use api::Api;
use args::{AccountCommand, AdminCommand, CatalogueCommand, Cli, Command, DeploymentCommand, DlqCommand, PlanCommand};
use clap::Parser;
use failure::Failure;
use out::Out;
use std::io::Write;
use std::process::ExitCode;

fn run(cli: Cli) -> Result<(), Failure> {
    let out = Out::new(cli.format());
    match cli.command {
        Command::Completions { shell } => return manual::completions(&out, shell),
        Command::Man => return manual::pages(&out),
        Command::Catalogue(CatalogueCommand::List(need)) => return catalogue::list(&out, &need),
        Command::Catalogue(CatalogueCommand::Refresh { region, out: folder, .. }) => return catalogue::refresh(&out, &region, &folder),
        Command::Admin(AdminCommand::Dlq(command)) => return dlq(&out, command),
        Command::Tune(asked) => return if asked.pgtune { tune::pgtune(&out) } else { tune::configuration(&out, asked.format) },
        Command::Transform(wanted) => return transform::transform(&out, &wanted),
        Command::Export(wanted) => return export::export(&cli.api_url, &out, &wanted),
        _ => {}
    }
    let api = Api::at(&cli.api_url)?;
    match cli.command {
        Command::SignUp(credentials) => auth::sign_up(&api, &out, &credentials),
        Command::Confirm { email, code } => auth::confirm(&api, &out, &email, &code),
        Command::Resend { email } => auth::resend(&api, &out, &email),
        Command::SignIn(credentials) => auth::sign_in(&api, &out, &credentials),
        Command::SignOut { everywhere: false } => auth::sign_out(&api, &out),
        Command::SignOut { everywhere: true } => auth::sign_out_everywhere(&api, &out),
        Command::Forgot { email } => auth::forgot(&api, &out, &email),
        Command::Reset { credentials, code } => auth::reset(&api, &out, &credentials, &code),
        Command::Whoami => auth::whoami(&api, &out),
        Command::DeleteMe { yes } => auth::delete_me(&api, &out, yes.yes),
        Command::Account(command) => account(&api, &out, command),
        Command::Reconcile { account } => strays::reconcile(&api, &out, account.as_deref()),
        Command::Plan(command) => plan(&api, &out, command),
        Command::Preview { plan, no_account, settings } => preview::preview(&api, &out, &plan, !no_account, settings),
        Command::Deploy { plan, watch } => deployment::deploy(&api, &out, &plan, watch),
        Command::Deployment(DeploymentCommand::List) => deployment::list(&api, &out),
        Command::Status { deployment } => deployment::status(&api, &out, &deployment),
        Command::Events { deployment, follow } => events::events(&api, &out, &deployment, follow),
        Command::Audit { subject } => audit::list(&api, &out, subject.as_deref()),
        Command::Connect { deployment, psql, arguments } => connect::connect(&api, &out, &deployment, psql, &arguments),
        Command::Cancel { deployment, watch } => deployment::cancel(&api, &out, &deployment, watch),
        Command::Destroy { deployment, now, watch, yes } => deployment::destroy(&api, &out, &deployment, now, watch, yes.yes),
        Command::Undo { deployment, watch } => deployment::undo(&api, &out, &deployment, watch),
        Command::Completions { .. }
        | Command::Man
        | Command::Admin(_)
        | Command::Catalogue(_)
        | Command::Tune(_)
        | Command::Transform(_)
        | Command::Export(_) => Ok(()),
    }
}

fn dlq(out: &Out, command: DlqCommand) -> Result<(), Failure> {
    match command {
        DlqCommand::List { queue: None, region } => admin::queues(out, &region),
        DlqCommand::List { queue: Some(queue), region } => admin::messages(out, &queue, &region),
        DlqCommand::Redrive { queue, region, yes } => admin::redrive(out, &queue, &region, yes.yes),
    }
}

fn account(api: &Api, out: &Out, command: AccountCommand) -> Result<(), Failure> {
    match command {
        AccountCommand::Add { aws_account_id, region, name, template_out } => {
            account::add(api, out, &aws_account_id, &region, name.as_deref(), template_out.as_deref())
        }
        AccountCommand::Template { account, form, out: file } => account::template(api, out, &account, form, file.as_deref()),
        AccountCommand::QuickCreate { account } => account::quick_create(api, out, &account),
        AccountCommand::Verify { account } => account::verify(api, out, &account),
        AccountCommand::Show { account } => account::show(api, out, &account),
        AccountCommand::List => account::list(api, out),
        AccountCommand::Remove { account, yes } => account::remove(api, out, &account, yes.yes),
    }
}

fn plan(api: &Api, out: &Out, command: PlanCommand) -> Result<(), Failure> {
    match command {
        PlanCommand::Create { file } => plan::create(api, out, &file),
        PlanCommand::List => plan::list(api, out),
        PlanCommand::Show { plan } => plan::show(api, out, &plan),
        PlanCommand::Edit { plan, file: Some(file) } => edit::from_file(api, out, &plan, &file),
        PlanCommand::Edit { plan, file: None } => edit::in_editor(api, out, &plan),
        PlanCommand::Delete { plan, yes } => plan::delete(api, out, &plan, yes.yes),
    }
}

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // A terminal that went away does not change the exit code.
            let _ = writeln!(std::io::stderr(), "cloudsail: {failure}");
            ExitCode::from(failure.code())
        }
    }
}
