//! The cloud in memory keeps the rules that programs trip over.

use std::collections::BTreeMap;

use clouds::memory::{Fault, Memory, Moment, Pace};
use clouds::{
    Cloud, CommandResult, Error, FoundKind, ImageQuery, InstanceSpec, InstanceState, Result, RoleSpec, Secret, SecretSpec,
    SecurityGroupSpec, TAG_DEPLOYMENT, TAG_RETAINED, VolumeShape, VolumeSpec,
};

/// A program as short as can be: everything made, looked at until it runs, and the volume attached.
async fn deploy(cloud: &impl Cloud) -> Result<(String, String, String)> {
    let tags = BTreeMap::from([(TAG_DEPLOYMENT.to_owned(), "dep_1".to_owned())]);
    let query = ImageQuery { name_pattern: "debian-13-*".into(), owner: "1".into(), architecture: "x86_64".into(), wished: None };
    let image = cloud.find_image(&query).await?;
    let subnet = cloud.subnets(None).await?.remove(0);
    let group = SecurityGroupSpec {
        name: "cloudsail-1".into(),
        vpc_id: subnet.vpc_id,
        description: "test".into(),
        ingress_cidrs: vec!["203.0.113.0/24".into()],
        port: 5432,
        tags: tags.clone(),
    };
    let group = cloud.ensure_security_group(&group).await?;
    let secret = SecretSpec {
        name: "cloudsail/dep_1/postgres".into(),
        client_token: "t".repeat(32),
        description: "test".into(),
        value: Secret::new("x"),
        tags: tags.clone(),
    };
    let secret_arn = cloud.ensure_secret(&secret).await?;
    let role = RoleSpec {
        name: "cloudsail-1".into(),
        boundary_arn: "arn:b".into(),
        trust: "{}".into(),
        managed_policies: vec![],
        policies: vec![("read".into(), secret_arn)],
        tags: tags.clone(),
    };
    let role = cloud.ensure_role(&role).await?;
    let volume = VolumeSpec {
        client_token: "v".into(),
        zone: subnet.zone,
        shape: VolumeShape { size_gib: 20, iops: 3000, throughput_mib_s: 125 },
        encrypted: true,
        tags: tags.clone(),
    };
    let volume = cloud.ensure_volume(&volume).await?;
    let instance = InstanceSpec {
        client_token: "i".into(),
        image: image.id,
        root_device: image.root_device,
        root_volume_gib: 8,
        instance_type: "t3.medium".into(),
        subnet: subnet.id,
        private_ip: None,
        security_group: group.clone(),
        profile: role.profile,
        user_data: Vec::new(),
        tags,
    };
    let instance = cloud.ensure_instance(&instance).await?;
    while cloud.instance(&instance).await?.is_none_or(|machine| machine.state != InstanceState::Running) {}
    while cloud.volume(&volume).await?.is_none_or(|volume| volume.state == clouds::VolumeState::Creating) {}
    cloud.attach_volume(&volume, &instance).await?;
    while !cloud.is_managed(&instance).await? {}
    Ok((instance, volume, group))
}

#[tokio::test]
async fn a_program_killed_at_any_call_makes_nothing_twice() {
    let whole = Memory::default();
    deploy(&whole).await.unwrap();
    let (calls, made) = (whole.calls().len(), whole.made());
    for call in 0..calls {
        for moment in [Moment::Before, Moment::After] {
            let cloud = Memory::default();
            cloud.fail_at(call, moment, Fault::Kill);
            let killed = deploy(&cloud).await.unwrap_err();
            assert!(Memory::killed(&killed), "call {call}: {killed}");
            deploy(&cloud).await.unwrap();
            assert_eq!((cloud.made(), cloud.holdings().len()), (made, whole.holdings().len()), "call {call} {moment:?}");
        }
    }
}

