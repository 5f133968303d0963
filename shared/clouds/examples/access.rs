//! Prints the template of the roles that a customer makes, for a link with the short id `LINK`: what `tests/audit` and
//! `tests/access` read. `--as terraform` and `--as cli` print its other forms.
#![expect(clippy::print_stdout, reason = "what it prints is what it is for")]

use clouds::access::Template;

fn main() {
    let template = Template { control_account_id: "000000000000", account_id: "222222222222", external_id: "external-id", link: "LINK" };
    match std::env::args().nth(2).as_deref() {
        Some("terraform") => print!("{}", template.terraform()),
        Some("cli") => print!("{}", template.cli()),
        _ => println!("{}", template.cloudformation()),
    }
}
