use crate::api::Api;
use crate::ask;
use crate::failure::Failure;
use crate::out::{Out, moment, tame, text};
use crate::table::Table;
use crate::watch::follow;
use serde_json::{Value, json};

pub fn list(api: &Api, out: &Out) -> Result<(), Failure> {
    let items = api.all("/v1/deployment")?;
    out.show(&json!({"items": items}), || {
        if items.is_empty() {
            return "No deployments yet. Make one: cloudsail deploy PLAN --watch".to_owned();
        }
        let head = ["DEPLOYMENT", "STATUS", "PLAN", "CREATED", "REASON"];
        let of = |item: &Value, key: &str| text(&item[key]).to_owned();
        let cells =
            |item: &Value| [of(item, "id"), of(item, "status"), of(item, "plan_id"), moment(&item["created_at"]), of(item, "reason")];
        Table::of(head, &items, cells).text(out)
    })
}

pub fn deploy(api: &Api, out: &Out, plan: &str, watch: bool) -> Result<(), Failure> {
    let answer = api.post(&format!("/v1/plan/{plan}/deploy"), &json!({}))?;
    let id = text(&answer["id"]).to_owned();
    if !watch {
        return out.show(&answer, || id.clone());
    }
    let last = follow(api, &id, &["running", "issue", "not_deployed"], 0)?;
    out.show(&last, || is(out, &last))?;
    outcome(&last)
}

pub fn cancel(api: &Api, out: &Out, deployment: &str, watch: bool) -> Result<(), Failure> {
    go_back(api, out, deployment, "cancel", watch)
}

pub fn undo(api: &Api, out: &Out, deployment: &str, watch: bool) -> Result<(), Failure> {
    go_back(api, out, deployment, "undelete", watch)
}

fn go_back(api: &Api, out: &Out, deployment: &str, how: &str, watch: bool) -> Result<(), Failure> {
    let answer = api.post(&format!("/v1/deployment/{deployment}/{how}"), &json!({}))?;
    if !watch {
        return out.show(&answer, || out.status(text(&answer["status"])));
    }
    let last = follow(api, deployment, &["running", "stopped", "not_deployed", "issue"], ended(&answer))?;
    out.show(&last, || is(out, &last))?;
    outcome(&last)
}

pub fn destroy(api: &Api, out: &Out, deployment: &str, now: bool, watch: bool, yes: bool) -> Result<(), Failure> {
    let path = format!("/v1/deployment/{deployment}");
    let how = if now { "Destroy it now, so that it can't be undone?" } else { "Destroy it?" };
    ask::sure(yes, || Ok(format!("{}. {how}", is(out, &api.get(&path)?))))?;
    let answer = api.delete(&if now { format!("{path}?now=true") } else { path })?;
    if !watch {
        return out.show(&answer, || format!("{}{}", out.status(text(&answer["status"])), until(&answer)));
    }
    let begun = |step: &&Value| step["state"] != "waiting";
    let before = answer["steps"].as_array().map_or(0, |steps| steps.iter().filter(begun).count());
    let last = follow(api, deployment, &["not_deployed", "issue"], before)?;
    out.show(&last, || {
        let kept = |item: &Value| format!("kept: {} {} until {}\n", text(&item["kind"]), text(&item["id"]), text(&item["until"]));
        let kept: String = last["retained"].as_array().into_iter().flatten().map(kept).collect();
        let end = match text(&last["status"]) {
            "not_deployed" => format!("{deployment} is destroyed"),
            "destroying" => format!("{deployment} is stopped{}", until(&last)),
            _ => is(out, &last),
        };
        format!("{end}\n{kept}")
    })?;
    outcome(&last)
}

pub fn status(api: &Api, out: &Out, deployment: &str) -> Result<(), Failure> {
    let answer = api.get(&format!("/v1/deployment/{deployment}"))?;
    out.show(&answer, || {
        let mut lines = format!("{} {}", text(&answer["id"]), out.status(text(&answer["status"])));
        if answer["status"] == "destroying" {
            lines += &until(&answer);
        }
        if let Some(reason) = answer["reason"].as_str() {
            lines += &format!("\n  {}", tame(reason));
        }
        for step in answer["steps"].as_array().into_iter().flatten() {
            lines += &format!("\n  {:<8} {}", text(&step["state"]), tame(text(&step["title"])));
        }
        lines
    })?;
    outcome(&answer)
}

fn is(out: &Out, deployment: &Value) -> String {
    format!("{} is {}", text(&deployment["id"]), out.status(text(&deployment["status"])))
}

/// How long a destroy can be undone, what that costs, and what else there is; nothing where it can't be.
fn until(deployment: &Value) -> String {
    if deployment["destroy_at"].is_null() {
        return String::new();
    }
    let (id, at) = (text(&deployment["id"]), moment(&deployment["destroy_at"]));
    format!("\n  until {at} it can be undone: cloudsail undo {id}\n  its disk goes on costing; without that: cloudsail destroy {id} --now")
}

/// How many steps have ended and need not be shown.
fn ended(deployment: &Value) -> usize {
    deployment["steps"].as_array().map_or(0, |steps| steps.iter().take_while(|step| !step["ended_at"].is_null()).count())
}

fn outcome(deployment: &Value) -> Result<(), Failure> {
    match deployment["status"].as_str() {
        Some("issue") => {
            let reason = deployment["reason"].as_str().map_or_else(|| "the deployment stands at an issue".to_owned(), tame);
            let plan = deployment["plan_id"].as_str().unwrap_or("PLAN");
            Err(Failure::service(reason)
                .hint(format!("try again: cloudsail deploy {plan}; what happened: cloudsail events {}", text(&deployment["id"]))))
        }
        _ => Ok(()),
    }
}
