//! What a deploy would do, for people.

use crate::api::Api;
use crate::failure::Failure;
use crate::out::{Out, tame, text};
use crate::table::Table;
use serde_json::{Value, json};

pub fn preview(api: &Api, out: &Out, plan: &str, account: bool, all: bool) -> Result<(), Failure> {
    let query = if account { "" } else { "?account=false" };
    let answer = api.post(&format!("/v1/plan/{plan}/preview{query}"), &json!({}))?;
    out.show(&answer, || {
        let parts = [kind(&answer), changes(&answer, out), settings(&answer, out, all), cost(&answer, out), notes(&answer)];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
    })
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn kind(answer: &Value) -> String {
    match (text(&answer["kind"]), text(&answer["effect"])) {
        ("none", _) => "What runs is what the plan says: a deploy would change nothing.\n".to_owned(),
        ("new", _) => "A deploy would make this:\n".to_owned(),
        (_, "in_place" | "reload") => "A deploy would change this, and no connection is cut:\n".to_owned(),
        (_, "restart") => "A deploy would change this, with one restart of PostgreSQL:\n".to_owned(),
        (_, "reboot") => "A deploy would change this; the machine is stopped and started for it:\n".to_owned(),
        (_, "replace") => "A deploy would change this; another machine takes over the data volume:\n".to_owned(),
        _ => "A deploy would change this:\n".to_owned(),
    }
}

fn changes(answer: &Value, out: &Out) -> String {
    let changes = &answer["changes"];
    let mut table = Table::new(["WHAT", "RESOURCE", "HOW", "DETAIL"]);
    let mut rows = 0;
    for (what, items) in [("make", &changes["create"]), ("remove", &changes["remove"])] {
        for item in list(items) {
            rows += 1;
            table.row([what.to_owned(), text(&item["id"]).to_owned(), String::new(), text(&item["type"]).to_owned()]);
        }
    }
    for item in list(&changes["change"]) {
        for field in list(&item["fields"]) {
            rows += 1;
            let detail = format!("{} {} -> {}", text(&field["pointer"]), field["from"], field["to"]);
            table.row(["change".to_owned(), text(&item["id"]).to_owned(), text(&field["how"]).to_owned(), detail]);
        }
    }
    for setting in list(&changes["settings"]) {
        rows += 1;
        let value = |side: &str| setting[side].as_str().unwrap_or("default").to_owned();
        let detail = format!("{} -> {}", value("from"), value("to"));
        table.row(["set".to_owned(), text(&setting["name"]).to_owned(), text(&setting["how"]).to_owned(), detail]);
    }
    if rows == 0 { String::new() } else { table.text(out) }
}

fn settings(answer: &Value, out: &Out, all: bool) -> String {
    let components = answer["configuration"].as_object();
    let settings: Vec<Value> = components.into_iter().flatten().flat_map(|(_, one)| list(&one["settings"]).to_vec()).collect();
    if !all {
        return format!("PostgreSQL gets {} settings; --settings shows each with its reason.\n", settings.len());
    }
    let cells = |item: &Value| [text(&item["name"]).to_owned(), text(&item["value"]).to_owned(), text(&item["reason"]).to_owned()];
    Table::of(["SETTING", "VALUE", "REASON"], &settings, cells).text(out)
}

fn cost(answer: &Value, out: &Out) -> String {
    let cost = &answer["cost"];
    let currency = text(&cost["currency"]);
    let amount = |value: &Value| value.as_str().map_or_else(|| "unknown".to_owned(), |amount| format!("{} {currency}", cents(amount)));
    let mut table = Table::new(["A MONTH", "AMOUNT", "REASON"]);
    for part in list(&cost["parts"]) {
        table.row([text(&part["what"]).to_owned(), amount(&part["monthly"]), text(&part["reason"]).to_owned()]);
    }
    let age = cost["age_days"].as_u64().map_or_else(String::new, |days| format!("prices are {days} days old"));
    table.row(["all but traffic".to_owned(), amount(&cost["monthly"]), age]);
    if !cost["monthly_ceiling"].is_null() {
        let reason = "once the disk has grown as far as the plan lets it".to_owned();
        table.row(["at most".to_owned(), amount(&cost["monthly_ceiling"]), reason]);
    }
    table.text(out)
}

/// The amount with two decimals, rounded: `37.848` is `37.85`.
fn cents(amount: &str) -> String {
    amount.parse::<f64>().map_or_else(|_| amount.to_owned(), |number| format!("{number:.2}"))
}

fn notes(answer: &Value) -> String {
    let mut lines = String::new();
    for (word, items) in [("warning", &answer["warnings"]), ("problem", &answer["problems"])] {
        for item in list(items) {
            let at = item["pointer"].as_str().map_or_else(String::new, |pointer| format!(" {pointer}"));
            lines += &tame(&format!("{word}{at}: {}", text(&item["message"])));
            lines.push('\n');
        }
    }
    match list(&answer["problems"]) {
        [] if answer["problems"].is_null() => lines + "The account was not looked at.\n",
        [] => lines + "Nothing in the account stands in the way.\n",
        _ => lines,
    }
}
