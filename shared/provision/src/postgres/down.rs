//! The way down. It works from the cloud's own lists, so it also finds what a cut-off step made and never wrote down.

use super::memory::Memory;
use super::{Postgres, cloud_error, secret_name, steps, today_plus};
use clouds::{Cloud, Found, FoundKind, TAG_RETAINED, TAG_RETAINED_UNTIL, Tags};
use domain::Status;
use engine::{Label, Next, Step, StepError};
use serde_json::json;
use std::time::Duration;
use store::Wish;

pub(super) const FIRST: Label = "destroy";
pub(super) const LABELS: [&str; 5] = [FIRST, "destroy_machine", "destroy_volume", "destroy_rest", "destroy_check"];

/// How many days a data volume is kept if no document says it.
const KEEP_DAYS: u32 = 30;

impl<C: Cloud> Postgres<C> {
    pub(super) async fn down(&self, label: &str, step: &mut Step<'_>, memory: &mut Memory) -> Result<Next, StepError> {
        memory.decide(step.id());
        match label {
            "destroy" => self.destroy(step).await,
            "destroy_machine" => self.destroy_machine(step, memory).await,
            "destroy_volume" => self.destroy_volume(step, memory).await,
            "destroy_rest" => self.destroy_rest(step, memory).await,
            _ => self.destroy_check(step, memory).await,
        }
    }

    async fn found(&self, step: &Step<'_>, memory: &Memory) -> Result<Vec<Found>, StepError> {
        self.cloud.list_tagged(step.id().as_str(), &memory.name).await.map_err(cloud_error)
    }

    async fn destroy(&self, step: &mut Step<'_>) -> Result<Next, StepError> {
        steps::finish(step);
        // A first deploy has no earlier state that worked, so cancelling it leads to nothing, as destroying does.
        step.change.status = Some(if step.wish == Some(Wish::Cancel) { Status::Cancelling } else { Status::Destroying });
        Ok(Next::Hop("destroy_machine"))
    }

    async fn destroy_machine(&self, step: &mut Step<'_>, memory: &Memory) -> Result<Next, StepError> {
        let found = self.found(step, memory).await?;
        let mut left = false;
        for machine in found.iter().filter(|f| f.kind == FoundKind::Instance) {
            left = true;
            self.cloud.terminate_instance(&machine.id).await.map_err(cloud_error)?;
        }
        if left {
            return Ok(Next::Nap(Duration::from_secs(1)));
        }
        step.store.ledger_gone(step.id(), "instance").await?;
        Ok(Next::Hop("destroy_volume"))
    }

    /// A volume that held a running database is kept, tagged with the date it may go; one that never did is deleted.
    async fn destroy_volume(&self, step: &mut Step<'_>, memory: &Memory) -> Result<Next, StepError> {
        let until = today_plus(self.design(step).map_or(KEEP_DAYS, |design| design.volume.keep_days));
        let found = self.found(step, memory).await?;
        if a_machine_came_late(&found) {
            return Ok(Next::Hop("destroy_machine"));
        }
        let mut kept = Vec::new();
        for volume in found.iter().filter(|f| f.kind == FoundKind::Volume) {
            if memory.ran {
                if !volume.retained() {
                    let tags =
                        Tags::from([(TAG_RETAINED.to_owned(), "true".to_owned()), (TAG_RETAINED_UNTIL.to_owned(), until.to_string())]);
                    self.cloud.retain_volume(&volume.id, &tags).await.map_err(cloud_error)?;
                }
                kept.push(json!({"kind": "volume", "id": volume.id, "until": until.to_string()}));
            } else {
                self.cloud.delete_volume(&volume.id).await.map_err(cloud_error)?;
            }
        }
        if !kept.is_empty() {
            step.store.ledger_retained(step.id(), "volume", until).await?;
            step.event("info", Some("keep"), format!("The data volume is kept until {until}; delete it in your account to save its cost."));
            step.change.retained = Some(json!(kept));
        } else if !memory.ran {
            step.store.ledger_gone(step.id(), "volume").await?;
        }
        Ok(Next::Hop("destroy_rest"))
    }

    async fn destroy_rest(&self, step: &mut Step<'_>, memory: &Memory) -> Result<Next, StepError> {
        let found = self.found(step, memory).await?;
        if a_machine_came_late(&found) {
            return Ok(Next::Hop("destroy_machine"));
        }
        self.cloud.delete_role(&memory.name).await.map_err(cloud_error)?;
        step.store.ledger_gone(step.id(), "role").await?;
        // By its name, which is known: lists may not show yet what a step that was cut off had made.
        self.cloud.delete_secret(&secret_name(step)).await.map_err(cloud_error)?;
        step.store.ledger_gone(step.id(), "secret").await?;
        for group in found.iter().filter(|f| f.kind == FoundKind::SecurityGroup) {
            self.cloud.delete_security_group(&group.id).await.map_err(cloud_error)?;
        }
        step.store.ledger_gone(step.id(), "security_group").await?;
        Ok(Next::Hop("destroy_check"))
    }

    async fn destroy_check(&self, step: &mut Step<'_>, memory: &Memory) -> Result<Next, StepError> {
        let left: Vec<_> = self.found(step, memory).await?.into_iter().filter(|f| !f.retained()).collect();
        if !left.is_empty() {
            let names: Vec<_> = left.iter().map(|f| format!("{} {}", f.kind.as_str(), f.id)).collect();
            // Back to the start: what is listed late is deleted late.
            return match step.attempts {
                0..=5 => Err(StepError::Retry(format!("still there: {}", names.join(", ")))),
                _ => Ok(Next::HopAfter("destroy_machine", Duration::from_secs(5))),
            };
        }
        steps::finish(step);
        step.event("info", None, "Nothing is left in your account but what was kept on purpose.");
        step.change.status = Some(Status::NotDeployed);
        step.change.destroyed = true;
        Ok(Next::Done)
    }
}

/// Lists may show only now what a step that was cut off had made. Neither its disks nor its group could go before it.
fn a_machine_came_late(found: &[Found]) -> bool {
    found.iter().any(|f| f.kind == FoundKind::Instance)
}
