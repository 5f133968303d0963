//! Every call of the trait, each `ensure` and `delete` twice, counted by the cloud's own lists.

use std::collections::BTreeMap;
use std::time::Duration;

use aws_sdk_ec2::types::HttpTokensState;
use clouds::access::SSM_CORE_POLICY_ARN;
use clouds::aws::{Aws, Connector, Verdict, verify};
use clouds::{
    Cloud, CommandResult, Error, Found, FoundKind, ImageQuery, InstanceSpec, InstanceState, Inventory, NAME_PREFIX, RoleSpec,
    SECRET_PREFIX, Secret, SecretSpec, SecurityGroupSpec, TAG_DEPLOYMENT, TAG_RETAINED, TAG_RETAINED_UNTIL, Tags, VolumeShape, VolumeSpec,
    VolumeState,
};

use serde_json::json;

use crate::REGION;
use crate::customer::Customer;

/// Everything of one deployment.
struct Made {
    deployment: String,
    name: String,
    group: String,
    secret: String,
    volume: String,
    instance: String,
}

pub(crate) async fn every_call_twice(customer: &Customer) {
    let cloud = customer.connect().await;
    assert_eq!(cloud.check_account().await.unwrap().account_id, customer.ground.customer_account);
    let worker = Connector::new(customer.worker.clone());
    let verdict = verify(&worker, &customer.link_row(), &customer.ground.customer_account, REGION, &Customer::errand()).await;
    assert_eq!(verdict.unwrap(), Verdict::Usable { missing: Vec::new() });
    let made = make(&cloud, customer).await;
    started_safely(customer, &made.instance).await;
    use_it(&cloud, &made, customer.ground.machines_boot).await;
    list_it(&cloud, &customer.monitor().await, &made).await;
    remove(&cloud, &made).await;
}

/// Removes what the lists still show, in the order that dependencies ask for.
pub(crate) async fn sweep(customer: &Customer) {
    let cloud = customer.connect().await;
    let left = cloud.list_tagged(&deployment(customer), &name(customer)).await.unwrap();
    for found in &left {
        match found.kind {
            FoundKind::Instance => cloud.terminate_instance(&found.id).await.unwrap(),
            FoundKind::Volume => eventually("the volume is free", || cloud.delete_volume(&found.id)).await,
            FoundKind::SecurityGroup => eventually("the group is free", || cloud.delete_security_group(&found.id)).await,
            FoundKind::Secret => cloud.delete_secret(&found.id).await.unwrap(),
            FoundKind::Role | FoundKind::InstanceProfile => cloud.delete_role(&found.id).await.unwrap(),
        }
    }
}

fn deployment(customer: &Customer) -> String {
    format!("dep_{}", customer.run)
}

fn name(customer: &Customer) -> String {
    format!("cloudsail-{}", customer.run)
}

fn tags(deployment: &str) -> Tags {
    BTreeMap::from([(TAG_DEPLOYMENT.to_owned(), deployment.to_owned()), ("Name".to_owned(), "cloudsail-test".to_owned())])
}

