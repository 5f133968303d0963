//! From a plan and what we know to the document.

use super::shapes::{self, Later};
use super::{Error, SCHEMA, boot};
use crate::document::{Configuration, Document, Resource};
use domain::plan::{Component, Os, Plan};
use knowledge::{AwsImage, Catalogue, Disk, DiskChoice, Inputs, Knowledge, Machine, Need, Tuning};
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub(crate) const PORT: u16 = 5432;
/// The administrator that the machine makes.
pub(crate) const ADMIN: &str = "postgres_admin";
/// How long the data volume is kept after a destroy.
pub(crate) const KEEP_DAYS: u32 = 30;

/// Derives the document of a plan.
///
/// # Errors
/// [`Error::Field`] if the catalogue has no machine or system for it, or the plan names no region.
pub fn document(plan: &Plan, knowledge: &Knowledge) -> Result<Document, Error> {
    document_without(plan, knowledge, &[])
}

/// Derives the document of a plan with none of some machine types, which AWS has no room for at the moment.
///
/// # Errors
/// As [`document`]; also if the plan names such a type, or only those meet it.
pub fn document_without(plan: &Plan, knowledge: &Knowledge, full: &[String]) -> Result<Document, Error> {
    let component = plan.postgres().ok_or_else(|| field("/components", "must hold one postgres"))?;
    let region = plan.cloud.region.clone().ok_or_else(|| field("/cloud/region", "is needed"))?;
    let catalogue = &knowledge.catalogue;
    let system = catalogue
        .system(&component.os.family, &component.os.version)
        .ok_or_else(|| field("/components/0/os", "is not offered any more"))?;
    let (machine, why) = machine(component, &region, catalogue, full)?;
    let image = system.image(machine.architecture).ok_or_else(|| {
        let Os { family, version } = &component.os;
        field("/components/0/os", format!("{family} {version} has no image for {}, and {} needs one", machine.architecture, machine.name))
    })?;
    let speed = speed(component, machine, catalogue)?;
    let disk = Disk { size_gib: component.hardware.disk.size_gib, iops: speed.iops, throughput_mib_s: speed.throughput_mib_s };
    let configuration = configuration(component, machine, disk, &knowledge.tuning)?;
    let name = |word: &str| format!("{}-{word}", component.id);
    let resources = vec![
        security_group(component, &name)?,
        secret(component, &name)?,
        role(component, &name)?,
        profile(component, &name)?,
        volume(component, speed, &name)?,
        instance(component, (machine, why), &region, catalogue.root_volume_gib(), &configuration, &name)?,
        attachment(component, &name)?,
    ];
    Ok(Document {
        schema: SCHEMA.to_owned(),
        name: plan.name.clone(),
        region,
        lookups: lookups(component, &image.aws, machine),
        resources,
        no_room: full.to_vec(),
        configuration: BTreeMap::from([(component.id.clone(), configuration)]),
    })
}

pub(crate) fn field(pointer: &str, message: impl Into<String>) -> Error {
    Error::Field { pointer: pointer.to_owned(), message: message.into() }
}

