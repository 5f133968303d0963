use super::{Yes, id};
use clap::Subcommand;
use std::path::PathBuf;

#[derive(Subcommand)]
pub enum AccountCommand {
    /// Link an AWS account; answers the template of the roles to make there.
    Add {
        #[arg(long)]
        aws_account_id: String,
        #[arg(long)]
        region: String,
        #[arg(long)]
        name: Option<String>,
        /// Write the roles' CloudFormation template to this file.
        #[arg(long)]
        template_out: Option<PathBuf>,
    },
    /// Print the template of the roles to make in the account; each of its statements says why it is there.
    Template {
        #[arg(value_parser = id)]
        account: String,
        /// A CloudFormation template, the main.tf of a Terraform module, or a script for bash and the AWS command line.
        #[arg(long = "as", value_enum, default_value_t = TemplateForm::Cloudformation)]
        form: TemplateForm,
        /// Write it to this file instead.
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// Print the address of AWS's console where the roles are made by pressing one button; good for half an hour.
    QuickCreate {
        #[arg(value_parser = id)]
        account: String,
    },
    /// Try the roles: with the external id, without it and with another one, and for all that they are for.
    Verify {
        #[arg(value_parser = id)]
        account: String,
    },
    /// A cloud account, and what is in it that should not be.
    Show {
        #[arg(value_parser = id)]
        account: String,
    },
    /// All cloud accounts.
    #[command(visible_alias = "ls")]
    List,
    /// Unlink an account that no deployment lives in.
    #[command(visible_alias = "rm")]
    Remove {
        #[arg(value_parser = id)]
        account: String,
        #[command(flatten)]
        yes: Yes,
    },
}

/// What makes the roles.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum TemplateForm {
    Cloudformation,
    Terraform,
    Cli,
}

impl TemplateForm {
    /// Where the API's answer holds it.
    pub fn field(self) -> &'static str {
        match self {
            Self::Cloudformation => "template",
            Self::Terraform => "template_terraform",
            Self::Cli => "template_cli",
        }
    }
}
