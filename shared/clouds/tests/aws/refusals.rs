//! What the customer's role does not allow.

use aws_sdk_ec2::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_ec2::types::{InstanceType, ResourceType, Tag, TagSpecification, VolumeType};
use clouds::Error;
use clouds::access::SSM_CORE_POLICY_ARN;
use clouds::aws::{Access, Connector};

use crate::customer::Customer;

/// The external id and the caller's role decide.
pub(crate) async fn at_the_door(customer: &Customer) {
    let worker = Connector::new(customer.worker.clone());
    for wrong in [None, Some("ext-of-another-customer")] {
        let refused = worker.connect(&customer.access(wrong)).await;
        assert!(matches!(refused, Err(Error::Denied { action: "sts:AssumeRole", .. })), "external id {wrong:?}: {refused:?}");
    }
    let strange = Access { session_tags: vec![("department", "x".into())], ..customer.access(Some(&customer.external_id)) };
    let refused = worker.connect(&strange).await;
    assert!(matches!(refused, Err(Error::Denied { .. })), "a session with another tag: {refused:?}");
    // The control plane's account has other users than its functions.
    let root = Connector::new(customer.ground.control.clone()).connect(&customer.access(Some(&customer.external_id))).await;
    assert!(matches!(root, Err(Error::Denied { .. })), "{root:?}");
}

fn refused<T, E: ProvideErrorMetadata, R>(what: &str, result: Result<T, SdkError<E, R>>) {
    let code = match &result {
        Ok(_) => "it was allowed",
        Err(error) => error.as_service_error().and_then(ProvideErrorMetadata::code).unwrap_or("no answer"),
    };
    assert!(["UnauthorizedOperation", "AccessDenied", "AccessDeniedException"].contains(&code), "{what}: {code}");
}

/// Calls that a stolen session would try.
pub(crate) async fn inside(customer: &Customer) {
    let session = customer.session().await;
    machines(customer, &session).await;
    roles(customer, &session).await;
    secrets_and_the_rest(customer, &session).await;
    monitoring(customer).await;
}

/// The monitoring role changes nothing and reads no secret, its own deployment's neither.
async fn monitoring(customer: &Customer) {
    let session = customer.monitor_session().await;
    let (ec2, secrets) = (aws_sdk_ec2::Client::new(&session), aws_sdk_secretsmanager::Client::new(&session));
    let zone = "ca-central-1a";
    let volume = ec2.create_volume().availability_zone(zone).size(1).tag_specifications(tagged(ResourceType::Volume));
    refused("a volume by the monitoring role", volume.send().await);
    refused("ending a machine", ec2.terminate_instances().instance_ids("i-0123456789abcdef0").send().await);
    refused("reading a secret of ours", secrets.get_secret_value().secret_id("cloudsail/x/postgres").send().await);
    let ssm = aws_sdk_ssm::Client::new(&session);
    let run = ssm.send_command().document_name("AWS-RunShellScript").instance_ids("i-0123456789abcdef0");
    refused("a command", run.parameters("commands", vec!["id".into()]).send().await);
}

fn tagged(kind: ResourceType) -> TagSpecification {
    TagSpecification::builder().resource_type(kind).tags(Tag::builder().key("cloudsail:deployment").value("dep_x").build()).build()
}

