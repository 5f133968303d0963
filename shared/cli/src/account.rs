use crate::api::Api;
use crate::failure::Failure;
use crate::out::{Out, text};
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
