//! What happens to machines, volumes and commands.

use super::state::{Disk, Machine, State};
use super::{Command, Pace};
use crate::{ApiError, Error, Instance, InstanceSpec, InstanceState, Result, Tags, Volume, VolumeShape, VolumeSpec, VolumeState};

fn cause(code: &str, message: &str) -> ApiError {
    ApiError { code: code.into(), message: message.into(), request_id: None }
}

fn not_ready(action: &'static str, message: &str) -> Error {
    Error::NotReady { action, cause: cause("IncorrectState", message) }
}

pub(super) fn in_use(action: &'static str, message: &str) -> Error {
    Error::InUse { action, cause: cause("DependencyViolation", message) }
}

fn alive(state: InstanceState) -> bool {
    !matches!(state, InstanceState::ShuttingDown | InstanceState::Terminated)
}

pub(super) fn ensure_volume(state: &mut State, spec: &VolumeSpec) -> Result<String> {
    if let Some((id, _)) = state.volumes.iter().find(|(_, disk)| disk.token == spec.client_token) {
        return Ok(id.clone());
    }
    let id = state.next_id("vol");
    let disk = Disk {
        token: spec.client_token.clone(),
        looks: 0,
        shape: spec.shape,
        growing: 0,
        zone: spec.zone.clone(),
        state: VolumeState::Creating,
        attached_to: None,
        tags: spec.tags.clone(),
    };
    state.volumes.insert(id.clone(), disk);
    Ok(id)
}

pub(super) fn volume(state: &mut State, pace: &Pace, id: &str) -> Option<Volume> {
    let disk = state.volumes.get_mut(id)?;
    disk.looks += 1;
    if disk.state == VolumeState::Creating && disk.looks > pace.available_after {
        disk.state = VolumeState::Available;
    }
    Some(Volume { state: disk.state, shape: disk.shape, attached_to: disk.attached_to.clone() })
}

/// As AWS: what is on its way to a larger size can't be changed again until it is there, and nothing shrinks.
pub(super) fn modify_volume(state: &mut State, pace: &Pace, id: &str, shape: &VolumeShape) -> Result<()> {
    let action = "modify_volume";
    let disk = state.volumes.get_mut(id).ok_or_else(|| Error::not_found(action, id))?;
    if disk.shape == *shape {
        return Ok(());
    }
    if disk.growing > 0 {
        return Err(not_ready(action, "an earlier change has not ended"));
    }
    if shape.size_gib < disk.shape.size_gib {
        let cause = cause("InvalidParameterValue", "New size cannot be smaller than existing size");
        return Err(Error::Invalid { action, message: cause.message.clone(), cause });
    }
    (disk.shape, disk.growing) = (*shape, pace.grown_after);
    Ok(())
}

pub(super) fn volume_growing(state: &mut State, id: &str) -> bool {
    state.volumes.get_mut(id).is_some_and(|disk| {
        disk.growing = disk.growing.saturating_sub(1);
        disk.growing > 0
    })
}

pub(super) fn attach(state: &mut State, volume: &str, instance: &str) -> Result<()> {
    let action = "attach_volume";
    let machine = state.machines.get(instance).ok_or_else(|| Error::not_found(action, instance))?;
    let disk = state.volumes.get_mut(volume).ok_or_else(|| Error::not_found(action, volume))?;
    match &disk.attached_to {
        Some(holder) if holder == instance => return Ok(()),
        Some(holder) => return Err(in_use(action, holder)),
        None => {}
    }
    if machine.zone != disk.zone {
        let cause = cause("InvalidVolume.ZoneMismatch", "the volume is in another zone than the machine");
        return Err(Error::Invalid { action, message: cause.message.clone(), cause });
    }
    if !matches!(machine.state, InstanceState::Running | InstanceState::Stopped) {
        return Err(not_ready(action, "the machine is not running"));
    }
    if disk.state != VolumeState::Available {
        return Err(not_ready(action, "the volume is not available"));
    }
    disk.attached_to = Some(instance.into());
    disk.state = VolumeState::InUse;
    Ok(())
}

