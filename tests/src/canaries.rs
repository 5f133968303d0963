//! The secrets of a run, and the search for them in all that the run has left.
//!
//! A secret counts as found in any form that a program may have given it on the way: as it is, escaped for JSON or for an address, in
//! hexadecimal, or anywhere within base64. No report quotes one.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use std::collections::{BTreeMap, BTreeSet};

/// What must not be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Secret {
    /// Of PostgreSQL's administrator, as it was revealed.
    DatabasePassword,
    /// What the person signs in with.
    UserPassword,
    /// What the API is called with.
    AccessToken,
    /// What is exchanged for the next tokens.
    RefreshToken,
    /// The six digits from the mail.
    ConfirmationCode,
    /// What the control plane must present to take on the customer's role.
    ExternalId,
    /// What a WebSocket is opened with, once.
    SocketTicket,
    /// The secret key or the token of a session in the customer's account: the control plane's, or a machine's.
    CloudSession,
}

/// Where to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A log group: a function's or the gateway's.
    Log,
    /// A message in a queue.
    Queue,
    /// A row, whatever its table: jobs, deployments, events, the audit log, the outbox.
    Table,
    /// A statement with its parameters, as PostgreSQL logged it: also of rows that are gone.
    Statement,
    /// What the API answered, or the command line printed.
    Answer,
    /// What the API refused with, or the command line complained of.
    Error,
    /// The arguments of a process.
    Arguments,
    /// What an instance was started with.
    UserData,
    /// What a machine wrote down.
    Machine,
}

/// All of them: the search is no proof while one was not planted, or one was not looked at.
const SECRETS: [Secret; 8] = [
    Secret::DatabasePassword,
    Secret::UserPassword,
    Secret::AccessToken,
    Secret::RefreshToken,
    Secret::ConfirmationCode,
    Secret::ExternalId,
    Secret::SocketTicket,
    Secret::CloudSession,
];
const KINDS: [Kind; 9] =
    [Kind::Log, Kind::Queue, Kind::Table, Kind::Statement, Kind::Answer, Kind::Error, Kind::Arguments, Kind::UserData, Kind::Machine];

/// A place where a secret stands on purpose.
struct OnPurpose {
    secret: Secret,
    kind: Kind,
    place: &'static str,
    /// Whether each run must find it there. What nobody finds any more is no exception; and finding these shows that the search works.
    certain: bool,
    reason: &'static str,
}

const fn on_purpose(secret: Secret, kind: Kind, place: &'static str, certain: bool, reason: &'static str) -> OnPurpose {
    OnPurpose { secret, kind, place, certain, reason }
}

/// Every exception there is.
const ON_PURPOSE: [OnPurpose; 11] = [
    on_purpose(Secret::ExternalId, Kind::Table, "account", true, "the control plane presents it whenever it takes on the role"),
    on_purpose(Secret::ExternalId, Kind::Statement, "INSERT INTO account", true, "that is how it gets into the table"),
    on_purpose(Secret::ExternalId, Kind::Answer, "cloudsail account add", true, "the person puts it into their role's trust policy"),
    on_purpose(Secret::ExternalId, Kind::Answer, "cloudsail account template", false, "the same, in the form of another tool"),
    on_purpose(Secret::ExternalId, Kind::Answer, "cloudsail account verify", true, "the account as its owner sees it"),
    on_purpose(Secret::ExternalId, Kind::Answer, "cloudsail account show", true, "the same"),
    on_purpose(
        Secret::DatabasePassword,
        Kind::Answer,
        "POST /v1/deployment/{id}/connection/reveal",
        true,
        "the one route that is there to show it",
    ),
    on_purpose(Secret::SocketTicket, Kind::Answer, "POST /v1/socket/ticket", true, "that is how the page gets it"),
    on_purpose(
        Secret::AccessToken,
        Kind::Answer,
        "POST /v1/auth/sign-in",
        true,
        "the page holds it in memory; the refresh token is a cookie",
    ),
    on_purpose(Secret::AccessToken, Kind::Answer, "POST /v1/auth/refresh", true, "the same"),
    on_purpose(
        Secret::ConfirmationCode,
        Kind::Arguments,
        "cloudsail",
        false,
        "`confirm --code` on the person's own machine; the call spends it",
    ),
];

/// A form of a secret.
struct Needle {
    form: &'static str,
    text: String,
    /// Six digits are also a part of longer numbers.
    alone: bool,
}

impl Needle {
    fn is_in(&self, text: &str) -> bool {
        let part_of_more = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
        text.match_indices(&self.text).any(|(at, found)| {
            let (before, after) = (text[..at].chars().next_back(), text[at + found.len()..].chars().next());
            !self.alone || !(before.is_some_and(part_of_more) || after.is_some_and(part_of_more))
        })
    }
}

