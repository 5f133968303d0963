//! Prints the template of the role that a customer makes, for a link with the short id `LINK`: what `tests/audit` reads.
#![expect(clippy::print_stdout, reason = "what it prints is what it is for")]

fn main() {
    println!("{}", clouds::access::role_template("000000000000", "external-id", "LINK"));
}
