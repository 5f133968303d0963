use crate::api::Api;
use crate::ask;
use crate::failure::Failure;
use crate::out::{Out, moment, text};
use crate::table::Table;
use serde_json::json;
use std::path::Path;

pub fn add(
    api: &Api,
    out: &Out,
    aws_account_id: &str,
    region: &str,
    name: Option<&str>,
    template_out: Option<&Path>,
) -> Result<(), Failure> {
    let answer = api.post("/v1/account", &json!({"provider": "aws", "account_id": aws_account_id, "region": region, "name": name}))?;
    if let Some(path) = template_out {
        let template = serde_json::to_string_pretty(&answer["template"]).unwrap_or_default();
        std::fs::write(path, template).map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
    }
    let file = template_out.map_or_else(|| "the template (--template-out FILE)".into(), |path| path.display().to_string());
    out.show(&answer, || {
        format!(
            "{id}\n\nIn AWS account {aws_account_id}, make the role:\n  aws cloudformation deploy --stack-name cloudsail --template-file {file} --capabilities CAPABILITY_NAMED_IAM\nThen: cloudsail account verify {id}",
            id = text(&answer["id"])
        )
    })
}

pub fn verify(api: &Api, out: &Out, account: &str) -> Result<(), Failure> {
    let answer = api.post(&format!("/v1/account/{account}/verify"), &json!({}))?;
    out.show(&answer, || format!("{}: {}", text(&answer["id"]), out.status(text(&answer["status"]))))?;
    match answer["reason"].as_str() {
        Some(reason) => Err(Failure::usage(reason)),
        None => Ok(()),
    }
}

pub fn list(api: &Api, out: &Out) -> Result<(), Failure> {
    let items = api.all("/v1/account")?;
    out.show(&json!({"items": items}), || {
        if items.is_empty() {
            return "No cloud accounts yet. Link one: cloudsail account add --aws-account-id … --region …".to_owned();
        }
        let head = ["ACCOUNT", "STATUS", "AWS ACCOUNT", "REGION", "CREATED", "NAME", "REASON"];
        let cells = |item: &serde_json::Value| {
            let of = |key: &str| text(&item[key]).to_owned();
            [of("id"), of("status"), of("account_id"), of("region"), moment(&item["created_at"]), of("name"), of("reason")]
        };
        Table::of(head, &items, cells).text(out)
    })
}

pub fn remove(api: &Api, out: &Out, account: &str, yes: bool) -> Result<(), Failure> {
    let path = format!("/v1/account/{account}");
    ask::sure(yes, || {
        let found = api.get(&path)?;
        let name = found["name"].as_str().map_or_else(String::new, |name| format!(", {name}"));
        Ok(format!("Unlink AWS account {}{name} ({account})?", text(&found["account_id"])))
    })?;
    api.delete(&path).map_err(|failure| failure.hint_at(409, "see what lives in it: cloudsail deployment list"))?;
    out.show(&json!({"id": account, "removed": true}), || {
        format!("{account} is unlinked. The role in the AWS account can go: aws cloudformation delete-stack --stack-name cloudsail")
    })
}
