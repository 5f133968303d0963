//! What the command line knows about itself.

use crate::args::Cli;
use crate::failure::Failure;
use crate::out::Out;
use clap::CommandFactory;
use clap_complete::Shell;
use clap_mangen::Man;

pub fn completions(out: &Out, shell: Shell) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "cloudsail", &mut script);
    out.line(&String::from_utf8_lossy(&script))
}

/// One page after the other: the command, then each of its commands.
pub fn pages(out: &Out) -> Result<(), Failure> {
    let mut command = Cli::command().disable_help_subcommand(true);
    command.build();
    let mut roff = Vec::new();
    page(&command, &mut roff).map_err(|error| Failure::service(error.to_string()))?;
    out.line(&String::from_utf8_lossy(&roff))
}

fn page(command: &clap::Command, roff: &mut Vec<u8>) -> std::io::Result<()> {
    Man::new(command.clone()).render(roff)?;
    command.get_subcommands().filter(|sub| !sub.is_hide_set()).try_for_each(|sub| page(sub, roff))
}
