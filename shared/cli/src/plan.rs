use crate::api::Api;
use crate::failure::Failure;
use crate::files;
use serde_json::{Value, json};
use std::path::Path;

pub fn create(api: &Api, file: &Path) -> Result<(), Failure> {
    let body: Value =
        serde_json::from_str(&files::read(file)?).map_err(|error| Failure::usage(format!("{} is not JSON: {error}", file.display())))?;
    let answer = api.post("/v1/plan", &body)?;
    api.print(&answer, || answer["id"].as_str().unwrap_or_default().to_owned());
    Ok(())
}

pub fn list(api: &Api) -> Result<(), Failure> {
    let mut items = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let query = cursor.map_or_else(String::new, |cursor| format!("&cursor={cursor}"));
        let page = api.get(&format!("/v1/plan?limit=100{query}"))?;
        items.extend(page["items"].as_array().cloned().unwrap_or_default());
        cursor = page["next_cursor"].as_str().map(str::to_owned);
        if cursor.is_none() {
            break;
        }
    }
    let line = |item: &Value| {
        let of = |key: &str| item[key].as_str().unwrap_or("-").to_owned();
        format!("{:<38} {:<14} {:<38} {}\n", of("id"), of("status"), of("deployment_id"), of("name"))
    };
    api.print(&json!({"items": items}), || {
        if items.is_empty() {
            return "No plans yet. Make one: cloudsail plan create --file plan.json".to_owned();
        }
        let head = format!("{:<38} {:<14} {:<38} {}\n", "PLAN", "STATUS", "DEPLOYMENT", "NAME");
        (head + &items.iter().map(line).collect::<String>()).trim_end().to_owned()
    });
    Ok(())
}

pub fn show(api: &Api, plan: &str) -> Result<(), Failure> {
    let answer = api.get(&format!("/v1/plan/{plan}"))?;
    api.print(&answer, || serde_json::to_string_pretty(&answer).unwrap_or_default());
    Ok(())
}
