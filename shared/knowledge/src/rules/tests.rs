use super::{Chosen, Domain, Given, Input, Kind, Place, Rules, load};
use crate::Error;
use std::collections::BTreeMap;

static INPUTS: [Input; 4] = [
    Input { name: "memory", domain: Domain::Between(Kind::Size, 1 << 10, 1 << 30) },
    Input { name: "cpu", domain: Domain::Between(Kind::Number, 0, 64) },
    Input { name: "workload", domain: Domain::Choice(&["web", "dw"]) },
    Input { name: "archiving", domain: Domain::Between(Kind::Truth, 0, 1) },
];

fn rules(text: &str) -> Result<Rules, Error> {
    load("test.toml", &format!("version = 3\n{text}"), &INPUTS, &|_, _| Ok(None))
}

/// A setting whose reason names every input.
fn setting(name: &str, value: &str) -> String {
    format!(
        "[[setting]]\nname = '{name}'\nvalue = '{value}'\nreason = '{{memory}} {{cpu}} {{workload}} {{archiving}}'\nsource = 'https://x'\n"
    )
}

fn given(memory: i64, cpu: i64, workload: &str, archiving: i64) -> [Given<'_>; 4] {
    [Given::Number(memory), Given::Number(cpu), Given::Word(workload), Given::Number(archiving)]
}

fn value(expression: &str) -> String {
    let rules = rules(&setting("x", expression)).unwrap();
    rules.evaluate(&given(3 << 20, 5, "dw", 1), &BTreeMap::new()).unwrap()[0].value.clone()
}

#[test]
fn expressions_are_exact_and_print_as_postgresql_reads_them() {
    let cases = [
        ("memory / 4", "768MB"),
        ("memory / 7", "449389kB"),
        ("memory * 1.3", "4089446kB"),
        ("memory / 1.5", "2GB"),
        ("memory / 2MB", "1536"),
        ("min(memory, 1GB, 2TB) + 1MB", "1025MB"),
        ("clamp(cpu, 8, 32)", "8"),
        ("clamp(cpu, 1, 3)", "3"),
        ("ceil(cpu, 2) / 2 + floor(cpu, 4)", "7"),
        ("floor(memory + 1kB, 8kB)", "3GB"),
        ("1 + 2 * 3 - 4 / 3", "6"),
        ("(1 + 2) * 3", "9"),
        ("-cpu", "-5"),
        ("0.9", "0.9"),
        ("4.0", "4"),
        ("0.0050 * cpu", "0.025"),
        ("90s + 30s", "2min"),
        ("1min / 4", "15s"),
        ("0ms", "0"),
        ("archiving", "on"),
        ("not archiving", "off"),
        ("if workload == \"web\" then \"a\" else if cpu != 5 or not archiving then \"b\" else \"c d\"", "c d"),
        ("if cpu > 4 and cpu >= 5 and cpu < 6 and cpu <= 5 then 1 else 2", "1"),
    ];
    for (expression, expected) in cases {
        assert_eq!(value(expression), expected, "{expression}");
    }
}

#[test]
fn the_first_rule_whose_condition_holds_gives_the_value_and_the_sentence() {
    let text = "[[value]]\nname = 'half'\nvalue = 'memory / 2'\n
[[setting]]\nname = 'x'\nwhen = 'cpu > 4'\nvalue = 'half'\nreason = 'half of {memory / 1MB} MiB, with {cpu} CPUs'\nsource = 'https://a'
[[setting]]\nname = 'x'\nvalue = 'memory'\nreason = 'all of {memory}'\nsource = 'https://b'\n";
    let rules = rules(text).unwrap();
    assert_eq!(rules.version, 3);
    let one = |cpu| {
        let outcomes = rules.evaluate(&given(2 << 20, cpu, "web", 0), &BTreeMap::new()).unwrap();
        assert_eq!((outcomes.len(), outcomes[0].place), (1, Place::Setting));
        (outcomes[0].value.clone(), outcomes[0].reason.clone(), outcomes[0].source.to_owned())
    };
    assert_eq!(one(5), ("1GB".to_owned(), "half of 2048 MiB, with 5 CPUs".to_owned(), "https://a".to_owned()));
    assert_eq!(one(4), ("2GB".to_owned(), "all of 2GB".to_owned(), "https://b".to_owned()));
}