/// A real one takes a moment; the next look already shows it.
pub(super) fn detach(state: &mut State, volume: &str, instance: &str) -> Result<()> {
    let disk = state.volumes.get_mut(volume).ok_or_else(|| Error::not_found("detach_volume", volume))?;
    if disk.attached_to.as_deref() == Some(instance) {
        (disk.attached_to, disk.state) = (None, VolumeState::Available);
    }
    Ok(())
}

fn end_if_due(machine: &mut Machine, pace: &Pace) -> bool {
    let due = machine.state == InstanceState::ShuttingDown && machine.looks > pace.terminated_after;
    if due {
        machine.state = InstanceState::Terminated;
    }
    due
}

/// Time passes for the machines that are shutting down.
pub(super) fn pass_time(state: &mut State, pace: &Pace) {
    let mut ended = Vec::new();
    for (id, machine) in state.machines.iter_mut().filter(|(_, machine)| machine.state == InstanceState::ShuttingDown) {
        machine.looks += 1;
        if end_if_due(machine, pace) {
            ended.push(id.clone());
        }
    }
    for id in ended {
        state.release_volumes_of(&id);
    }
}

pub(super) fn delete_volume(state: &mut State, pace: &Pace, id: &str) -> Result<()> {
    pass_time(state, pace);
    match state.volumes.get(id) {
        Some(disk) if disk.attached_to.is_some() => Err(in_use("delete_volume", "attached")),
        _ => {
            state.volumes.remove(id);
            Ok(())
        }
    }
}

pub(super) fn retain_volume(state: &mut State, id: &str, tags: &Tags) -> Result<()> {
    let disk = state.volumes.get_mut(id).ok_or_else(|| Error::not_found("retain_volume", id))?;
    disk.tags.extend(tags.clone());
    Ok(())
}

pub(super) fn ensure_instance(state: &mut State, spec: &InstanceSpec) -> Result<String> {
    let action = "ensure_instance";
    if let Some((id, _)) = state.machines.iter().find(|(_, machine)| machine.token == spec.client_token) {
        return Ok(id.clone());
    }
    if !state.groups.contains_key(&spec.security_group) {
        return Err(Error::not_found(action, &spec.security_group));
    }
    if !state.roles.contains_key(&spec.profile) {
        return Err(not_ready(action, "Invalid IAM Instance Profile name"));
    }
    let zone = super::rest::zone(&spec.subnet).ok_or_else(|| Error::not_found(action, &spec.subnet))?;
    if state.full.contains(&(zone.clone(), spec.instance_type.clone())) {
        let cause = cause("InsufficientInstanceCapacity", &format!("{zone} has no {} left", spec.instance_type));
        return Err(Error::NoCapacity { action, message: cause.message.clone(), cause });
    }
    if state.without_address.contains(&zone) {
        let cause = cause("InsufficientFreeAddressesInSubnet", &format!("{} has no address left", spec.subnet));
        return Err(Error::NoCapacity { action, message: cause.message.clone(), cause });
    }
    let private_ip = address(state, spec)?;
    let id = state.next_id("i");
    let machine = Machine {
        token: spec.client_token.clone(),
        image: spec.image.clone(),
        private_ip,
        instance_type: spec.instance_type.clone(),
        state: InstanceState::Pending,
        looks: 0,
        managed_looks: 0,
        group: spec.security_group.clone(),
        zone,
        reason: None,
        tags: spec.tags.clone(),
    };
    state.machines.insert(id.clone(), machine);
    Ok(id)
}

/// The wished one, unless somebody has it: a machine that is shutting down still does.
fn address(state: &State, spec: &InstanceSpec) -> Result<String> {
    let held = |address: &str| {
        let mut machines = state.machines.values().filter(|machine| machine.state != InstanceState::Terminated);
        state.taken_addresses.contains(address) || machines.any(|machine| machine.private_ip == address)
    };
    match &spec.private_ip {
        Some(wished) if held(wished) => {
            Err(Error::InUse { action: "ensure_instance", cause: cause("InvalidIPAddress.InUse", &format!("Address {wished} is in use.")) })
        }
        Some(wished) => Ok(wished.clone()),
        None => Ok((10..).map(|last| format!("172.31.0.{last}")).find(|address| !held(address)).unwrap_or_default()),
    }
}