fn needles(secret: Secret, value: &str) -> Vec<Needle> {
    let needle = |form, text: String| Needle { form, text, alone: secret == Secret::ConfirmationCode };
    if secret == Secret::ConfirmationCode {
        return vec![needle("as it is", value.to_owned())];
    }
    // A JWT is of no use without its signature, and its head is everybody's.
    let value = match secret {
        Secret::AccessToken | Secret::RefreshToken => value.rsplit('.').next().unwrap_or(value),
        _ => value,
    };
    let json = serde_json::Value::from(value).to_string();
    let hex: String = value.bytes().map(|byte| format!("{byte:02x}")).collect();
    let escaped = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    let mut all = vec![
        needle("as it is", value.to_owned()),
        needle("in JSON", json[1..json.len() - 1].to_owned()),
        needle("in JSON within JSON", json[1..json.len() - 1].replace('\\', "\\\\").replace('"', "\\\"")),
        needle("in an address", value.bytes().map(escaped).collect()),
        needle("in hexadecimal", hex.to_uppercase()),
        needle("in hexadecimal", hex),
    ];
    for alphabet in [&STANDARD, &URL_SAFE] {
        for before in 0..3 {
            all.push(needle("within base64", within_base64(alphabet, before, value)));
        }
    }
    let mut seen = BTreeSet::new();
    all.retain(|needle| seen.insert(needle.text.clone()));
    all
}

/// The letters of base64 that are the value's alone, if `before` bytes (modulo 3) stand before it.
fn within_base64(alphabet: &impl Engine, before: usize, value: &str) -> String {
    let bytes = [&vec![0; before][..], value.as_bytes()].concat();
    let first = (before * 8).div_ceil(6);
    alphabet.encode(&bytes)[first..bytes.len() * 8 / 6].to_owned()
}

/// All that a run has left, by place.
#[derive(Default)]
pub struct Evidence {
    texts: BTreeMap<(Kind, String), BTreeSet<String>>,
}

impl Evidence {
    /// Keeps a text of a place, once.
    pub fn add(&mut self, kind: Kind, place: &str, text: &str) {
        if !text.trim().is_empty() {
            self.texts.entry((kind, place.to_owned())).or_default().insert(text.to_owned());
        }
    }

    /// Takes over another's.
    pub fn extend(&mut self, other: Self) {
        for ((kind, place), texts) in other.texts {
            self.texts.entry((kind, place)).or_default().extend(texts);
        }
    }
}

/// The secrets of a run.
#[derive(Default)]
pub struct Canaries {
    planted: BTreeMap<(Secret, String), Vec<Needle>>,
}

impl Canaries {
    /// From now on this is a secret. One that is known already stays.
    ///
    /// # Panics
    /// If the secret is too short to be told from other text.
    pub fn plant(&mut self, secret: Secret, value: &str) {
        assert!(value.len() >= if secret == Secret::ConfirmationCode { 6 } else { 12 }, "{secret:?} is too short to look for");
        self.planted.entry((secret, value.to_owned())).or_insert_with(|| needles(secret, value));
    }

    /// Each place where a secret was found and should not be; an exception that was not needed; and what makes the search no proof.
    #[must_use]
    pub fn findings(&self, evidence: &Evidence) -> Vec<String> {
        let mut findings = Vec::new();
        for secret in SECRETS.iter().filter(|secret| !self.planted.keys().any(|(planted, _)| planted == *secret)) {
            findings.push(format!("no {secret:?} was planted"));
        }
        for kind in KINDS.iter().filter(|kind| !evidence.texts.keys().any(|(looked, _)| looked == *kind)) {
            findings.push(format!("no {kind:?} was looked at"));
        }
        let mut needed = [false; ON_PURPOSE.len()];
        for ((kind, place), texts) in &evidence.texts {
            for ((secret, _), needles) in &self.planted {
                let Some(form) = texts.iter().find_map(|text| needles.iter().find(|needle| needle.is_in(text))) else { continue };
                let exception = ON_PURPOSE.iter().position(|one| (one.secret, one.kind, one.place) == (*secret, *kind, place.as_str()));
                match exception {
                    Some(one) => needed[one] = true,
                    None => findings.push(format!("{secret:?} stands in {kind:?} {place}, {}", form.form)),
                }
            }
        }
        for (one, _) in ON_PURPOSE.iter().zip(needed).filter(|(one, needed)| one.certain && !needed) {
            findings.push(format!("{:?} is not in {:?} {}, where it should be: {}", one.secret, one.kind, one.place, one.reason));
        }
        findings
    }
}
