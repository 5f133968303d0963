use crate::api::Api;
use crate::args::TemplateForm;
use crate::ask;
use crate::failure::Failure;
use crate::out::{Out, moment, tame, text};
use crate::strays;
use crate::table::Table;
use serde_json::{Value, json};
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
        write(path, &template_text(&answer["template"]))?;
    }
    let file = template_out.map_or_else(|| "the template (--template-out FILE)".into(), |path| path.display().to_string());
    out.show(&answer, || {
        format!(
            "{id}\n\nIn AWS account {aws_account_id}, make the roles:\n  aws cloudformation deploy --stack-name cloudsail --template-file {file} --capabilities CAPABILITY_NAMED_IAM\nor by one button of the console: cloudsail account quick-create {id}\nor by Terraform or a script: cloudsail account template {id} --as terraform|cli\nThen: cloudsail account verify {id}",
            id = text(&answer["id"])
        )
    })
}

pub fn template(api: &Api, out: &Out, account: &str, form: TemplateForm, file: Option<&Path>) -> Result<(), Failure> {
    let answer = api.get(&format!("/v1/account/{account}"))?;
    let template = &answer[form.field()];
    if template.is_null() {
        return Err(Failure::service(format!("the service answers no `{}`: it is older than this command", form.field())));
    }
    match file {
        Some(path) => {
            write(path, &template_text(template))?;
            out.show(&json!({"id": account, "written": path}), || format!("{} is written", path.display()))
        }
        None => out.show(template, || template_text(template)),
    }
}

pub fn quick_create(api: &Api, out: &Out, account: &str) -> Result<(), Failure> {
    let answer = api.post(&format!("/v1/account/{account}/quick-create"), &json!({}))?;
    out.show(&answer, || text(&answer["url"]).to_owned())
}

/// A script and Terraform are text already.
fn template_text(template: &Value) -> String {
    template.as_str().map_or_else(|| serde_json::to_string_pretty(template).unwrap_or_default() + "\n", str::to_owned)
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    std::fs::write(path, text).map_err(|error| Failure::usage(format!("{}: {error}", path.display())))
}

pub fn verify(api: &Api, out: &Out, account: &str) -> Result<(), Failure> {
    let answer = api.post(&format!("/v1/account/{account}/verify"), &json!({}))?;
    out.show(&answer, || {
        let mut all = format!("{}: {}", text(&answer["id"]), out.status(text(&answer["status"])));
        for one in answer["missing"].as_array().into_iter().flatten() {
            let actions: Vec<_> = one["actions"].as_array().into_iter().flatten().map(text).collect();
            let role = text(&one["role_arn"]).rsplit('/').next().unwrap_or_default();
            all += &format!("\n{role} may not {} ({}): {}", actions.join(", "), text(&one["statement"]), text(&one["why"]));
        }
        all
    })?;
    match answer["reason"].as_str() {
        Some(reason) => Err(Failure::usage(reason)),
        None => Ok(()),
    }
}

pub fn show(api: &Api, out: &Out, account: &str) -> Result<(), Failure> {
    let answer = api.get(&format!("/v1/account/{account}"))?;
    out.show(&answer, || {
        let of = |key: &str| tame(text(&answer[key]));
        let mut all =
            format!("{} {} ({}, AWS {}, {})", of("id"), out.status(text(&answer["status"])), of("name"), of("account_id"), of("region"));
        if let Some(reason) = answer["reason"].as_str() {
            all += &format!("\n  {}", tame(reason));
        }
        format!("{all}\n{}", strays::report(out, &answer["strays"]))
    })
}

pub fn list(api: &Api, out: &Out) -> Result<(), Failure> {
    let items = api.all("/v1/account")?;
    out.show(&json!({"items": items}), || {
        if items.is_empty() {
            return "No cloud accounts yet. Link one: cloudsail account add --aws-account-id … --region …".to_owned();
        }
        let head = ["ACCOUNT", "STATUS", "AWS ACCOUNT", "REGION", "STRAYS", "CREATED", "NAME", "REASON"];
        let cells = |item: &Value| {
            let of = |key: &str| text(&item[key]).to_owned();
            let strays = strays::count(&item["strays"]);
            [of("id"), of("status"), of("account_id"), of("region"), strays, moment(&item["created_at"]), of("name"), of("reason")]
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
        format!("{account} is unlinked. The roles in the AWS account can go: aws cloudformation delete-stack --stack-name cloudsail, or what you made them with")
    })
}
