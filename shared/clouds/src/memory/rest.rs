//! The trait for [`Memory`], and what happens to everything but machines.

use std::sync::atomic::Ordering;

use super::state::{Group, State, Stored};
use super::{Memory, Pace, machines};
use crate::{
    Cloud, CommandResult, Error, Found, FoundKind, Identity, Image, ImageQuery, Instance, InstanceSpec, InstanceState, Inventory,
    MissingPermission, Result, Role, RoleSpec, Secret, SecretSpec, SecurityGroupSpec, Storage, Subnet, Tags, Vcpus, Volume, VolumeShape,
    VolumeSpec,
};

/// One default subnet in each.
const ZONES: [&str; 2] = ["ca-central-1a", "ca-central-1b"];
/// The publisher's newest for each architecture, and one that a person made.
const IMAGES: [(&str, &str); 3] =
    [("ami-00000000000000013", "x86_64"), ("ami-00000000000000014", "arm64"), ("ami-00000000000000099", "x86_64")];

fn default_subnets() -> Vec<Subnet> {
    let subnet = |(number, zone): (usize, &&str)| Subnet {
        id: format!("subnet-{:017x}", number + 1),
        vpc_id: "vpc-00000000000000001".into(),
        zone: (*zone).into(),
        free_addresses: 4091,
    };
    ZONES.iter().enumerate().map(subnet).collect()
}

/// Of a subnet.
pub(super) fn zone(subnet: &str) -> Option<String> {
    default_subnets().into_iter().find(|known| known.id == subnet).map(|known| known.zone)
}

/// The one that is wished for, if it is there; else the publisher's newest.
fn find_image(state: &State, query: &ImageQuery) -> Result<Image> {
    let fits = |(id, architecture): &&(&str, &str)| match &query.wished {
        Some(wished) => id == wished,
        None => *architecture == query.architecture,
    };
    let found = IMAGES.iter().find(fits).filter(|(id, _)| !state.withdrawn.contains(*id));
    let missing = query.wished.as_ref().unwrap_or(&query.name_pattern);
    let (id, architecture) = found.ok_or_else(|| Error::not_found("find_image", missing))?;
    let name = query.name_pattern.replace('*', "1");
    Ok(Image { id: (*id).into(), name, root_device: "/dev/xvda".into(), architecture: (*architecture).into() })
}

fn ensure_group(state: &mut State, spec: &SecurityGroupSpec) -> String {
    let known = state.groups.iter_mut().find(|(_, group)| group.name == spec.name && group.vpc_id == spec.vpc_id);
    if let Some((id, group)) = known {
        group.cidrs.clone_from(&spec.ingress_cidrs);
        return id.clone();
    }
    let id = state.next_id("sg");
    let group = Group { name: spec.name.clone(), vpc_id: spec.vpc_id.clone(), cidrs: spec.ingress_cidrs.clone(), tags: spec.tags.clone() };
    state.groups.insert(id.clone(), group);
    id
}

fn ensure_secret(state: &mut State, spec: &SecretSpec) -> String {
    let arn = format!("arn:aws:secretsmanager:ca-central-1:222222222222:secret:{}-AbCdEf", spec.name);
    if !state.secrets.contains_key(&arn) {
        state.bear(&arn);
        state.secrets.insert(arn.clone(), Stored { value: spec.value.clone(), tags: spec.tags.clone() });
    }
    arn
}

fn ensure_role(state: &mut State, spec: &RoleSpec) -> Role {
    if !state.roles.contains_key(&spec.name) {
        state.bear(&spec.name);
        state.roles.insert(spec.name.clone(), spec.tags.clone());
    }
    Role { arn: format!("arn:aws:iam::222222222222:role/cloudsail/{}", spec.name), profile: spec.name.clone() }
}

fn delete_group(state: &mut State, pace: &Pace, id: &str) -> Result<()> {
    machines::pass_time(state, pace);
    let used = state.machines.values().any(|machine| machine.group == id && machine.state != InstanceState::Terminated);
    if used {
        return Err(machines::in_use("delete_security_group", "a machine has it"));
    }
    state.groups.remove(id);
    Ok(())
}

impl Cloud for Memory {
    fn calls(&self) -> u32 {
        self.sent.load(Ordering::Relaxed)
    }

    async fn check_account(&self) -> Result<Identity> {
        self.call("check_account", |_, _| Ok(Self::identity()))
    }

    async fn missing_permissions(&self, _: &str, _: &str) -> Result<Vec<MissingPermission>> {
        self.call("missing_permissions", |_, _| Ok(Vec::new()))
    }

    async fn vcpus(&self) -> Result<Vcpus> {
        self.call("vcpus", |_, _| Ok(Vcpus { used: 0, quota: 64 }))
    }

    async fn storage(&self) -> Result<Storage> {
        self.call("storage", |state, _| {
            let used_gib = state.volumes.values().map(|disk| disk.shape.size_gib).sum();
            Ok(Storage { used_gib, quota_gib: state.storage_gib.unwrap_or(50 * 1024) })
        })
    }

    async fn find_image(&self, query: &ImageQuery) -> Result<Image> {
        self.call("find_image", |state, _| find_image(state, query))
    }

    async fn subnets(&self, wished: Option<&str>) -> Result<Vec<Subnet>> {
        self.call("subnets", |state, _| {
            let mut fitting: Vec<_> = default_subnets().into_iter().filter(|subnet| wished.is_none_or(|id| subnet.id == id)).collect();
            fitting.iter_mut().filter(|subnet| state.without_address.contains(&subnet.zone)).for_each(|subnet| subnet.free_addresses = 0);
            if fitting.is_empty() { Err(Error::not_found("subnets", wished.unwrap_or_default())) } else { Ok(fitting) }
        })
    }