/// The wished machine type if it can do what is asked, else the cheapest that can; and why.
fn machine<'a>(component: &Component, region: &str, catalogue: &'a Catalogue, full: &[String]) -> Result<(&'a Machine, String), Error> {
    let hardware = &component.hardware;
    let need = Need {
        cpu: hardware.cpu,
        memory_gib: hardware.memory_gib,
        iops: hardware.disk.iops,
        throughput_mib_s: hardware.disk.throughput_mib_s,
        architecture: hardware.architecture,
        region: region.to_owned(),
    };
    let Some(wished) = component.aws.as_ref().and_then(|wishes| wishes.instance_type.as_deref()) else {
        if !full.is_empty() {
            let left = catalogue.aws().fitting(&need).into_iter().find(|(machine, _)| !full.contains(&machine.name));
            let why = format!("the next that meets the plan: AWS has no room for {} at the moment", full.join(", "));
            return left
                .map(|(machine, _)| (machine, why))
                .ok_or_else(|| field("/components/0/hardware", "no other machine type meets it"));
        }
        return match catalogue.pick(&need) {
            Ok(pick) => Ok((pick.machine, pick.reason)),
            Err(no_fit) => Err(field(pointer(no_fit.unmet.first().map(|unmet| unmet.field)), no_fit.to_string())),
        };
    };
    let at = "/components/0/aws/instance_type";
    if full.iter().any(|name| name == wished) {
        return Err(field(at, format!("AWS has no room for {wished} at the moment")));
    }
    let machine = catalogue.machine(wished).ok_or_else(|| field(at, format!("`{wished}` is not in the catalogue")))?;
    if !catalogue.aws().file().offers(region, machine) {
        let instead = catalogue.pick(&need).map_or_else(|no_fit| no_fit.to_string(), |pick| format!("take {}", pick.machine.name));
        return Err(field(at, format!("{wished} is not offered in {region}; {instead}")));
    }
    for (name, asked, has, unit) in
        [("iops", need.iops, machine.disk_iops, "IOPS"), ("throughput_mib_s", need.throughput_mib_s, machine.disk_mib_s(), "MiB/s")]
    {
        if let Some(asked) = asked
            && has.unwrap_or(0) < asked
        {
            let instead = catalogue.pick(&need).map_or_else(|no_fit| no_fit.to_string(), |pick| format!("or take {}", pick.machine.name));
            let has = has.unwrap_or(0);
            return Err(field(
                pointer(Some(name)),
                format!("the plan asks for {asked} {unit}, and its machine type {wished} sustains {has}; ask for less, {instead}"),
            ));
        }
    }
    let why = format!("the plan asks for {wished}, which has {} CPUs and {} MiB of memory", machine.cpu, machine.memory_mib);
    Ok((machine, why))
}

/// Where a number of a [`Need`] stands in the plan.
pub(crate) fn pointer(field: Option<&str>) -> &'static str {
    match field {
        Some("cpu") => "/components/0/hardware/cpu",
        Some("memory_gib") => "/components/0/hardware/memory_gib",
        Some("iops") => "/components/0/hardware/disk/iops",
        Some("throughput_mib_s") => "/components/0/hardware/disk/throughput_mib_s",
        _ => "/components/0/hardware",
    }
}

pub(crate) fn configuration(component: &Component, machine: &Machine, disk: Disk, tuning: &Tuning) -> Result<Configuration, Error> {
    let db = &component.db;
    let inputs = Inputs {
        version: db.version.parse().map_err(|_| field("/components/0/db/version", "must be a major version"))?,
        memory_mib: u64::from(machine.memory_mib),
        cpu: machine.cpu,
        disk,
        workload: db.workload,
        max_connections: db.max_connections,
        // The archive is set up with the backups themselves: a command that is not there would let WAL pile up.
        archiving: false,
        pooled: false,
        replicas: 0,
    };
    let tuned = tuning.configuration(&inputs, &db.settings).map_err(|refused| {
        let decided = db.settings.contains_key(&refused.name);
        let pointer = match refused.name.as_str() {
            name if decided => format!("/components/0/db/settings/{name}"),
            "max_connections" => "/components/0/db/max_connections".to_owned(),
            _ => "/components/0/db".to_owned(),
        };
        field(&pointer, refused.message)
    })?;
    Ok(Configuration { version: db.version.clone(), database: db.name.clone(), user: ADMIN.to_owned(), port: PORT, tuned })
}

/// What is looked up in the account and region when the document is carried out.
fn lookups(component: &Component, image: &AwsImage, machine: &Machine) -> BTreeMap<String, Value> {
    let wishes = component.aws.clone().unwrap_or_default();
    BTreeMap::from([
        (
            "Image".to_owned(),
            json!({"NamePattern": image.name, "Owner": image.owner, "Architecture": machine.architecture, "Wished": wishes.ami}),
        ),
        ("Subnet".to_owned(), json!({"Wished": wishes.subnet})),
        ("PermissionsBoundary".to_owned(), json!({"Of": "the linked account"})),
    ])
}

