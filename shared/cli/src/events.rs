use crate::api::{Api, PAGE};
use crate::failure::Failure;
use crate::out::{Out, moment, tame, text};
use crate::table::Table;
use crate::watch::PATIENCE;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// The time between two looks at what is new.
const LOOK: Duration = Duration::from_secs(1);

pub fn events(api: &Api, out: &Out, deployment: &str, follow: bool) -> Result<(), Failure> {
    if follow {
        return tail(api, out, deployment);
    }
    let items = api.all(&format!("/v1/deployment/{deployment}/events"))?;
    out.show(&json!({"items": items}), || {
        let of = |item: &Value, key: &str| text(&item[key]).to_owned();
        let cells = |item: &Value| [moment(&item["at"]), of(item, "kind"), of(item, "step"), of(item, "message")];
        Table::of(["AT", "KIND", "STEP", "MESSAGE"], &items, cells).text(out)
    })
}

/// Prints events as they come, until the deployment is destroyed or nobody reads any more.
fn tail(api: &Api, out: &Out, deployment: &str) -> Result<(), Failure> {
    let mut last: Option<String> = None;
    let mut heard = Instant::now();
    while !out.closed() {
        match look(api, deployment, last.as_deref()) {
            Ok((items, over)) => {
                heard = Instant::now();
                for item in &items {
                    out.item(item, || line(item))?;
                    last = Some(text(&item["id"]).to_owned());
                }
                if items.len() == PAGE {
                    continue;
                }
                if over {
                    return Ok(());
                }
            }
            // Things go on when the API can't be asked for a while, so the one who watches waits too.
            Err(failure) if failure.may_pass() && heard.elapsed() <= PATIENCE => {}
            Err(failure) => return Err(failure),
        }
        std::thread::sleep(LOOK);
    }
    Ok(())
}

/// The events after the last one, and whether there can be no more. The deployment is asked first: its last event is stored with its
/// last state, so what is read afterwards has it.
fn look(api: &Api, deployment: &str, last: Option<&str>) -> Result<(Vec<Value>, bool), Failure> {
    let path = format!("/v1/deployment/{deployment}");
    let over = !api.get(&path)?["destroyed_at"].is_null();
    let (items, _) = api.page(&format!("{path}/events"), last)?;
    Ok((items, over))
}

fn line(item: &Value) -> String {
    let step = item["step"].as_str().unwrap_or("-");
    format!("{}  {:<5}  {step:<18}  {}", moment(&item["at"]), text(&item["kind"]), tame(text(&item["message"])))
}
