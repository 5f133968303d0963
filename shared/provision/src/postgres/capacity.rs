//! A first deploy that meets a full zone: another zone, then the next machine type that the plan allows. What runs has a data volume,
//! which is bound to its zone.

use super::memory::{Memory, known};
use super::up::{missing, settings};
use super::{Postgres, ready};
use clouds::{Cloud, Error};
use engine::{Next, Step, StepError};
use transform::aws::Design;

/// Each next type costs more than the one before: beyond these a person should choose.
const MOST_TYPES: usize = 3;

/// Whether another zone may have what this one has not.
pub(super) fn may_be_elsewhere(error: &Error) -> bool {
    matches!(error.cause().code.as_str(), "InsufficientInstanceCapacity" | "InsufficientFreeAddressesInSubnet" | "Unsupported")
}

impl<C: Cloud> Postgres<C> {
    pub(super) async fn elsewhere(
        &self,
        step: &mut Step<'_>,
        memory: &mut Memory,
        design: &Design,
        error: &Error,
    ) -> Result<Next, StepError> {
        let mut subnets = ready::subnets(&self.cloud, design).await.map_err(missing)?;
        let zone = known(&memory.zone, "zone")?.to_owned();
        memory.full_zones.push(zone.clone());
        if let Some(at) = subnets.iter().position(|subnet| !memory.full_zones.contains(&subnet.zone)) {
            let next = subnets.swap_remove(at);
            step.event("info", Some("machine"), format!("{zone} has no room for {}: trying {}.", design.instance_type, next.zone));
            (memory.subnet, memory.vpc, memory.zone) = (Some(next.id), Some(next.vpc_id), Some(next.zone));
            return Ok(Next::Hop("afresh"));
        }
        let full = format!("no zone of {} has room for {} ({error})", design.region, design.instance_type);
        memory.full_types.push(design.instance_type.clone());
        let no_more = || StepError::Fatal(format!("{full}; try again later, or ask for another machine or region"));
        if memory.full_types.len() == MOST_TYPES {
            return Err(no_more());
        }
        let another = transform::aws::document_without(&step.deployment.plan, &self.knowledge, &memory.full_types);
        let Ok(document) = another else {
            return Err(no_more());
        };
        let next = Design::read(&document).map_err(super::fatal)?;
        step.event("info", Some("machine"), format!("{full}: trying {}.", next.instance_type));
        step.change.configuration = Some(settings(&next)?);
        step.change.document = Some(serde_json::to_value(&document).map_err(|error| StepError::Fatal(error.to_string()))?);
        let first = subnets.remove(0);
        memory.full_zones.clear();
        (memory.subnet, memory.vpc, memory.zone) = (Some(first.id), Some(first.vpc_id), Some(first.zone));
        Ok(Next::Hop("afresh"))
    }
}