fn resource(
    component: &Component,
    id: String,
    kind: &str,
    properties: &impl Serialize,
    needs: Vec<String>,
    reasons: Vec<(&str, String)>,
) -> Result<Resource, Error> {
    Ok(Resource {
        id,
        component: component.id.clone(),
        kind: kind.to_owned(),
        properties: serde_json::to_value(properties).map_err(|error| Error::Document(error.to_string()))?,
        reasons: reasons.into_iter().map(|(pointer, reason)| (pointer.to_owned(), reason)).collect(),
        needs,
        keep_days: None,
    })
}

fn of(id: &str) -> Later {
    Later::Ref(id.to_owned())
}

fn attribute(id: &str, name: &str) -> Later {
    Later::GetAtt(id.to_owned(), name.to_owned())
}

fn security_group(component: &Component, name: &impl Fn(&str) -> String) -> Result<Resource, Error> {
    let open = |range: String| shapes::Rule { ip_protocol: "tcp".to_owned(), from_port: Some(PORT), to_port: Some(PORT), cidr_ip: range };
    let ranges = &component.network.allow;
    let properties = shapes::SecurityGroup {
        group_description: format!("PostgreSQL {}", component.id),
        vpc_id: attribute("Subnet", "VpcId"),
        security_group_ingress: ranges.iter().map(|range| open(range.to_string())).collect(),
        security_group_egress: vec![shapes::Rule {
            ip_protocol: "-1".to_owned(),
            from_port: None,
            to_port: None,
            cidr_ip: "0.0.0.0/0".to_owned(),
        }],
    };
    let reasons = vec![
        ("/SecurityGroupIngress", format!("the plan names {} of them for port {PORT}; nobody else is let in", ranges.len())),
        ("/SecurityGroupEgress", "the machine fetches packages and reaches AWS's own services".to_owned()),
    ];
    resource(component, name("security-group"), shapes::SECURITY_GROUP, &properties, Vec::new(), reasons)
}

fn secret(component: &Component, name: &impl Fn(&str) -> String) -> Result<Resource, Error> {
    let properties = shapes::Secret {
        description: format!("PostgreSQL administrator of {}", component.id),
        generate_secret_string: shapes::Generate {
            secret_string_template: json!({"username": ADMIN}).to_string(),
            generate_string_key: "password".to_owned(),
            password_length: 32,
            exclude_punctuation: true,
        },
    };
    let reasons = vec![("/GenerateSecretString/PasswordLength", "32 letters and digits are 190 bits, and need no quoting".to_owned())];
    resource(component, name("secret"), shapes::SECRET, &properties, Vec::new(), reasons)
}