async fn machines(customer: &Customer, session: &aws_config::SdkConfig) {
    let ec2 = aws_sdk_ec2::Client::new(session);
    let owner = aws_sdk_ec2::Client::new(&customer.ground.customer);
    let subnets = owner.describe_subnets().send().await.unwrap();
    let subnet = subnets.subnets().first().unwrap();
    let (zone, subnet_id) = (subnet.availability_zone().unwrap(), subnet.subnet_id().unwrap());

    let untagged = ec2.create_volume().availability_zone(zone).size(1).volume_type(VolumeType::Gp3);
    refused("a volume without our tag", untagged.send().await);
    let theirs = owner.create_volume().availability_zone(zone).size(1).volume_type(VolumeType::Gp3).send().await.unwrap();
    let theirs = theirs.volume_id().unwrap();
    refused("deleting the customer's own volume", ec2.delete_volume().volume_id(theirs).send().await);
    let claim = Tag::builder().key("cloudsail:deployment").value("dep_x").build();
    refused("claiming it by a tag", ec2.create_tags().resources(theirs).tags(claim).send().await);
    owner.delete_volume().volume_id(theirs).send().await.unwrap();

    let old_metadata = ec2
        .run_instances()
        .image_id("ami-0ffffffffffffff00")
        .instance_type(InstanceType::T3Medium)
        .min_count(1)
        .max_count(1)
        .subnet_id(subnet_id)
        .tag_specifications(tagged(ResourceType::Instance))
        .tag_specifications(tagged(ResourceType::Volume));
    refused("a machine with IMDSv1", old_metadata.send().await);
    let default_group = owner.describe_security_groups().send().await.unwrap();
    let default_group = default_group.security_groups().iter().find(|group| group.group_name() == Some("default")).unwrap();
    let open = ec2.authorize_security_group_ingress().group_id(default_group.group_id().unwrap());
    refused("opening the customer's own group", open.ip_protocol("tcp").from_port(22).to_port(22).cidr_ip("0.0.0.0/0").send().await);
    refused("a key pair", ec2.create_key_pair().key_name("cloudsail-x").send().await);
    refused("terminating an unknown machine", ec2.terminate_instances().instance_ids("i-0123456789abcdef0").send().await);
}

async fn roles(customer: &Customer, session: &aws_config::SdkConfig) {
    let iam = aws_sdk_iam::Client::new(session);
    let trust = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;
    let admin = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;
    let make = |name: &str, path: &str| iam.create_role().role_name(name).path(path).assume_role_policy_document(trust);
    let boundary = customer.boundary_arn();
    refused("a role without the boundary", make("cloudsail-x", "/cloudsail/").send().await);
    refused("a role outside our path", make("cloudsail-x", "/").permissions_boundary(&boundary).send().await);
    refused("a role of another name", make("admin", "/cloudsail/").permissions_boundary(&boundary).send().await);

    let access = customer.access(None).role_arn;
    let own_name = access.rsplit('/').next().unwrap();
    refused("more rights for itself", iam.put_role_policy().role_name(own_name).policy_name("x").policy_document(admin).send().await);
    refused("another trust for itself", iam.update_assume_role_policy().role_name(own_name).policy_document(trust).send().await);
    let version = iam.create_policy_version().policy_arn(&boundary).policy_document(admin).set_as_default(true);
    refused("a wider boundary", version.send().await);

    let name = format!("cloudsail-{}-x", customer.run);
    make(&name, "/cloudsail/").permissions_boundary(&boundary).send().await.unwrap();
    let attach = |policy: &str| iam.attach_role_policy().role_name(&name).policy_arn(policy);
    refused("administrator's rights for a machine", attach("arn:aws:iam::aws:policy/AdministratorAccess").send().await);
    refused("taking the boundary off", iam.delete_role_permissions_boundary().role_name(&name).send().await);
    attach(SSM_CORE_POLICY_ARN).send().await.unwrap();
    iam.detach_role_policy().role_name(&name).policy_arn(SSM_CORE_POLICY_ARN).send().await.unwrap();
    iam.delete_role().role_name(&name).send().await.unwrap();
}

async fn secrets_and_the_rest(customer: &Customer, session: &aws_config::SdkConfig) {
    let secrets = aws_sdk_secretsmanager::Client::new(session);
    let owner = aws_sdk_secretsmanager::Client::new(&customer.ground.customer);
    let name = format!("theirs-{}", customer.run);
    owner.create_secret().name(&name).secret_string("x").send().await.unwrap();
    refused("reading the customer's own secret", secrets.get_secret_value().secret_id(&name).send().await);
    refused("deleting it", secrets.delete_secret().secret_id(&name).send().await);
    owner.delete_secret().secret_id(&name).force_delete_without_recovery(true).send().await.unwrap();
    let ours = secrets.create_secret().name(format!("cloudsail/{}/x", customer.run)).secret_string("x");
    refused("a secret of ours without the tag", ours.send().await);

    let ssm = aws_sdk_ssm::Client::new(session);
    refused("reading parameters", ssm.get_parameter().name("x").send().await);
    let run = ssm.send_command().document_name("AWS-RunShellScript").instance_ids("i-0123456789abcdef0");
    refused("a command on a machine that is not ours", run.parameters("commands", vec!["id".into()]).send().await);
}