async fn make(cloud: &Aws, customer: &Customer) -> Made {
    let (deployment, name) = (deployment(customer), name(customer));
    let tags = tags(&deployment);
    let query =
        ImageQuery { name_pattern: "debian-13-amd64-*".into(), owner: "136693071363".into(), architecture: "x86_64".into(), wished: None };
    let image = cloud.find_image(&query).await.unwrap();
    let missing = ImageQuery { wished: Some("ami-0ffffffffffffff00".into()), ..query.clone() };
    assert!(matches!(cloud.find_image(&missing).await, Err(Error::NotFound { .. })));
    let subnet = cloud.subnets(None).await.unwrap().remove(0);
    assert_eq!(cloud.subnets(Some(&subnet.id)).await.unwrap(), std::slice::from_ref(&subnet));
    assert!(matches!(cloud.subnets(Some("subnet-0123456789abcdef0")).await, Err(Error::NotFound { .. })));

    let monitor = customer.monitor().await;
    assert_eq!(monitor.vcpus().await.unwrap().quota, 64);
    let before = monitor.storage().await.unwrap();
    assert_eq!(before.quota_gib, 50 * 1024);
    assert_eq!(monitor.find_image(&query).await.unwrap(), image);
    assert_eq!(monitor.subnets(None).await.unwrap()[0], subnet);
    let group = group_with_exact_rules(cloud, customer, &subnet.vpc_id, &tags).await;
    let secret = secret_that_keeps_its_value(cloud, customer, &tags).await;
    let statement = |body: serde_json::Value| json!({"Version": "2012-10-17", "Statement": [body]}).to_string();
    let read = json!({"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": secret});
    let role = RoleSpec {
        name: name.clone(),
        boundary_arn: customer.boundary_arn(),
        trust: statement(json!({"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"})),
        managed_policies: vec![SSM_CORE_POLICY_ARN.into()],
        policies: vec![("read-own-secret".into(), statement(read))],
        tags: tags.clone(),
    };
    let given = cloud.ensure_role(&role).await.unwrap();
    assert_eq!(cloud.ensure_role(&role).await.unwrap(), given);
    let volume = VolumeSpec {
        client_token: format!("{}-volume", customer.run),
        zone: subnet.zone.clone(),
        shape: VolumeShape { size_gib: 1, iops: 3000, throughput_mib_s: 125 },
        encrypted: true,
        tags: tags.clone(),
    };
    let volume_id = cloud.ensure_volume(&volume).await.unwrap();
    assert_eq!(cloud.ensure_volume(&volume).await.unwrap(), volume_id);
    assert!(monitor.storage().await.unwrap().used_gib > before.used_gib);
    let instance = InstanceSpec {
        client_token: format!("{}-instance", customer.run),
        image: image.id,
        root_device: image.root_device,
        root_volume_gib: 8,
        instance_type: "t3.medium".into(),
        subnet: subnet.id,
        private_ip: None,
        security_group: group.clone(),
        profile: given.profile,
        user_data: "#!/bin/sh\ntrue\n".into(),
        tags,
    };
    let instance_id = eventually("the new role is known", || cloud.ensure_instance(&instance)).await;
    assert_eq!(cloud.ensure_instance(&instance).await.unwrap(), instance_id);
    Made { deployment, name, group, secret, volume: volume_id, instance: instance_id }
}

async fn group_with_exact_rules(cloud: &Aws, customer: &Customer, vpc_id: &str, tags: &Tags) -> String {
    let spec = |cidrs: &[&str]| SecurityGroupSpec {
        name: name(customer),
        vpc_id: vpc_id.into(),
        description: "Cloudsail test".into(),
        ingress_cidrs: cidrs.iter().map(|cidr| (*cidr).to_owned()).collect(),
        port: 5432,
        tags: tags.clone(),
    };
    let group = cloud.ensure_security_group(&spec(&["203.0.113.0/24", "198.51.100.7/32"])).await.unwrap();
    assert_eq!(cloud.ensure_security_group(&spec(&["203.0.113.0/24", "192.0.2.0/24"])).await.unwrap(), group);
    assert_eq!(cloud.ensure_security_group(&spec(&["203.0.113.0/24"])).await.unwrap(), group);
    assert_eq!(inbound(customer, &group).await, ["tcp 5432 203.0.113.0/24"]);
    // As a person would, in the console: what the plan does not say goes with the next run.
    let console = aws_sdk_ec2::Client::new(&customer.ground.customer).authorize_security_group_ingress().group_id(&group);
    console.ip_protocol("tcp").from_port(22).to_port(22).cidr_ip("0.0.0.0/0").send().await.unwrap();
    cloud.ensure_security_group(&spec(&["203.0.113.0/24"])).await.unwrap();
    assert_eq!(inbound(customer, &group).await, ["tcp 5432 203.0.113.0/24"]);
    let stranger = SecurityGroupSpec { tags: self::tags("dep_another"), ..spec(&["0.0.0.0/0"]) };
    assert!(matches!(cloud.ensure_security_group(&stranger).await, Err(Error::AlreadyExists { .. })));
    group
}

/// The group's inbound rules as the account's owner sees them.
async fn inbound(customer: &Customer, group: &str) -> Vec<String> {
    let owner = aws_sdk_ec2::Client::new(&customer.ground.customer);
    let answer = owner.describe_security_groups().group_ids(group).send().await.unwrap();
    let rules = answer.security_groups().first().unwrap().ip_permissions();
    let lines = rules.iter().flat_map(|rule| {
        let (protocol, port) = (rule.ip_protocol().unwrap(), rule.from_port().unwrap());
        rule.ip_ranges().iter().map(move |range| format!("{protocol} {port} {}", range.cidr_ip().unwrap()))
    });
    lines.collect()
}