fn role(component: &Component, name: &impl Fn(&str) -> String) -> Result<Resource, Error> {
    let statement = |body: Value| json!({"Version": "2012-10-17", "Statement": [body]});
    let properties = shapes::Role {
        path: "/cloudsail/".to_owned(),
        description: "What one Cloudsail machine may do".to_owned(),
        permissions_boundary: of("PermissionsBoundary"),
        assume_role_policy_document: statement(
            json!({"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}),
        ),
        managed_policy_arns: vec!["arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore".to_owned()],
        policies: vec![shapes::Policy {
            policy_name: "read-own-secret".to_owned(),
            policy_document: statement(
                json!({"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": of(&name("secret"))}),
            ),
        }],
    };
    let reasons = vec![
        ("/ManagedPolicyArns", "day-2 work reaches the machine by Systems Manager: no way in from outside is needed".to_owned()),
        ("/Policies", "the machine reads its own password and no other".to_owned()),
    ];
    resource(component, name("role"), shapes::ROLE, &properties, vec![name("secret")], reasons)
}

fn profile(component: &Component, name: &impl Fn(&str) -> String) -> Result<Resource, Error> {
    let properties = shapes::InstanceProfile { path: "/cloudsail/".to_owned(), roles: vec![of(&name("role"))] };
    resource(component, name("instance-profile"), shapes::INSTANCE_PROFILE, &properties, vec![name("role")], Vec::new())
}

/// What the data volume can do, if that is what the plan asks for.
fn speed(component: &Component, machine: &Machine, catalogue: &Catalogue) -> Result<DiskChoice, Error> {
    let disk = &component.hardware.disk;
    let speed = catalogue.disk(disk.size_gib, disk.iops, disk.throughput_mib_s, machine);
    for (name, asked, given, unit) in
        [("iops", disk.iops, speed.iops, "IOPS"), ("throughput_mib_s", disk.throughput_mib_s, speed.throughput_mib_s, "MiB/s")]
    {
        if let Some(asked) = asked
            && given < asked
        {
            let message = format!(
                "the plan asks for {asked} {unit}, and a disk of {} GiB takes {given}; ask for less, or for a larger disk",
                disk.size_gib
            );
            return Err(field(pointer(Some(name)), message));
        }
    }
    Ok(speed)
}

fn volume(component: &Component, speed: DiskChoice, name: &impl Fn(&str) -> String) -> Result<Resource, Error> {
    let disk = &component.hardware.disk;
    let [iops_reason, throughput_reason] = speed.reasons;
    let properties = shapes::Volume {
        availability_zone: attribute("Subnet", "AvailabilityZone"),
        size: disk.size_gib,
        volume_type: "gp3".to_owned(),
        iops: speed.iops,
        throughput: speed.throughput_mib_s,
        encrypted: true,
    };
    let reasons = vec![
        ("/Size", format!("the plan asks for {} GiB", disk.size_gib)),
        ("/AvailabilityZone", "a volume can only be attached in its own zone".to_owned()),
        ("/Iops", iops_reason),
        ("/Throughput", throughput_reason),
        ("/Encrypted", "with the account's own key for EBS".to_owned()),
    ];
    let mut volume = resource(component, name("data-volume"), shapes::VOLUME, &properties, Vec::new(), reasons)?;
    volume.keep_days = Some(KEEP_DAYS);
    Ok(volume)
}

fn instance(
    component: &Component,
    (machine, why): (&Machine, String),
    region: &str,
    root_volume_gib: u32,
    configuration: &Configuration,
    name: &impl Fn(&str) -> String,
) -> Result<Resource, Error> {
    let script = boot::script(configuration, region);
    let places = [("SECRET", of(&name("secret"))), ("VOLUME", of(&name("data-volume"))), ("DEPLOYMENT", of("Deployment"))];
    let properties = shapes::Instance {
        image_id: of("Image"),
        instance_type: machine.name.clone(),
        subnet_id: of("Subnet"),
        security_group_ids: vec![of(&name("security-group"))],
        iam_instance_profile: of(&name("instance-profile")),
        instance_initiated_shutdown_behavior: "stop".to_owned(),
        // One hop: a container on the machine does not reach the role's credentials.
        metadata_options: shapes::MetadataOptions { http_tokens: "required".to_owned(), http_put_response_hop_limit: 1 },
        block_device_mappings: vec![shapes::BlockDevice {
            device_name: attribute("Image", "RootDeviceName"),
            ebs: shapes::RootVolume {
                volume_size: root_volume_gib,
                volume_type: "gp3".to_owned(),
                encrypted: true,
                delete_on_termination: true,
            },
        }],
        user_data: shapes::UserData {
            base64: shapes::Script { script: (script, places.map(|(place, value)| (place.to_owned(), value)).into()) },
        },
    };
    let reasons = vec![
        ("/InstanceType", why),
        ("/BlockDeviceMappings/0/Ebs/VolumeSize", format!("{root_volume_gib} GiB hold the system; the data has a volume of its own")),
        ("/MetadataOptions", "only IMDSv2, one hop: a container on the machine does not reach the role's credentials".to_owned()),
    ];
    let needs = ["secret", "instance-profile", "security-group", "data-volume"].map(name).to_vec();
    resource(component, name("instance"), shapes::INSTANCE, &properties, needs, reasons)
}

fn attachment(component: &Component, name: &impl Fn(&str) -> String) -> Result<Resource, Error> {
    let properties = shapes::Attachment {
        volume_id: of(&name("data-volume")),
        instance_id: of(&name("instance")),
        // Nitro machines ignore it: the boot script finds the volume by its id.
        device: "/dev/sdf".to_owned(),
    };
    let needs = ["data-volume", "instance"].map(name).to_vec();
    resource(component, name("attachment"), shapes::ATTACHMENT, &properties, needs, Vec::new())
}
