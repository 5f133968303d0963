//! What a customer's account holds, by each service's own list call as the account's owner: neither the engine's records nor its adapter
//! is asked, nor is anything left out that lacks a tag. But for what linking made, the account is empty when a run begins.

use aws_sdk_ec2::types::{Instance, Volume};
use clouds::{TAG_DEPLOYMENT, TAG_RETAINED};

pub struct Owner {
    ec2: aws_sdk_ec2::Client,
    iam: aws_sdk_iam::Client,
    secrets: aws_sdk_secretsmanager::Client,
}

/// The machine and its network, as the console shows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub image: String,
    pub instance_type: String,
    pub state: String,
    pub disk_gib: i32,
    pub ranges: Vec<String>,
}

impl Owner {
    pub fn new(sdk: &aws_config::SdkConfig) -> Self {
        Self { ec2: aws_sdk_ec2::Client::new(sdk), iam: aws_sdk_iam::Client::new(sdk), secrets: aws_sdk_secretsmanager::Client::new(sdk) }
    }

    async fn instances(&self) -> Vec<Instance> {
        let all = self.ec2.describe_instances().into_paginator().items().send().try_collect().await.unwrap();
        let alive = |instance: &&Instance| state(instance) != "terminated";
        all.iter().flat_map(|reservation| reservation.instances()).filter(alive).cloned().collect()
    }

    /// How many machines there ever were, as EC2 lists those, too, that have ended.
    pub async fn machines_ever(&self) -> usize {
        let all = self.ec2.describe_instances().into_paginator().items().send().try_collect().await.unwrap();
        all.iter().map(|reservation| reservation.instances().len()).sum()
    }

    /// A machine's root volume is a part of the machine.
    async fn data_volumes(&self) -> Vec<Volume> {
        let roots: Vec<String> = self.instances().await.iter().filter_map(root_volume).collect();
        let all = self.ec2.describe_volumes().into_paginator().items().send().try_collect().await.unwrap();
        all.iter().filter(|volume| !roots.iter().any(|root| volume.volume_id() == Some(root))).cloned().collect()
    }

    async fn groups(&self) -> Vec<aws_sdk_ec2::types::SecurityGroup> {
        let all = self.ec2.describe_security_groups().into_paginator().items().send().try_collect().await.unwrap();
        all.iter().filter(|group| group.group_name() != Some("default")).cloned().collect()
    }

    /// Every resource there is, by kind, sorted; a volume that is kept on purpose says so.
    pub async fn holds(&self) -> Vec<&'static str> {
        let mut all: Vec<&'static str> = Vec::new();
        all.extend(self.instances().await.iter().map(|_| "instance"));
        all.extend(self.data_volumes().await.iter().map(|volume| if kept(volume) { "kept volume" } else { "volume" }));
        all.extend(self.groups().await.iter().map(|_| "security group"));
        let secrets = self.secrets.list_secrets().into_paginator().send().try_collect().await.unwrap();
        all.extend(secrets.iter().flat_map(|page| page.secret_list()).map(|_| "secret"));
        let roles = self.iam.list_roles().into_paginator().items().send().try_collect().await.unwrap();
        all.extend(roles.iter().filter(|role| !role.role_name().starts_with("Cloudsail")).map(|_| "role"));
        let profiles = self.iam.list_instance_profiles().into_paginator().items().send().try_collect().await.unwrap();
        all.extend(profiles.iter().map(|_| "instance profile"));
        all.sort_unstable();
        all
    }

    /// Of the one machine, disk and group that there are.
    pub async fn shown(&self) -> Shown {
        let (instances, volumes, groups) = (self.instances().await, self.data_volumes().await, self.groups().await);
        let (instance, volume, group) = (&instances[0], &volumes[0], &groups[0]);
        let holder = volume.attachments().first().and_then(|attachment| attachment.instance_id());
        assert_eq!(holder, instance.instance_id(), "the machine has its disk");
        let mut ranges: Vec<_> =
            group.ip_permissions().iter().flat_map(|rule| rule.ip_ranges()).map(|range| range.cidr_ip().unwrap()).collect();
        ranges.sort_unstable();
        Shown {
            image: instance.image_id().unwrap().to_owned(),
            instance_type: instance.instance_type().unwrap().as_str().to_owned(),
            state: state(instance).to_owned(),
            disk_gib: volume.size().unwrap(),
            ranges: ranges.into_iter().map(str::to_owned).collect(),
        }
    }

    /// Whether a machine of that image is there, and not on its way out.
    pub async fn has_machine_of(&self, image: &str) -> bool {
        self.instances().await.iter().any(|instance| instance.image_id() == Some(image) && state(instance) != "shutting-down")
    }

    /// All that was made carries the deployment's tag.
    pub async fn assert_tagged(&self, deployment: &str, when: &str) {
        let is = |tag: &aws_sdk_ec2::types::Tag| tag.key() == Some(TAG_DEPLOYMENT) && tag.value() == Some(deployment);
        let instances = self.instances().await.iter().all(|instance| instance.tags().iter().any(is));
        let volumes = self.data_volumes().await.iter().all(|volume| volume.tags().iter().any(is));
        let groups = self.groups().await.iter().all(|group| group.tags().iter().any(is));
        assert!(instances && volumes && groups, "something carries no tag of {deployment}: {when}");
    }

    /// From now on there is this much on the one disk, as its machine will say.
    pub async fn fill(&self, data_gib: i32) {
        let volumes = self.data_volumes().await;
        let tag = aws_sdk_ec2::types::Tag::builder().key("data-gib").value(data_gib.to_string()).build();
        self.ec2.create_tags().resources(volumes[0].volume_id().unwrap()).tags(tag).send().await.unwrap();
    }

    /// Deletes the disks that were kept, as a person does who needs them no longer.
    pub async fn let_go(&self) {
        for volume in self.data_volumes().await {
            self.ec2.delete_volume().volume_id(volume.volume_id().unwrap()).send().await.unwrap();
        }
    }
}

fn state(instance: &Instance) -> &str {
    instance.state().and_then(|state| state.name()).map_or("", |name| name.as_str())
}

fn root_volume(instance: &Instance) -> Option<String> {
    let root = instance.block_device_mappings().iter().find(|mapping| mapping.device_name() == instance.root_device_name())?;
    root.ebs()?.volume_id().map(str::to_owned)
}

fn kept(volume: &Volume) -> bool {
    volume.tags().iter().any(|tag| tag.key() == Some(TAG_RETAINED) && tag.value() == Some("true"))
}
