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

const MACHINE: &str = r#"{"version":17,"memory_mib":8192,"cpu":2,"disk_gib":100,"workload":"web","max_connections":200}"#;

#[test]
fn every_machine_gets_settings_with_reasons_and_overrides_are_said() {
    let decided = MACHINE.replace('}', r#","archiving":true,"settings":{"work_mem":"64MB"}}"#);
    let out = tune(&[], &format!("{MACHINE}\n\n{decided}\n")).good();
    let answers: Vec<serde_json::Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), 2);
    let of = |answer: usize, kind: &str, name: &str| {
        answers[answer][kind].as_array().unwrap().iter().find(|s| s["name"] == name).cloned().unwrap_or_default()
    };
    let work_mem = [of(0, "settings", "work_mem"), of(1, "settings", "work_mem")];
    assert_eq!((&work_mem[0]["overridden"], &work_mem[1]["overridden"]), (&false.into(), &true.into()));
    assert_eq!(work_mem[1]["value"], "64MB");
    assert!(work_mem[1]["reason"].as_str().unwrap().contains(work_mem[0]["value"].as_str().unwrap()), "the rule's value is said");
    assert!(work_mem[0]["reason"].as_str().unwrap().contains("200") && work_mem[0]["source"].as_str().unwrap().starts_with("https://"));
    assert!(of(0, "kernel", "vm.nr_hugepages").is_object() && of(0, "limits", "LimitNOFILE").is_object());
}

#[test]
fn the_configuration_is_printed_as_a_file() {
    let out = tune(&["--format", "conf"], &format!("{MACHINE}\n{MACHINE}\n")).good();
    let files: Vec<_> = out.trim_end().split("\n\n").collect();
    assert_eq!((files.len(), files[0]), (2, files[1]));
    assert!(files[0].lines().collect::<Vec<_>>().chunks(2).all(|pair| pair[0].starts_with("# ") && pair[1].contains(" = ")), "{out}");
}

#[test]
fn a_wrong_machine_is_named_with_its_field_and_what_would_do() {
    let cases = [
        (MACHINE.replace("web", "shop"), "line 1: workload: unknown variant `shop`, expected one of `web`"),
        (MACHINE.replace(":17", ":12"), "line 1: version: must be 13 to 18"),
        (MACHINE.replace("200", "5"), "line 1: max_connections: must be 10 to 10000"),
        (MACHINE.replace("cpu", "cpus"), "line 1: cpus: unknown field `cpus`, expected one of"),
        (MACHINE.replace('}', r#","settings":{"fsync":"off"}}"#), "line 1: fsync: must be on"),
    ];
    for (line, message) in cases {
        let seen = tune(&[], &line);
        assert_eq!((seen.code, seen.out.as_str()), (2, ""), "{}", seen.err);
        assert!(seen.err.contains(message), "{}\n{message}", seen.err);
    }
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
