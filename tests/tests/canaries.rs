//! The search for secrets finds what is there, in any form, and nothing else.

use cloudsail_tests::canaries::{Canaries, Evidence, Kind, Secret};

const PASSWORD: &str = "p\"4%/word\\with+all";
const TOKEN: &str = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJtZSJ9.c2lnbmF0dXJlLW9mLXRoZS1hY2Nlc3M";

fn canaries() -> Canaries {
    let mut canaries = Canaries::default();
    canaries.plant(Secret::DatabasePassword, PASSWORD);
    canaries.plant(Secret::UserPassword, "Correct-horse-1-battery");
    canaries.plant(Secret::AccessToken, TOKEN);
    canaries.plant(Secret::RefreshToken, "an-opaque-refresh-token");
    canaries.plant(Secret::ConfirmationCode, "271828");
    canaries.plant(Secret::ExternalId, "0123456789abcdef0123456789abcdef");
    canaries.plant(Secret::SocketTicket, "a-ticket-for-a-socket");
    canaries.plant(Secret::CloudSession, "a-session-in-the-account");
    canaries
}

/// What a run leaves in which all is as it should be.
fn clean() -> Evidence {
    let mut evidence = Evidence::default();
    let kinds = [Kind::Log, Kind::Queue, Kind::Table, Kind::Statement, Kind::Answer, Kind::Error, Kind::Arguments, Kind::UserData];
    for kind in kinds.into_iter().chain([Kind::Machine]) {
        evidence.add(kind, "somewhere", "nothing of note");
    }
    let external_id = r#"{"external_id":"0123456789abcdef0123456789abcdef"}"#;
    evidence.add(Kind::Table, "account", external_id);
    evidence.add(Kind::Statement, "INSERT INTO account", "parameters: $8 = '0123456789abcdef0123456789abcdef'");
    evidence.add(Kind::Answer, "cloudsail account add", external_id);
    evidence.add(Kind::Answer, "cloudsail account verify", external_id);
    evidence.add(Kind::Answer, "cloudsail account show", external_id);
    let revealed = serde_json::json!({ "password": PASSWORD }).to_string();
    evidence.add(Kind::Answer, "POST /v1/deployment/{id}/connection/reveal", &revealed);
    evidence.add(Kind::Answer, "POST /v1/socket/ticket", r#"{"ticket":"a-ticket-for-a-socket"}"#);
    evidence.add(Kind::Answer, "POST /v1/auth/sign-in", TOKEN);
    evidence.add(Kind::Answer, "POST /v1/auth/refresh", TOKEN);
    evidence
}

fn with(kind: Kind, place: &str, text: &str) -> Vec<String> {
    let mut evidence = clean();
    evidence.add(kind, place, text);
    canaries().findings(&evidence)
}

#[test]
fn a_run_that_leaves_nothing_secret_passes() {
    assert_eq!(canaries().findings(&clean()), Vec::<String>::new());
}

#[test]
fn a_secret_is_found_in_whatever_form() {
    // Of `echo -n` and `base64`, `xxd -p` and `jq @uri`, so that the search is not held to itself.
    let forms = [
        ("as it is", format!("login with {PASSWORD} failed")),
        ("in JSON", r#"{"password":"p\"4%/word\\with+all"}"#.to_owned()),
        ("in JSON within JSON", r#"{"message":"{\"password\":\"p\\\"4%/word\\\\with+all\"}"}"#.to_owned()),
        ("in an address", "GET /?p=p%224%25%2Fword%5Cwith%2Ball&x".to_owned()),
        ("in hexadecimal", "\\x70223425 ".to_owned() + "702234252f776f72645c776974682b616c6c"),
        ("in hexadecimal", "702234252F776F72645C776974682B616C6C".to_owned()),
        ("within base64", "cCI0JS93b3JkXHdpdGgrYWxs".to_owned()),
        ("within base64", "Basic dTpwIjQlL3dvcmRcd2l0aCthbGwK".to_owned()),
        ("within base64", "dTpwIjQlL3dvcmRcd2l0aCthbGw6".to_owned()),
        ("within base64", "eHAiNCUvd29yZFx3aXRoK2FsbA==".to_owned()),
    ];
    for (form, text) in forms {
        let findings = with(Kind::Log, "/aws/lambda/worker", &text);
        assert_eq!(findings, [format!("DatabasePassword stands in Log /aws/lambda/worker, {form}")], "{text}");
    }
}

#[test]
fn each_secret_is_found_and_no_finding_quotes_it() {
    let values = [
        (Secret::UserPassword, "Correct-horse-1-battery"),
        (Secret::AccessToken, TOKEN),
        (Secret::RefreshToken, "an-opaque-refresh-token"),
        (Secret::ConfirmationCode, "271828"),
        (Secret::ExternalId, "0123456789abcdef0123456789abcdef"),
        (Secret::SocketTicket, "a-ticket-for-a-socket"),
        (Secret::CloudSession, "a-session-in-the-account"),
    ];
    for (secret, value) in values {
        let findings = with(Kind::Queue, "jobs", &format!(r#"{{"strand":"{value}"}}"#));
        assert_eq!(findings, [format!("{secret:?} stands in Queue jobs, as it is")]);
        assert!(!findings[0].contains(value));
    }
}

#[test]
fn a_token_is_known_by_its_signature_alone() {
    assert!(with(Kind::Log, "gateway", "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJtZSJ9.[cut]").is_empty());
    assert_eq!(with(Kind::Log, "gateway", "bearer=…c2lnbmF0dXJlLW9mLXRoZS1hY2Nlc3M").len(), 1);
}

#[test]
fn a_code_is_no_part_of_a_longer_number() {
    for number in ["12718280", "at 21:38:31.271828", "i-271828", "x271828"] {
        assert!(with(Kind::Log, "worker", number).is_empty(), "{number}");
    }
    for code in ["271828", "code=271828&", "\"271828\"", "is 271828,"] {
        assert_eq!(with(Kind::Log, "worker", code).len(), 1, "{code}");
    }
}

#[test]
fn what_is_allowed_in_one_place_is_allowed_in_no_other() {
    let external_id = "0123456789abcdef0123456789abcdef";
    for (kind, place) in [(Kind::Table, "strand"), (Kind::Log, "account"), (Kind::Answer, "cloudsail status")] {
        assert_eq!(with(kind, place, external_id).len(), 1, "{kind:?} {place}");
    }
    assert_eq!(with(Kind::Table, "account", PASSWORD), ["DatabasePassword stands in Table account, as it is"]);
    assert!(with(Kind::Arguments, "cloudsail", "cloudsail confirm --code 271828").is_empty());
    assert_eq!(with(Kind::Arguments, "psql", "psql --code 271828").len(), 1);
}

#[test]
fn a_search_that_looked_at_nothing_or_for_nothing_is_no_proof() {
    let findings = Canaries::default().findings(&Evidence::default());
    assert!(findings.contains(&"no RefreshToken was planted".to_owned()) && findings.contains(&"no UserData was looked at".to_owned()));
    let mut blank = Evidence::default();
    blank.add(Kind::UserData, "i-1", " \n");
    assert!(canaries().findings(&blank).contains(&"no UserData was looked at".to_owned()), "an empty text is none");
    let mut evidence = Evidence::default();
    evidence.add(Kind::Table, "account", "no external id");
    let missed = |finding: &String| finding.starts_with("ExternalId is not in Table account, where it should be");
    assert!(canaries().findings(&evidence).iter().any(missed));
}

#[test]
#[should_panic(expected = "too short")]
fn what_is_too_short_to_be_a_secret_is_refused() {
    Canaries::default().plant(Secret::UserPassword, "hunter2");
}