async fn secret_that_keeps_its_value(cloud: &Aws, customer: &Customer, tags: &Tags) -> String {
    let deployment = deployment(customer);
    let spec = |value: &str| SecretSpec {
        name: format!("cloudsail/{deployment}/postgres"),
        client_token: format!("{:0>32}", deployment.trim_start_matches("dep_")),
        description: "Cloudsail test".into(),
        value: Secret::new(value),
        tags: tags.clone(),
    };
    let secret = cloud.ensure_secret(&spec("first")).await.unwrap();
    assert_eq!(cloud.ensure_secret(&spec("second")).await.unwrap(), secret);
    let owner = aws_sdk_secretsmanager::Client::new(&customer.ground.customer);
    owner.delete_secret().secret_id(&secret).recovery_window_in_days(7).send().await.unwrap();
    assert_eq!(cloud.ensure_secret(&spec("third")).await.unwrap(), secret);
    assert_eq!(cloud.read_secret(&secret).await.unwrap().expose(), "first");
    secret
}

/// What the account's owner sees of the machine.
async fn started_safely(customer: &Customer, instance: &str) {
    let owner = aws_sdk_ec2::Client::new(&customer.ground.customer);
    let answer = owner.describe_instances().instance_ids(instance).send().await.unwrap();
    let machine = answer.reservations().first().unwrap().instances().first().unwrap();
    assert_eq!(machine.metadata_options().unwrap().http_tokens(), Some(&HttpTokensState::Required));
    assert_eq!(machine.key_name().unwrap_or_default(), "");
    let profile = machine.iam_instance_profile().unwrap().arn().unwrap();
    assert!(profile.ends_with(&format!("instance-profile/cloudsail/{}", name(customer))), "{profile}");
}

async fn use_it(cloud: &Aws, made: &Made, machines_boot: bool) {
    eventually("the machine runs", || async {
        let machine = cloud.instance(&made.instance).await?;
        let running = machine.is_some_and(|machine| machine.state == InstanceState::Running && machine.private_ip.is_some());
        if running { Ok(()) } else { Err(not_yet()) }
    })
    .await;
    eventually("the volume attaches", || cloud.attach_volume(&made.volume, &made.instance)).await;
    cloud.attach_volume(&made.volume, &made.instance).await.unwrap();
    let volume = cloud.volume(&made.volume).await.unwrap().unwrap();
    assert_eq!((volume.state, volume.attached_to), (VolumeState::InUse, Some(made.instance.clone())));
    assert!(matches!(cloud.delete_volume(&made.volume).await, Err(Error::InUse { .. })));
    if machines_boot {
        assert!(matches!(cloud.delete_security_group(&made.group).await, Err(Error::InUse { .. })));
    }
    let managed = eventually("the machine takes commands", || async {
        let managed = cloud.is_managed(&made.instance).await?;
        if managed || !machines_boot { Ok(managed) } else { Err(not_yet()) }
    })
    .await;
    if managed {
        let command = cloud.run_command(&made.instance, "echo out; echo err >&2; exit 3", "a look").await.unwrap();
        let done = eventually("the command ends", || async {
            match cloud.command_result(&made.instance, &command).await? {
                CommandResult::Pending => Err(not_yet()),
                done @ CommandResult::Done { .. } => Ok(done),
            }
        })
        .await;
        let CommandResult::Done { exit_code, stdout, stderr } = done else { panic!("the command is pending") };
        assert_eq!((exit_code, stdout.trim(), stderr.trim().contains("err")), (3, "out", true));
    } else {
        crate::notice("left out: Run Command, since this emulator's machines don't boot");
    }
}

