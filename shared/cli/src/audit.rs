use crate::api::Api;
use crate::failure::Failure;
use crate::out::{Out, moment, text};
use crate::table::Table;
use serde_json::{Value, json};

pub fn list(api: &Api, out: &Out, subject: Option<&str>) -> Result<(), Failure> {
    let path = subject.map_or_else(|| "/v1/audit".to_owned(), |subject| format!("/v1/audit?subject={subject}"));
    let items = api.all(&path)?;
    out.show(&json!({"items": items}), || {
        if items.is_empty() {
            return "Nothing is noted. What you change or have revealed stands here from then on.".to_owned();
        }
        let of = |item: &Value, key: &str| text(&item[key]).to_owned();
        let cells =
            |item: &Value| [moment(&item["at"]), of(item, "action"), of(item, "subject"), of(item, "address"), of(item, "request_id")];
        Table::of(["AT", "ACTION", "SUBJECT", "ADDRESS", "REQUEST"], &items, cells).text(out)
    })
}
