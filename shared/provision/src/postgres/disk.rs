//! A data disk that fills up: people are told in time, and it grows by itself where the plan lets it.

use super::memory::{Changing, Memory};
use super::{Postgres, fatal, steps, today_plus};
use clouds::Cloud;
use domain::Status;
use engine::{Next, Step, StepError};
use jiff::SignedDuration;
use store::Target;
use transform::aws::Design;
use transform::{Document, How};

/// From here on a disk is said to be filling up, percent.
const FILLING: u32 = 80;
/// Below it again, percent, that is forgotten: apart from [`FILLING`], so that a disk on the edge is not told of each minute.
const ROOMY: u32 = 75;
/// A volume takes few changes a day, and each only some time after the last one.
const GROWN_AGAIN: SignedDuration = SignedDuration::from_hours(1);
/// The least that a disk grows by, GiB; a larger one grows by a quarter.
const LEAST_STEP_GIB: u32 = 10;

impl<C: Cloud> Postgres<C> {
    /// What becomes of a disk that is this full, of a deployment that runs and is not being changed. None: nothing.
    pub(super) fn filling(&self, step: &mut Step<'_>, memory: &mut Memory, used: u32) -> Result<Option<Next>, StepError> {
        if used < FILLING {
            memory.told_filling &= used >= ROOMY;
            return Ok(None);
        }
        let before = self.document(step)?;
        let volume = Design::read(&before).map_err(fatal)?.volume;
        let ceiling = step.deployment.plan.postgres().and_then(|component| component.hardware.disk.grow_to_gib);
        let Some(size_gib) = ceiling.and_then(|ceiling| larger(volume.size_gib, ceiling)) else {
            if !std::mem::replace(&mut memory.told_filling, true) {
                step.event("issue", Some("disk"), told(used, volume.size_gib, ceiling));
            }
            return Ok(None);
        };
        if memory.grown_at.is_some_and(|at| step.now.duration_since(at) < GROWN_AGAIN) {
            return Ok(None);
        }
        memory.grown_at = Some(step.now);
        memory.command = None;
        let larger = self.with_disk(step, before, size_gib)?;
        let document = serde_json::to_value(&larger).map_err(|error| StepError::Fatal(error.to_string()))?;
        memory.changing = Some(Changing { begun_at: step.now, volume: true, network: false, machine: false, settings: true, undo: None });
        let (plan, version) = (step.deployment.plan.clone(), step.deployment.plan_version);
        step.change.target = Some(Some(Target { plan, version, document }));
        step.change.status = Some(Status::Changing);
        steps::begin_anew(step);
        let from = volume.size_gib;
        step.event(
            "info",
            Some("disk"),
            format!("The disk is {used} % full; it grows from {from} to {size_gib} GiB, and nobody is cut off."),
        );
        Ok(Some(Next::Hop("change_volume")))
    }

    /// What runs, with a larger disk: with the settings that follow from it, unless those, or whatever else would be derived in another
    /// way by now, cut somebody off.
    fn with_disk(&self, step: &Step<'_>, mut before: Document, size_gib: u32) -> Result<Document, StepError> {
        let mut plan = step.deployment.plan.clone();
        plan.components.iter_mut().for_each(|component| component.hardware.disk.size_gib = size_gib);
        match transform::preview(&plan, Some(&before), &self.knowledge, today_plus(0)) {
            Ok(preview) if preview.effect <= Some(How::Reload) => Ok(preview.document),
            _ => {
                let volume = Design::read(&before).map_err(fatal)?.volume;
                transform::aws::keep_volume(&mut before, size_gib, volume.iops, volume.throughput_mib_s);
                Ok(before)
            }
        }
    }
}

/// The next size, GiB, if there is one below or at the ceiling.
fn larger(size_gib: u32, ceiling_gib: u32) -> Option<u32> {
    (size_gib < ceiling_gib).then(|| size_gib.saturating_add(LEAST_STEP_GIB.max(size_gib / 4)).min(ceiling_gib))
}

fn told(used: u32, size_gib: u32, ceiling: Option<u32>) -> String {
    match ceiling {
        Some(ceiling) => format!(
            "The disk is {used} % full, and with {size_gib} GiB as large as the plan lets it become ({ceiling} GiB): ask for more in \
             hardware.disk.grow_to_gib."
        ),
        None => format!(
            "The disk is {used} % full: ask for more than {size_gib} GiB in hardware.disk.size_gib, or let it grow by itself with \
             hardware.disk.grow_to_gib."
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::larger;

    #[test]
    fn it_grows_by_a_quarter_and_never_beyond_its_ceiling() {
        let sizes = |from, ceiling| std::iter::successors(Some(from), |size| larger(*size, ceiling)).collect::<Vec<_>>();
        assert_eq!(sizes(20, 45), [20, 30, 40, 45]);
        assert_eq!(sizes(1000, 2000), [1000, 1250, 1562, 1952, 2000]);
        assert_eq!(sizes(100, 100), [100]);
        assert_eq!(sizes(100, 50), [100], "a ceiling that was lowered shrinks nothing");
    }
}