    async fn ensure_security_group(&self, spec: &SecurityGroupSpec) -> Result<String> {
        self.call("ensure_security_group", |state, _| Ok(ensure_group(state, spec)))
    }

    async fn ensure_secret(&self, spec: &SecretSpec) -> Result<String> {
        self.call("ensure_secret", |state, _| Ok(ensure_secret(state, spec)))
    }

    async fn read_secret(&self, id: &str) -> Result<Secret> {
        self.call("read_secret", |state, _| {
            let stored = state.secrets.get(id).ok_or_else(|| Error::not_found("read_secret", id))?;
            Ok(stored.value.clone())
        })
    }

    async fn ensure_role(&self, spec: &RoleSpec) -> Result<Role> {
        self.call("ensure_role", |state, _| Ok(ensure_role(state, spec)))
    }

    async fn ensure_volume(&self, spec: &VolumeSpec) -> Result<String> {
        self.call("ensure_volume", |state, _| machines::ensure_volume(state, spec))
    }

    async fn volume(&self, id: &str) -> Result<Option<Volume>> {
        self.call("volume", |state, pace| Ok(machines::volume(state, pace, id)))
    }

    async fn modify_volume(&self, id: &str, shape: &VolumeShape) -> Result<()> {
        self.call("modify_volume", |state, pace| machines::modify_volume(state, pace, id, shape))
    }

    async fn volume_growing(&self, id: &str) -> Result<bool> {
        self.call("volume_growing", |state, _| Ok(machines::volume_growing(state, id)))
    }

    async fn attach_volume(&self, volume: &str, instance: &str) -> Result<()> {
        self.call("attach_volume", |state, _| machines::attach(state, volume, instance))
    }

    async fn detach_volume(&self, volume: &str, instance: &str) -> Result<()> {
        self.call("detach_volume", |state, _| machines::detach(state, volume, instance))
    }

    async fn ensure_instance(&self, spec: &InstanceSpec) -> Result<String> {
        self.call("ensure_instance", |state, _| machines::ensure_instance(state, spec))
    }

    async fn instance(&self, id: &str) -> Result<Option<Instance>> {
        self.call("instance", |state, pace| Ok(machines::instance(state, pace, id)))
    }

    async fn stop_instance(&self, id: &str) -> Result<()> {
        self.call("stop_instance", |state, _| machines::stop(state, id))
    }

    async fn set_instance_type(&self, id: &str, instance_type: &str) -> Result<()> {
        self.call("set_instance_type", |state, _| machines::set_type(state, id, instance_type))
    }

    async fn start_instance(&self, id: &str) -> Result<()> {
        self.call("start_instance", |state, _| machines::start(state, id))
    }

    async fn is_managed(&self, instance: &str) -> Result<bool> {
        self.call("is_managed", |state, pace| Ok(machines::is_managed(state, pace, instance)))
    }

    async fn run_command(&self, instance: &str, script: &str, _comment: &str) -> Result<String> {
        self.call("run_command", |state, pace| machines::run_command(state, pace, instance, script))
    }

    async fn command_result(&self, _instance: &str, command: &str) -> Result<CommandResult> {
        let ended = self.call("command_result", |state, pace| machines::ended_command(state, pace, command))?;
        Ok(ended.map_or(CommandResult::Pending, |command| self.respond(&command)))
    }

    async fn terminate_instance(&self, id: &str) -> Result<()> {
        self.call("terminate_instance", |state, _| {
            machines::terminate(state, id);
            Ok(())
        })
    }

    async fn delete_volume(&self, id: &str) -> Result<()> {
        self.call("delete_volume", |state, pace| machines::delete_volume(state, pace, id))
    }

    async fn retain_volume(&self, id: &str, tags: &Tags) -> Result<()> {
        self.call("retain_volume", |state, _| machines::retain_volume(state, id, tags))
    }

    async fn delete_secret(&self, id: &str) -> Result<()> {
        self.call("delete_secret", |state, _| {
            // By its ARN or its name, as the service takes either.
            state.secrets.retain(|arn, _| arn != id && !arn.contains(&format!(":secret:{id}-")));
            Ok(())
        })
    }

    async fn delete_role(&self, name: &str) -> Result<()> {
        self.call("delete_role", |state, _| {
            state.roles.remove(name);
            Ok(())
        })
    }

    async fn delete_security_group(&self, id: &str) -> Result<()> {
        self.call("delete_security_group", |state, pace| delete_group(state, pace, id))
    }

    async fn list_tagged(&self, deployment: &str, _name: &str) -> Result<Vec<Found>> {
        self.call("list_tagged", |state, pace| {
            machines::pass_time(state, pace);
            Ok(state.found(Some(deployment)))
        })
    }
}

impl Inventory for Memory {
    async fn list_region(&self) -> Result<Vec<Found>> {
        self.listed("list_region", false)
    }

    async fn list_identities(&self) -> Result<Vec<Found>> {
        self.listed("list_identities", true)
    }
}

impl Memory {
    fn listed(&self, name: &'static str, identities: bool) -> Result<Vec<Found>> {
        self.call(name, |state, pace| {
            machines::pass_time(state, pace);
            let identity = |found: &Found| matches!(found.kind, FoundKind::Role | FoundKind::InstanceProfile);
            Ok(state.found(None).into_iter().filter(|found| identity(found) == identities).collect())
        })
    }
}
