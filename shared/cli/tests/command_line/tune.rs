use crate::home::{Home, Seen};
use std::io::Write;
use std::process::{Command, Stdio};

/// Runs `cloudsail tune` without an API, with these lines on standard input.
fn tune(arguments: &[&str], lines: &str) -> Seen {
    let home = Home::at("");
    let mut command = home.dressed(Command::new(env!("CARGO_BIN_EXE_cloudsail")), &[&["tune"], arguments].concat());
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let text = lines.to_owned();
    // What it does not read, since it ended at an earlier line, it need not read.
    let writer = std::thread::spawn(move || _ = stdin.write_all(text.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Seen { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

const LINE: &str = r#"{"input":{"version":17,"os":"linux","workload":"web","memory":8,"memory_unit":"GB","cpus":2,"connections":null,"disk":"ssd","size":"mid_ram"}}"#;

#[test]
fn pgtune_answers_every_line_in_order() {
    let vectors = include_str!("../../../knowledge/tests/pgtune-vectors.jsonl");
    let out = tune(&["--pgtune"], vectors).good();
    for (answer, line) in out.lines().zip(vectors.lines()) {
        let settings = line.split_once(r#","settings":"#).unwrap().1;
        assert_eq!(answer, format!(r#"{{"settings":{settings}"#));
    }
    assert_eq!(out.lines().count(), 300);
}

#[test]
fn a_wrong_line_is_named_with_its_field_and_what_would_do() {
    let cases = [
        (LINE.replace("linux", "bsd"), "line 2: input.os: must be one of linux, windows, mac"),
        (LINE.replace("17", "\"17\""), "line 2: input.version: invalid type: string \"17\""),
        (LINE.replace(r#""disk":"ssd","#, ""), "line 2: input: missing field `disk`"),
        (LINE.replace("8", "0"), "line 2: input.memory: must be at least 512 MB"),
        (LINE.replace("disk", "disc"), "line 2: input.disc: unknown field `disc`, expected one of"),
        ("{".to_owned(), "line 2: is not JSON"),
        (format!("{LINE} {LINE}"), "line 2: there is more after the object"),
    ];
    for (line, message) in cases {
        let seen = tune(&["--pgtune"], &format!("{LINE}\n{line}\n"));
        assert_eq!((seen.code, seen.out.lines().count()), (2, 1), "{}", seen.err);
        assert!(seen.err.contains(message) && seen.err.contains("cloudsail tune --help"), "{}\n{message}", seen.err);
    }
}