#[test]
fn what_a_person_chose_is_what_later_rules_see() {
    let rules = rules(&[setting("x", "memory / 4"), setting("y", "x / 2"), setting("z", "\"a\"")].concat()).unwrap();
    let chosen = BTreeMap::from([("x", Chosen::Number(8)), ("z", Chosen::Word("b".to_owned()))]);
    let outcomes = rules.evaluate(&given(1 << 20, 1, "web", 0), &chosen).unwrap();
    let values: Vec<_> = outcomes.iter().map(|outcome| outcome.value.as_str()).collect();
    assert_eq!(values, ["256MB", "4kB", "a"], "the rule's own value is kept beside");
}

#[test]
fn an_input_out_of_its_range_is_refused_by_name() {
    let rules = rules(&setting("x", "cpu")).unwrap();
    let refused = |given: [Given<'_>; 4]| rules.evaluate(&given, &BTreeMap::new()).unwrap_err();
    assert_eq!(refused(given(1, 1, "web", 0)), ("memory", "must be 1MB to 1024GB".to_owned()));
    assert_eq!(refused(given(1024, 1, "oltp", 0)), ("workload", "must be one of web, dw".to_owned()));
}

#[test]
fn a_broken_file_is_refused_with_its_line() {
    let with = |name: &str, value: &str| setting(name, value);
    let reason = |reason: &str| setting("x", "cpu").replace("{memory} {cpu} {workload} {archiving}", reason);
    let lines = |text: &str| format!("\n\n{text}");
    let deep = format!("{}1{}", "(".repeat(500), ")".repeat(500));
    let cases = [
        // The line (`version` has the first), what the message holds, the file.
        (2, "key with no value", "what".to_owned()),
        (3, "unknown field `wen`", "[[setting]]\nwen = 'x'\n".to_owned()),
        (4, "a value is missing at the end", with("x", "1 +")),
        (4, "`$` means nothing here", with("x", "1 $ 2")),
        (4, "no closing", with("x", "\"a")),
        (4, "the end is missing where `2` stands", with("x", "1 2")),
        (4, "`)` is missing", with("x", "(1")),
        (4, "`then` is missing", with("x", "if archiving 1 else 2")),
        (4, "nest", with("x", &deep)),
        (4, "`12GiB` is not a number", with("x", "12GiB")),
        (4, "`99999999999999999999` is not a number", with("x", "99999999999999999999")),
        (4, "`1.23456` is not a number", with("x", "1.23456")),
        (4, "no `memori` among the inputs", with("x", "memori")),
        (4, "no function `minimum`", with("x", "minimum(1, 2)")),
        (4, "`min` can't take 1 values", with("x", "min(1)")),
        (4, "`x` gets its value here or further down", with("x", "x + 1")),
        (4, "`y` gets its value here or further down", [with("x", "y"), with("y", "x")].concat()),
        (4, "`+` can't join a size and a number", with("x", "memory + 1")),
        (4, "`==` can't join a size and a text", with("x", "if memory == \"web\" then 1 else 2")),
        (4, "`workload` is never \"olpt\"; it is one of web, dw", with("x", "if workload == \"olpt\" then 1 else 2")),
        (4, "after `if` must be yes or no", with("x", "if cpu then 1 else 2")),
        (4, "must be a number, and is a size", with("x", "if archiving then 1 else 2MB")),
        (4, "may be 0 or less", with("x", "memory / cpu")),
        (4, "too large", with("x", "memory * 1024 * 1024 * 1024 * 1024")),
        (4, "one fixed value", with("x", "floor(memory, memory)")),
        (3, "`cpu` is an input", with("cpu", "1")),
        (8, "`x` has a rule without condition above", [with("x", "1"), with("x", "2")].concat()),
        (5, "does not name {cpu}", reason("{memory} is named")),
        (5, "does not name {cpu}", reason("nothing is named")),
        (5, "`}` is missing at the end", reason("{cpu")),
        (5, "`}` is missing where `of` stands", reason("{cpu of it")),
        (5, "no `cpus` among", reason("{cpus}")),
        (3, "`x` has no `reason`", "[[setting]]\nname = 'x'\nvalue = '1'\nsource = 'https://x'\n".to_owned()),
        (3, "`x` has no `source`", "[[setting]]\nname = 'x'\nvalue = '1'\nreason = 'so'\n".to_owned()),
        (3, "no `source` that starts", setting("x", "1").replace("https://x", "a book")),
        (3, "`x` has no `value`", "[[value]]\nname = 'x'\n".to_owned()),
        (3, "has no `when`", "[[refuse]]\nname = 'x'\nreason = 'no'\nsource = 'https://x'\n".to_owned()),
        (4, "`when` must be yes or no, and is a number", with("x", "1").replace("value", "when = '1'\nvalue")),
        (12, "`x` may have no value", [with("x", "1").replace("value", "when = 'archiving'\nvalue"), lines(&with("y", "x"))].concat()),
        (6, "no `b` among", "[[value]]\nname = 'x'\nvalue = '''\ncpu +\n b'''\n".to_owned()),
    ];
    for (line, message, text) in &cases {
        let Err(Error::Broken { file, line: at, message: said }) = rules(text) else { panic!("accepted: {text}") };
        assert!(said.contains(message), "{text}\n{said}\n{message}");
        assert_eq!((file, at), ("test.toml", *line), "{text}\n{said}");
    }
}

#[test]
fn a_sentence_may_name_what_stands_behind_a_value() {
    let helper = "[[value]]\nname = 'half'\nvalue = 'memory / 2'\n";
    let setting = |reason: &str| format!("{helper}[[setting]]\nname = 'x'\nvalue = 'half'\nreason = '{reason}'\nsource = 'https://x'\n");
    assert!(rules(&setting("half of {memory}")).is_ok() && rules(&setting("all of {half}")).is_ok());
    assert!(rules(&setting("half of it")).is_err());
}

mod fuzz {
    use super::{given, rules, setting};
    use proptest::prelude::{Just, Strategy, any, prop_assert, prop_oneof, proptest};
    use proptest::sample::select;
    use std::collections::BTreeMap;

    /// Expressions of every shape, most of them of a wrong kind somewhere.
    fn expressions() -> impl Strategy<Value = String> {
        let leaf = prop_oneof![
            select(vec!["memory", "cpu", "workload", "archiving", "on", "0.5", "2.0", "1GB", "7kB", "3min", "\"dw\""])
                .prop_map(str::to_owned),
            (0u32..5000).prop_map(|number| number.to_string()),
        ];
        leaf.prop_recursive(5, 40, 3, |inner| {
            let sign = select(vec!["+", "-", "*", "/", "<", ">=", "==", "!=", "and", "or"]);
            let call = select(vec!["min", "max", "floor", "ceil"]);
            prop_oneof![
                (inner.clone(), sign, inner.clone()).prop_map(|(a, sign, b)| format!("({a} {sign} {b})")),
                (call, inner.clone(), inner.clone()).prop_map(|(call, a, b)| format!("{call}({a}, {b})")),
                (inner.clone(), inner.clone(), inner.clone()).prop_map(|(a, b, c)| format!("(if {a} then {b} else {c})")),
                (inner.clone(), Just("1")).prop_map(|(a, least)| format!("(1GB / max({a}, {least}))")),
                inner.prop_map(|a| format!("-{a}")),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "[a-z0-9 .\"(){}<>=!+*/,é-]{0,40}") {
            let quoted = text.replace('\'', " ");
            let _ = rules(&setting("x", &quoted));
            let _ = rules(&setting("x", "1").replace("{memory}", &quoted));
        }

        #[test]
        fn what_was_loaded_can_be_evaluated(expression in expressions(), memory in 1024i64..=1 << 30, cpu in 0i64..=64, dw in any::<bool>(), archiving in 0i64..=1) {
            let Ok(rules) = rules(&setting("x", &expression)) else { return Ok(()) };
            let word = if dw { "dw" } else { "web" };
            for (memory, cpu) in [(memory, cpu), (1024, 0), (1 << 30, 64), (1024, 64), (1 << 30, 0)] {
                let outcomes = rules.evaluate(&given(memory, cpu, word, archiving), &BTreeMap::new());
                prop_assert!(outcomes.is_ok_and(|outcomes| !outcomes[0].value.is_empty()), "{expression}");
            }
        }
    }
}
