use std::future::Future;

use crate::{
    CommandResult, Found, Identity, Image, ImageQuery, Instance, InstanceSpec, MissingPermission, Result, Role, RoleSpec, Secret,
    SecretSpec, SecurityGroupSpec, Storage, Subnet, Tags, Vcpus, Volume, VolumeShape, VolumeSpec,
};

/// What a deployment needs of a cloud, in words that no provider owns.
///
/// Every `ensure_…` finds what an earlier call made (by name, tag or client token) before it makes anything, so a step that
/// ran halfway can be run again. Every `delete_…` answers `Ok` for what is not there. Nothing here waits: a state that takes
/// time is looked at again by the caller.
pub trait Cloud: Send + Sync {
    /// How many calls this session has sent so far, those included that were sent again after they failed.
    fn calls(&self) -> u32;

    /// Who the calls are made as; the cheapest proof that the credentials work.
    fn check_account(&self) -> impl Future<Output = Result<Identity>> + Send;

    /// What the role's template allows and the role may not do (any more), by statement.
    fn missing_permissions(&self, role_arn: &str, region: &str) -> impl Future<Output = Result<Vec<MissingPermission>>> + Send;

    /// How many virtual CPUs the region's machines use, and how many the account may use there.
    fn vcpus(&self) -> impl Future<Output = Result<Vcpus>> + Send;

    /// How much disk the region has of the kind that [`Cloud::ensure_volume`] makes, and how much the account may have there.
    fn storage(&self) -> impl Future<Output = Result<Storage>> + Send;

    /// The wished image, or the newest one that matches. `NotFound` if there is none.
    fn find_image(&self, query: &ImageQuery) -> impl Future<Output = Result<Image>> + Send;

    /// The wished subnet, or those of the default network, by zone name; at least one. `NotFound` if there is none.
    fn subnets(&self, wished: Option<&str>) -> impl Future<Output = Result<Vec<Subnet>>> + Send;

    /// Makes or finds the group and makes its inbound rules equal the spec's exactly. Answers its id.
    fn ensure_security_group(&self, spec: &SecurityGroupSpec) -> impl Future<Output = Result<String>> + Send;

    /// Makes or finds the secret; one that is scheduled for deletion is restored. Its value is never changed. Answers its id.
    fn ensure_secret(&self, spec: &SecretSpec) -> impl Future<Output = Result<String>> + Send;

    /// The current value.
    fn read_secret(&self, id: &str) -> impl Future<Output = Result<Secret>> + Send;

    /// Makes or completes the role and its profile.
    fn ensure_role(&self, spec: &RoleSpec) -> impl Future<Output = Result<Role>> + Send;

    /// Makes or finds the volume. Answers its id.
    fn ensure_volume(&self, spec: &VolumeSpec) -> impl Future<Output = Result<String>> + Send;

    /// The volume's state; `None` if it is not there.
    fn volume(&self, id: &str) -> impl Future<Output = Result<Option<Volume>>> + Send;

    /// Asks for another size or speed; asking for what it is already does nothing. It never shrinks. `NotReady` while an earlier
    /// change has not ended, `NoCapacity` when it was changed too lately to be changed again.
    fn modify_volume(&self, id: &str, shape: &VolumeShape) -> impl Future<Output = Result<()>> + Send;

    /// Whether the volume is still on its way to a larger size, which the machine can't use until then.
    fn volume_growing(&self, id: &str) -> impl Future<Output = Result<bool>> + Send;

    /// Attaches; already attached to this machine is `Ok`. `NotReady` while the machine is pending.
    fn attach_volume(&self, volume: &str, instance: &str) -> impl Future<Output = Result<()>> + Send;

    /// Begins to detach the volume from the machine; not attached to it is `Ok`. The machine should be stopped.
    fn detach_volume(&self, volume: &str, instance: &str) -> impl Future<Output = Result<()>> + Send;

    /// Makes or finds the machine. Answers its id. `NotReady` while a new role is not known everywhere yet.
    fn ensure_instance(&self, spec: &InstanceSpec) -> impl Future<Output = Result<String>> + Send;

    /// The machine; `None` if it is not there (also for a moment after it was made, and an hour after it was terminated).
    fn instance(&self, id: &str) -> impl Future<Output = Result<Option<Instance>>> + Send;

    /// Begins to stop the machine; it keeps its volumes and its private address. Stopped already is `Ok`.
    fn stop_instance(&self, id: &str) -> impl Future<Output = Result<()>> + Send;

    /// Makes a stopped machine one of another type. `NotReady` while it is not stopped.
    fn set_instance_type(&self, id: &str, instance_type: &str) -> impl Future<Output = Result<()>> + Send;

    /// Begins to start the machine. `NotReady` while it is still stopping, `NoCapacity` where the zone has none left of its type.
    fn start_instance(&self, id: &str) -> impl Future<Output = Result<()>> + Send;

    /// Whether the machine takes commands.
    fn is_managed(&self, instance: &str) -> impl Future<Output = Result<bool>> + Send;

    /// Runs a shell script as root on the machine and answers the command's id. Each call runs it again, so the script must
    /// bear that. The script and its output are readable in the account: no secrets. `NotReady` while the machine takes none.
    fn run_command(&self, instance: &str, script: &str, comment: &str) -> impl Future<Output = Result<String>> + Send;

    /// What came of a command.
    fn command_result(&self, instance: &str, command: &str) -> impl Future<Output = Result<CommandResult>> + Send;

    /// Begins the end of the machine; its root volume goes with it, its data volume stays.
    fn terminate_instance(&self, id: &str) -> impl Future<Output = Result<()>> + Send;

    /// Deletes the volume with its data. `InUse` while a machine has it.
    fn delete_volume(&self, id: &str) -> impl Future<Output = Result<()>> + Send;

    /// Adds the tags that say that the volume is kept on purpose.
    fn retain_volume(&self, id: &str, tags: &Tags) -> impl Future<Output = Result<()>> + Send;

    /// Deletes the secret at once, without a recovery window.
    fn delete_secret(&self, id: &str) -> impl Future<Output = Result<()>> + Send;

    /// Deletes the role and the profile of that name with all that hangs on them.
    fn delete_role(&self, name: &str) -> impl Future<Output = Result<()>> + Send;

    /// Deletes the group. `InUse` while a machine that is shutting down still has it.
    fn delete_security_group(&self, id: &str) -> impl Future<Output = Result<()>> + Send;

    /// Everything the cloud's own lists show for the deployment: by tag, and for roles and profiles by `name`, which theirs
    /// must begin with (their lists show no tags).
    fn list_tagged(&self, deployment: &str, name: &str) -> impl Future<Output = Result<Vec<Found>>> + Send;
}
