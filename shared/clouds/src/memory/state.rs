use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::Command;
use crate::{
    Found, FoundKind, InstanceState, Secret, Size, TAG_DEPLOYMENT, TAG_RETAINED, TAG_RETAINED_UNTIL, Tags, VolumeShape, VolumeState,
};

/// What the account holds.
#[derive(Default)]
pub(super) struct State {
    pub groups: BTreeMap<String, Group>,
    pub secrets: BTreeMap<String, Stored>,
    pub roles: BTreeMap<String, Tags>,
    pub volumes: BTreeMap<String, Disk>,
    pub machines: BTreeMap<String, Machine>,
    /// Zones without room for a type.
    pub full: BTreeSet<(String, String)>,
    /// Zones whose subnet has no address left.
    pub without_address: BTreeSet<String>,
    /// Private addresses that somebody else has.
    pub taken_addresses: BTreeSet<String>,
    /// Images that are not to be had any more.
    pub withdrawn: BTreeSet<String>,
    /// The quota of disks, GiB, where it is not the usual one.
    pub storage_gib: Option<u32>,
    pub commands: BTreeMap<String, (Command, u32)>,
    /// When each was made, by id.
    pub born: BTreeMap<String, Timestamp>,
    /// Resources ever made; also the source of ids.
    pub made: usize,
}

pub(super) struct Group {
    pub name: String,
    pub vpc_id: String,
    pub cidrs: Vec<String>,
    pub tags: Tags,
}

pub(super) struct Stored {
    pub value: Secret,
    pub tags: Tags,
}

pub(super) struct Disk {
    pub token: String,
    pub looks: u32,
    pub shape: VolumeShape,
    /// Looks until the size that was asked for is there.
    pub growing: u32,
    pub zone: String,
    pub state: VolumeState,
    pub attached_to: Option<String>,
    pub tags: Tags,
}

pub(super) struct Machine {
    pub token: String,
    pub image: String,
    pub private_ip: String,
    pub instance_type: String,
    pub state: InstanceState,
    pub looks: u32,
    pub managed_looks: u32,
    pub group: String,
    pub zone: String,
    pub reason: Option<String>,
    pub tags: Tags,
}

impl State {
    /// A new id: `sg-1`, `vol-2`, …
    pub fn next_id(&mut self, prefix: &str) -> String {
        let id = format!("{prefix}-{:017x}", self.made + 1);
        self.bear(&id);
        id
    }

    /// Something of this id is made.
    pub fn bear(&mut self, id: &str) {
        self.made += 1;
        self.born.insert(id.to_owned(), Timestamp::now());
    }

    pub fn release_volumes_of(&mut self, instance: &str) {
        for disk in self.volumes.values_mut().filter(|disk| disk.attached_to.as_deref() == Some(instance)) {
            disk.attached_to = None;
            disk.state = VolumeState::Available;
        }
    }

    pub fn lose_instance(&mut self, id: &str, reason: &str) {
        if let Some(machine) = self.machines.get_mut(id) {
            machine.state = InstanceState::Terminated;
            machine.reason = Some(reason.into());
            self.release_volumes_of(id);
        }
    }

    /// The machine of which there is one, as a person sees it in the console.
    pub fn machine(&self) -> Option<&Machine> {
        self.machines.values().find(|machine| machine.state != InstanceState::Terminated)
    }

    /// What lists show, of one deployment or of all.
    pub fn found(&self, deployment: Option<&str>) -> Vec<Found> {
        let ours = |tags: &Tags| deployment.is_none_or(|id| tags.get(TAG_DEPLOYMENT).is_some_and(|tag| tag == id));
        let mut all = Vec::new();
        let mut push = |kind, id: &str, state: &str, tags: &Tags| {
            if ours(tags) {
                all.push(self.shown(kind, id, state, tags));
            }
        };
        for (id, machine) in self.machines.iter().filter(|(_, machine)| machine.state != InstanceState::Terminated) {
            push(FoundKind::Instance, id, instance_word(machine.state), &machine.tags);
        }
        for (id, disk) in &self.volumes {
            push(FoundKind::Volume, id, volume_word(disk.state), &disk.tags);
        }
        for (id, group) in &self.groups {
            push(FoundKind::SecurityGroup, id, "present", &group.tags);
        }
        for (arn, stored) in &self.secrets {
            push(FoundKind::Secret, arn, "present", &stored.tags);
        }
        for (name, tags) in &self.roles {
            push(FoundKind::Role, name, "present", tags);
            push(FoundKind::InstanceProfile, name, "present", tags);
        }
        all
    }

    /// As AWS's lists: those of groups give no time, those of roles and profiles no tags.
    fn shown(&self, kind: FoundKind, id: &str, state: &str, tags: &Tags) -> Found {
        let by_name = matches!(kind, FoundKind::Role | FoundKind::InstanceProfile);
        let disk = self.volumes.get(id);
        let size = match (self.machines.get(id), disk) {
            (Some(machine), _) => Size::Machine(machine.instance_type.clone()),
            (None, Some(disk)) => Size::Volume(disk.shape),
            (None, None) => Size::Free,
        };
        Found {
            kind,
            id: id.into(),
            name: tags.get("Name").filter(|_| !by_name).map_or(id, String::as_str).into(),
            deployment: tags.get(TAG_DEPLOYMENT).filter(|_| !by_name).cloned(),
            state: state.into(),
            created_at: self.born.get(id).filter(|_| kind != FoundKind::SecurityGroup).copied(),
            attached_to: disk.and_then(|disk| disk.attached_to.clone()),
            size,
            retained_until: retained_until(tags),
        }
    }
}

fn retained_until(tags: &Tags) -> Option<String> {
    tags.get(TAG_RETAINED).filter(|kept| *kept == "true")?;
    Some(tags.get(TAG_RETAINED_UNTIL).cloned().unwrap_or_default())
}

fn instance_word(state: InstanceState) -> &'static str {
    match state {
        InstanceState::Pending => "pending",
        InstanceState::Running => "running",
        InstanceState::Stopping => "stopping",
        InstanceState::Stopped => "stopped",
        InstanceState::ShuttingDown => "shutting-down",
        InstanceState::Terminated => "terminated",
    }
}

fn volume_word(state: VolumeState) -> &'static str {
    match state {
        VolumeState::Creating => "creating",
        VolumeState::Available => "available",
        VolumeState::InUse => "in-use",
        VolumeState::Deleting => "deleting",
        VolumeState::Deleted => "deleted",
        VolumeState::Error => "error",
    }
}