async fn list_it(cloud: &Aws, monitor: &Aws, made: &Made) {
    let until = BTreeMap::from([(TAG_RETAINED.to_owned(), "true".to_owned()), (TAG_RETAINED_UNTIL.to_owned(), "2030-01-31".to_owned())]);
    cloud.retain_volume(&made.volume, &until).await.unwrap();
    let found = cloud.list_tagged(&made.deployment, &made.name).await.unwrap();
    assert_eq!(monitor.list_tagged(&made.deployment, &made.name).await.unwrap().len(), found.len(), "both roles see the same");
    let count = |kind| found.iter().filter(|one| one.kind == kind).count();
    // The second volume is the machine's root.
    let counts = [FoundKind::Instance, FoundKind::SecurityGroup, FoundKind::Secret, FoundKind::Role, FoundKind::InstanceProfile].map(count);
    assert_eq!(counts, [1, 1, 1, 1, 1], "{found:#?}");
    assert_eq!(count(FoundKind::Volume), 2, "the data volume and the root volume: {found:#?}");
    let retained: Vec<_> = found.iter().filter(|one| one.retained()).map(|one| (one.id.as_str(), one.retained_until.as_deref())).collect();
    assert_eq!(retained, [(made.volume.as_str(), Some("2030-01-31"))]);
    assert_eq!(cloud.list_tagged("dep_another", "cloudsail-another").await.unwrap(), []);
    list_everything(monitor, made, &found).await;
}

/// The account's whole inventory has each of them once, with its tag and age, and none of what is the customer's.
async fn list_everything(monitor: &Aws, made: &Made, found: &[Found]) {
    let all = [monitor.list_region().await.unwrap(), monitor.list_identities().await.unwrap()].concat();
    for one in found {
        let same: Vec<_> = all.iter().filter(|other| (other.kind, &other.id) == (one.kind, &one.id)).collect();
        assert_eq!(same, [one], "{all:#?}");
        let by_name = matches!(one.kind, FoundKind::Role | FoundKind::InstanceProfile);
        assert_eq!(
            (one.deployment.as_deref(), one.name == made.name),
            ((!by_name).then_some(&*made.deployment), by_name || one.kind == FoundKind::SecurityGroup)
        );
        assert_eq!(one.created_at.is_none(), one.kind == FoundKind::SecurityGroup, "{one:?}");
    }
    let stranger = |one: &&Found| one.deployment.is_none() && !one.name.starts_with(NAME_PREFIX) && !one.name.starts_with(SECRET_PREFIX);
    assert_eq!(all.iter().find(stranger), None);
}

async fn remove(cloud: &Aws, made: &Made) {
    for _ in 0..2 {
        cloud.detach_volume(&made.volume, &made.instance).await.unwrap();
        eventually("the volume is let go", || async {
            let volume = cloud.volume(&made.volume).await?;
            if volume.is_some_and(|volume| volume.attached_to.is_none()) { Ok(()) } else { Err(not_yet()) }
        })
        .await;
    }
    cloud.terminate_instance(&made.instance).await.unwrap();
    eventually("the machine is gone", || async {
        let machine = cloud.instance(&made.instance).await?;
        if machine.is_none_or(|machine| machine.state == InstanceState::Terminated) { Ok(()) } else { Err(not_yet()) }
    })
    .await;
    for _ in 0..2 {
        cloud.terminate_instance(&made.instance).await.unwrap();
        eventually("the volume is free", || cloud.delete_volume(&made.volume)).await;
        eventually("the group is free", || cloud.delete_security_group(&made.group)).await;
        cloud.delete_role(&made.name).await.unwrap();
        cloud.delete_secret(&made.secret).await.unwrap();
    }
    assert_eq!(cloud.volume(&made.volume).await.unwrap(), None);
    assert!(matches!(cloud.read_secret(&made.secret).await, Err(Error::NotFound { .. })));
    assert_eq!(cloud.list_tagged(&made.deployment, &made.name).await.unwrap(), []);
}

fn not_yet() -> Error {
    Error::NotReady { action: "test", cause: clouds::ApiError::default() }
}

/// Repeats what may be repeated, for at most a minute.
async fn eventually<T, F: Future<Output = clouds::Result<T>>>(what: &str, call: impl Fn() -> F) -> T {
    let mut last = None;
    for _ in 0..120 {
        match call().await {
            Ok(value) => return value,
            Err(error) if error.retryable() => last = Some(error),
            Err(error) => panic!("{what}: {error}: {}", error.cause()),
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    panic!("{what}: not within a minute: {last:?}");
}
