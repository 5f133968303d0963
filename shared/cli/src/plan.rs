use crate::api::Api;
use crate::failure::Failure;
use crate::out::{Out, text};
use crate::table::Table;
use crate::{ask, files};
use serde_json::{Value, json};
use std::path::Path;

pub fn create(api: &Api, out: &Out, file: &Path) -> Result<(), Failure> {
    let answer = api.post("/v1/plan", &files::read_json(file)?)?;
    out.show(&answer, || text(&answer["id"]).to_owned())
}

pub fn list(api: &Api, out: &Out) -> Result<(), Failure> {
    let items = api.all("/v1/plan")?;
    out.show(&json!({"items": items}), || {
        if items.is_empty() {
            return "No plans yet. Make one: cloudsail plan create --file plan.json".to_owned();
        }
        let of = |item: &Value, key: &str| text(&item[key]).to_owned();
        let cells = |item: &Value| [of(item, "id"), of(item, "status"), of(item, "deployment_id"), of(item, "name")];
        Table::of(["PLAN", "STATUS", "DEPLOYMENT", "NAME"], &items, cells).text(out)
    })
}

pub fn show(api: &Api, out: &Out, plan: &str) -> Result<(), Failure> {
    let answer = api.get(&format!("/v1/plan/{plan}"))?;
    out.show(&answer, || serde_json::to_string_pretty(&answer).unwrap_or_default())
}

pub fn delete(api: &Api, out: &Out, plan: &str, yes: bool) -> Result<(), Failure> {
    let path = format!("/v1/plan/{plan}");
    ask::sure(yes, || Ok(format!("Delete plan {} ({plan})?", text(&api.get(&path)?["name"]))))?;
    let lives = "first destroy what it deployed: cloudsail plan list, then cloudsail destroy DEPLOYMENT";
    api.delete(&path).map_err(|failure| failure.hint_at(409, lives))?;
    out.show(&json!({"id": plan, "deleted": true}), || format!("{plan} is deleted"))
}
