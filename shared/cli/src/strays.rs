//! What is in an account and not in the ledger, and the other way round.

use crate::api::Api;
use crate::failure::Failure;
use crate::out::{Out, moment, tame, text};
use crate::table::Table;
use serde_json::{Value, json};

pub fn reconcile(api: &Api, out: &Out, account: Option<&str>) -> Result<(), Failure> {
    let ask = |id: &str| api.post(&format!("/v1/account/{id}/reconcile"), &json!({}));
    if let Some(id) = account {
        let answer = ask(id).map_err(|failure| failure.hint_at(409, format!("cloudsail account verify {id}")))?;
        return out.show(&answer, || report(out, &answer));
    }
    let (mut items, mut failed) = (Vec::new(), None);
    // One that is not verified can't be looked into, and says so in the list of accounts.
    for found in api.all("/v1/account")?.iter().filter(|account| account["status"] == "verified") {
        let id = text(&found["id"]);
        match ask(id) {
            Ok(strays) => items.push(json!({"id": id, "strays": strays})),
            // The others are looked through all the same.
            Err(failure) => {
                items.push(json!({"id": id, "strays": {"problem": failure.to_string()}}));
                failed = Some(failure);
            }
        }
    }
    out.show(&json!({"items": items}), || {
        if items.is_empty() {
            return "No cloud account is verified. See: cloudsail account list".to_owned();
        }
        let one = |item: &Value| format!("{}\n{}", text(&item["id"]), report(out, &item["strays"]));
        items.iter().map(one).collect::<Vec<_>>().join("\n")
    })?;
    failed.map_or(Ok(()), Err)
}

/// How many, or nothing where nobody has looked.
pub fn count(strays: &Value) -> String {
    strays["count"].as_u64().map_or_else(String::new, |count| count.to_string())
}

/// The figures, and a line for each of them.
pub fn report(out: &Out, strays: &Value) -> String {
    let problem = strays["problem"].as_str().map_or_else(String::new, |why| format!("\nThe last look: {}", tame(why)));
    let Some(count) = strays["count"].as_u64() else { return format!("Not looked through{problem}\n") };
    let word = if count == 1 { "stray" } else { "strays" };
    let cost =
        if count == 0 { String::new() } else { format!(", {} {} a month", text(&strays["monthly_cost"]), text(&strays["currency"])) };
    let mut all = format!("{count} {word}{cost} ({}){problem}\n", moment(&strays["checked_at"]));
    let found = [("stray", "items"), ("ghost", "ghosts"), ("removed", "removed")].map(|(word, key)| (word, strays[key].as_array()));
    let lines: Vec<_> = found.into_iter().flat_map(|(word, list)| list.into_iter().flatten().map(move |one| (word, one))).collect();
    if lines.is_empty() {
        return all;
    }
    let mut table = Table::new(["FOUND", "KIND", "ID", "REGION", "AGE", "A MONTH", "WHY"]);
    for (word, one) in lines {
        let of = |key: &str| text(&one[key]).to_owned();
        table.row([word.to_owned(), of("kind"), of("id"), of("region"), age(&one["age_s"]), of("monthly_cost"), of("why")]);
    }
    all += &table.text(out);
    all
}

/// In the largest unit that is whole.
fn age(seconds: &Value) -> String {
    let Some(seconds) = seconds.as_i64() else { return String::new() };
    let units = [("d", 86_400), ("h", 3_600), ("min", 60)];
    let unit = units.iter().find(|(_, length)| seconds >= *length);
    unit.map_or_else(|| format!("{seconds} s"), |(name, length)| format!("{} {name}", seconds / length))
}