#[tokio::test]
async fn what_is_in_use_stays_until_the_machine_is_gone() {
    let cloud = Memory::default();
    let (instance, volume, group) = deploy(&cloud).await.unwrap();
    assert!(matches!(cloud.delete_security_group(&group).await, Err(Error::InUse { .. })));
    assert!(matches!(cloud.delete_volume(&volume).await, Err(Error::InUse { .. })));
    cloud.terminate_instance(&instance).await.unwrap();
    while cloud.instance(&instance).await.unwrap().unwrap().state != InstanceState::Terminated {}
    for _ in 0..2 {
        cloud.terminate_instance(&instance).await.unwrap();
        cloud.delete_security_group(&group).await.unwrap();
        cloud.delete_role("cloudsail-1").await.unwrap();
    }
    cloud.retain_volume(&volume, &BTreeMap::from([(TAG_RETAINED.to_owned(), "true".to_owned())])).await.unwrap();
    let left = cloud.list_tagged("dep_1", "cloudsail-1").await.unwrap();
    let kinds: Vec<_> = left.iter().map(|found| (found.kind, found.retained())).collect();
    assert_eq!(kinds, [(FoundKind::Volume, true), (FoundKind::Secret, false)]);
    assert_eq!(cloud.list_tagged("dep_2", "cloudsail-2").await.unwrap(), []);
}

#[tokio::test]
async fn another_machine_takes_over_a_volume_and_an_address_that_were_let_go() {
    let cloud = Memory::default();
    let (first, volume, group) = deploy(&cloud).await.unwrap();
    let (image, address) = cloud.image_and_address().unwrap();
    let subnet = cloud.subnets(None).await.unwrap().remove(0);
    let spec = InstanceSpec {
        client_token: "another".into(),
        image,
        root_device: "/dev/xvda".into(),
        root_volume_gib: 8,
        instance_type: "t3.medium".into(),
        subnet: subnet.id,
        private_ip: Some(address.clone()),
        security_group: group,
        profile: "cloudsail-1".into(),
        user_data: Vec::new(),
        tags: BTreeMap::new(),
    };
    assert!(matches!(cloud.ensure_instance(&spec).await, Err(Error::InUse { .. })), "the first machine has the address");
    for _ in 0..2 {
        cloud.detach_volume(&volume, &first).await.unwrap();
    }
    cloud.terminate_instance(&first).await.unwrap();
    while cloud.instance(&first).await.unwrap().unwrap().state != InstanceState::Terminated {}
    let second = cloud.ensure_instance(&spec).await.unwrap();
    while cloud.instance(&second).await.unwrap().unwrap().state != InstanceState::Running {}
    cloud.attach_volume(&volume, &second).await.unwrap();
    cloud.detach_volume(&volume, &first).await.unwrap();
    assert_eq!((cloud.holder(), cloud.image_and_address().unwrap().1), (Some(second), address), "only its holder lets it go");
}

#[tokio::test]
async fn commands_run_on_managed_machines_and_answer_as_told() {
    let cloud = Memory::new(Pace { command_after: 0, ..Pace::default() });
    cloud.on_command(|command| CommandResult::Done {
        exit_code: 0,
        stdout: format!("{} {}", command.earlier, command.script),
        stderr: String::new(),
    });
    let (instance, ..) = deploy(&cloud).await.unwrap();
    for expected in ["0 look", "1 look"] {
        let command = cloud.run_command(&instance, "look", "test").await.unwrap();
        let result = cloud.command_result(&instance, &command).await.unwrap();
        assert_eq!(result, CommandResult::Done { exit_code: 0, stdout: expected.into(), stderr: String::new() });
    }
    cloud.lose_instance(&instance, "Client.UserInitiatedShutdown");
    assert!(matches!(cloud.run_command(&instance, "look", "test").await, Err(Error::NotReady { .. })));
}

#[tokio::test]
async fn a_standing_fault_lasts_until_it_is_healed() {
    let cloud = Memory::default();
    let no_room = Error::NoCapacity { action: "ec2:RunInstances", message: "none left".into(), cause: clouds::ApiError::default() };
    cloud.fail_always("ensure_instance", no_room.clone());
    for _ in 0..2 {
        assert_eq!(deploy(&cloud).await.unwrap_err(), no_room);
    }
    cloud.heal();
    deploy(&cloud).await.unwrap();
}