pub(super) fn instance(state: &mut State, pace: &Pace, id: &str) -> Option<Instance> {
    let machine = state.machines.get_mut(id)?;
    machine.looks += 1;
    if machine.state == InstanceState::Pending && machine.looks > pace.running_after {
        machine.state = InstanceState::Running;
    }
    if machine.state == InstanceState::Stopping && machine.looks > pace.terminated_after {
        machine.state = InstanceState::Stopped;
    }
    let ended = end_if_due(machine, pace);
    let seen = Instance {
        id: id.into(),
        image: machine.image.clone(),
        instance_type: machine.instance_type.clone(),
        state: machine.state,
        private_ip: alive(machine.state).then(|| machine.private_ip.clone()),
        public_ip: None,
        zone: machine.zone.clone(),
        reason: machine.reason.clone(),
    };
    if ended {
        state.release_volumes_of(id);
    }
    Some(seen)
}

pub(super) fn terminate(state: &mut State, id: &str) {
    if let Some(machine) = state.machines.get_mut(id).filter(|machine| alive(machine.state)) {
        machine.state = InstanceState::ShuttingDown;
        machine.looks = 0;
        machine.reason = Some("Client.UserInitiatedShutdown".into());
    }
}

fn alive_one<'a>(state: &'a mut State, action: &'static str, id: &str) -> Result<&'a mut Machine> {
    let machine = state.machines.get_mut(id).ok_or_else(|| Error::not_found(action, id))?;
    if alive(machine.state) { Ok(machine) } else { Err(not_ready(action, "the machine is terminated")) }
}

pub(super) fn stop(state: &mut State, id: &str) -> Result<()> {
    let machine = alive_one(state, "stop_instance", id)?;
    if matches!(machine.state, InstanceState::Pending | InstanceState::Running) {
        (machine.state, machine.looks, machine.managed_looks) = (InstanceState::Stopping, 0, 0);
    }
    Ok(())
}

pub(super) fn start(state: &mut State, id: &str) -> Result<()> {
    let machine = alive_one(state, "start_instance", id)?;
    match machine.state {
        InstanceState::Stopped => (machine.state, machine.looks) = (InstanceState::Pending, 0),
        InstanceState::Stopping => return Err(not_ready("start_instance", "the machine is still stopping")),
        _ => {}
    }
    Ok(())
}

pub(super) fn set_type(state: &mut State, id: &str, instance_type: &str) -> Result<()> {
    let machine = alive_one(state, "set_instance_type", id)?;
    if machine.state != InstanceState::Stopped {
        return Err(not_ready("set_instance_type", "the machine is not stopped"));
    }
    machine.instance_type = instance_type.into();
    Ok(())
}

pub(super) fn is_managed(state: &mut State, pace: &Pace, id: &str) -> bool {
    let Some(machine) = state.machines.get_mut(id).filter(|machine| machine.state == InstanceState::Running) else {
        return false;
    };
    machine.managed_looks += 1;
    machine.managed_looks > pace.managed_after
}

pub(super) fn run_command(state: &mut State, pace: &Pace, instance: &str, script: &str) -> Result<String> {
    let managed = state
        .machines
        .get(instance)
        .is_some_and(|machine| machine.state == InstanceState::Running && machine.managed_looks > pace.managed_after);
    if !managed {
        return Err(not_ready("run_command", "the machine is not managed"));
    }
    let earlier = state.commands.values().filter(|(command, _)| command.instance == instance).count();
    let id = format!("cmd-{}", state.commands.len() + 1);
    let command = Command { instance: instance.into(), script: script.into(), earlier };
    state.commands.insert(id.clone(), (command, 0));
    Ok(id)
}

/// The command, once it has ended.
pub(super) fn ended_command(state: &mut State, pace: &Pace, id: &str) -> Result<Option<Command>> {
    let (command, looks) = state.commands.get_mut(id).ok_or_else(|| Error::not_found("command_result", id))?;
    *looks += 1;
    Ok((*looks > pace.command_after).then(|| command.clone()))
}
