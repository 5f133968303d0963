//! gcp-json: a plan in Google Cloud's words.
//!
//! A resource's properties are the body of the request that makes it, in the API's own JSON
//! (<https://cloud.google.com/compute/docs/reference/rest/v1> and its siblings). Types are those of Cloud Asset Inventory, but for
//! the request that gives a role. `$(ref.ID.FIELD)` is a field of another resource, known once it is there; `$(lookup.NAME)` is one of
//! the document's lookups.

use crate::aws::{ADMIN, Error, KEEP_DAYS, PORT};
use crate::document::{Document, Resource};
use crate::elsewhere::{Basis, Elsewhere, Provisioned, with};
use domain::plan::Plan;
use knowledge::{Catalogue, Knowledge, PersistentDisk};
use serde_json::{Value, json};

/// The `schema` of these documents.
pub const SCHEMA: &str = "gcp-json/1";

const ACCOUNT: &str = "iam.googleapis.com/ServiceAccount";
const SECRET: &str = "secretmanager.googleapis.com/Secret";
const SECRET_VERSION: &str = "secretmanager.googleapis.com/SecretVersion";
const POLICY: &str = "google.iam.v1.SetIamPolicyRequest";
const FIREWALL: &str = "compute.googleapis.com/Firewall";
const ADDRESS: &str = "compute.googleapis.com/Address";
const DISK: &str = "compute.googleapis.com/Disk";
const INSTANCE: &str = "compute.googleapis.com/Instance";
/// Every type that a document may hold.
pub const TYPES: [&str; 8] = [ACCOUNT, SECRET, SECRET_VERSION, POLICY, FIREWALL, ADDRESS, DISK, INSTANCE];

/// The most bytes of one value of an instance's metadata. Source: cloud.google.com/compute/docs/metadata/setting-custom-metadata.
const METADATA_LIMIT: usize = 256 * 1024;
/// What the boot script looks for under `/dev/disk/by-id/google-…`.
const DEVICE: &str = "cloudsail-data";

const GCP: Elsewhere = Elsewhere {
    provider: "gcp",
    name: "Google Cloud",
    schema: SCHEMA,
    functions: include_str!("../../../layers/bootstrap/gcp.sh"),
    machines: Catalogue::gcp,
    script_limit: METADATA_LIMIT,
};

/// Derives the document of a plan. A plan of another cloud's goes to Google Cloud's nearest region; of its wishes in AWS's words the
/// machine type counts, as a size.
///
/// # Errors
/// [`Error::Field`] if Google Cloud has no region, machine or disk for it.
pub fn document(plan: &Plan, knowledge: &Knowledge) -> Result<Document, Error> {
    let basis = GCP.basis(plan, knowledge)?;
    let mut resources = vec![account(&basis), secret(&basis), secret_version(&basis), policy(&basis), nobody_else(&basis)];
    // Without ranges there is no rule: an empty list would let in everybody.
    if !basis.allow.is_empty() {
        resources.push(clients(&basis));
    }
    let drive = Drive::choose(&basis, &knowledge.catalogue)?;
    resources.extend([address(&basis), disk(&basis, &drive), instance(&basis, &drive, knowledge.catalogue.root_volume_gib())]);
    let lookups = [
        ("Project", json!({"Of": "the linked account"})),
        ("Zone", json!({"Of": basis.region, "Offers": basis.machine.name})),
        ("Network", json!({"Of": "the subnetwork"})),
        ("Subnetwork", json!({"Of": basis.region, "Wished": null})),
        ("Deployment", json!({"Of": "the deployment's id"})),
        ("Prefix", json!({"Of": "the deployment", "Pattern": "^cs-[0-9a-f]{12}$"})),
        ("AdministratorSecret", json!({"Generate": {"username": ADMIN, "password": {"Length": 32, "Of": "letters and digits"}}})),
    ];
    Ok(basis.document(&lookups, resources))
}

/// Unique in the project, as names there must be.
fn name(basis: &Basis<'_>, word: &str) -> String {
    format!("$(lookup.Prefix)-{}", basis.name(word))
}

fn reference(basis: &Basis<'_>, word: &str, field: &str) -> String {
    format!("$(ref.{}.{field})", basis.id(word))
}

fn labels() -> Value {
    json!({"cloudsail-deployment": "$(lookup.Deployment)"})
}

fn account(basis: &Basis<'_>) -> Resource {
    let properties = json!({
        "name": "projects/$(lookup.Project)",
        "accountId": "$(lookup.Prefix)",
        "serviceAccount": {"displayName": "Cloudsail machine", "description": "What one Cloudsail machine may do"},
    });
    basis.resource("service-account", ACCOUNT, properties, &[], &[])
}

fn secret(basis: &Basis<'_>) -> Resource {
    let properties = json!({
        "parent": "projects/$(lookup.Project)",
        "secretId": name(basis, "secret"),
        "secret": {"labels": labels(), "replication": {"userManaged": {"replicas": [{"location": basis.region}]}}},
    });
    let reasons = [("/secret/replication/userManaged", "the password stays in the database's own region".to_owned())];
    basis.resource("secret", SECRET, properties, &reasons, &[])
}

fn secret_version(basis: &Basis<'_>) -> Resource {
    let properties = json!({"parent": reference(basis, "secret", "name"), "payload": {"data": "$(lookup.AdministratorSecret)"}});
    let reasons = [("/payload/data", "32 letters and digits are 190 bits, and need no quoting".to_owned())];
    basis.resource("secret-version", SECRET_VERSION, properties, &reasons, &["secret"])
}

fn policy(basis: &Basis<'_>) -> Resource {
    let properties = json!({
        "resource": reference(basis, "secret", "name"),
        "policy": {"version": 1, "bindings": [{
            "role": "roles/secretmanager.secretAccessor",
            "members": [format!("serviceAccount:{}", reference(basis, "service-account", "email"))],
        }]},
    });
    let reasons = [("/resource", "the machine reads its own password and no other".to_owned())];
    basis.resource("secret-policy", POLICY, properties, &reasons, &["service-account", "secret"])
}

fn firewall(basis: &Basis<'_>, word: &str, rest: Value) -> Value {
    let common = json!({
        "name": name(basis, word),
        "network": "$(lookup.Network)",
        "direction": "INGRESS",
        "targetServiceAccounts": [reference(basis, "service-account", "email")],
    });
    with(common, rest)
}

fn nobody_else(basis: &Basis<'_>) -> Resource {
    let rest = json!({"priority": 101, "denied": [{"IPProtocol": "all"}], "sourceRanges": ["0.0.0.0/0"]});
    let reason = "a default network lets in SSH from everywhere and all that is inside; for this machine this rule comes before those";
    let properties = firewall(basis, "firewall-deny", rest);
    basis.resource("firewall-deny", FIREWALL, properties, &[("/denied", reason.to_owned())], &["service-account"])
}

fn clients(basis: &Basis<'_>) -> Resource {
    let allowed = json!([{"IPProtocol": "tcp", "ports": [PORT.to_string()]}]);
    let rest = json!({"priority": 100, "allowed": allowed, "sourceRanges": basis.allow});
    let reasons = [("/sourceRanges", basis.allow_reason.clone())];
    basis.resource("firewall", FIREWALL, firewall(basis, "firewall", rest), &reasons, &["service-account", "firewall-deny"])
}

fn address(basis: &Basis<'_>) -> Resource {
    let properties = json!({
        "name": name(basis, "address"),
        "region": basis.region,
        "addressType": "INTERNAL",
        "purpose": "GCE_ENDPOINT",
        "subnetwork": "$(lookup.Subnetwork)",
    });
    let reasons = [
        ("/region", basis.region_reason.clone()),
        ("/addressType", "the database keeps its private address when its machine is replaced".to_owned()),
    ];
    basis.resource("address", ADDRESS, properties, &reasons, &[])
}

/// The data disk as the machine's series takes it.
struct Drive {
    kind: String,
    kind_reason: String,
    size_gib: u32,
    size_reason: String,
    /// Where the kind lets its speed be asked for.
    speed: Option<Speed>,
    boot_kind: &'static str,
}

struct Speed {
    iops: u32,
    iops_reason: String,
    mib_s: u32,
}

impl Drive {
    fn choose(basis: &Basis<'_>, catalogue: &Catalogue) -> Result<Self, Error> {
        let asked = &basis.component.hardware.disk;
        let (iops, mib_s) = (asked.iops.unwrap_or(0), asked.throughput_mib_s.unwrap_or(0));
        let size_asked = format!("the plan asks for {} GiB", asked.size_gib);
        let series = basis.machine.name.split('-').next().unwrap_or_default();
        let hyperdisk = catalogue.hyperdisk_balanced();
        if hyperdisk.series.iter().any(|one| one == series) {
            let mib_s = mib_s.max(hyperdisk.mib_s_included);
            let provisioned = Provisioned {
                name: "Hyperdisk Balanced",
                throughput: mib_s,
                unit: "MiB/s",
                iops_included: hyperdisk.iops_included,
                iops_per_gib_max: hyperdisk.iops_per_gib_max,
                iops_per_unit: hyperdisk.iops_per_mib_s,
            };
            let (iops, iops_reason) = provisioned.iops(asked)?;
            return Ok(Self {
                kind: "hyperdisk-balanced".to_owned(),
                kind_reason: format!("the disks of the series {series} are Hyperdisks"),
                size_gib: asked.size_gib,
                size_reason: size_asked,
                speed: Some(Speed { iops, iops_reason, mib_s }),
                boot_kind: "hyperdisk-balanced",
            });
        }
        let size_for = |disk: &PersistentDisk| disk.size_for(iops, mib_s).max(asked.size_gib);
        // The smallest that is fast enough; of two that are as small, the cheaper kind, which stands first.
        let best = catalogue.persistent_disks().iter().min_by_key(|disk| size_for(disk));
        let (kind, size_gib) = best.map_or_else(|| ("pd-ssd".to_owned(), asked.size_gib), |disk| (disk.name.clone(), size_for(disk)));
        let size_reason = match size_gib == asked.size_gib {
            true => size_asked,
            false => format!("{size_asked}, and for a speed that a {kind} has from {size_gib} GiB on"),
        };
        let speed = match (asked.iops, asked.throughput_mib_s) {
            (None, None) => "the plan asks for no speed".to_owned(),
            (Some(iops), None) => format!("the plan asks for {iops} IOPS"),
            (None, Some(mib_s)) => format!("the plan asks for {mib_s} MiB/s"),
            (Some(iops), Some(mib_s)) => format!("the plan asks for {iops} IOPS and {mib_s} MiB/s"),
        };
        let kind_reason = format!("the cheapest that is fast enough at {size_gib} GiB: {speed}");
        Ok(Self { kind, kind_reason, size_gib, size_reason, speed: None, boot_kind: "pd-balanced" })
    }
}

fn disk(basis: &Basis<'_>, drive: &Drive) -> Resource {
    // A number of 64 bits is text in the API's JSON.
    let mut properties = json!({
        "name": name(basis, "data-disk"),
        "zone": "$(lookup.Zone)",
        "type": format!("zones/$(lookup.Zone)/diskTypes/{}", drive.kind),
        "sizeGb": drive.size_gib.to_string(),
        "labels": labels(),
    });
    let mut reasons = vec![("/type", drive.kind_reason.clone()), ("/sizeGb", drive.size_reason.clone())];
    if let Some(Speed { iops, iops_reason, mib_s }) = &drive.speed {
        properties["provisionedIops"] = json!(iops.to_string());
        properties["provisionedThroughput"] = json!(mib_s.to_string());
        let why = match basis.component.hardware.disk.throughput_mib_s {
            Some(wish) if wish == *mib_s => "as the plan asks".to_owned(),
            Some(wish) => format!("what a Hyperdisk Balanced includes; the plan asks for {wish}"),
            None => "what a Hyperdisk Balanced includes, as the plan asks for none".to_owned(),
        };
        reasons.push(("/provisionedIops", iops_reason.clone()));
        reasons.push(("/provisionedThroughput", format!("{mib_s} MiB/s: {why}")));
    }
    let mut disk = basis.resource("data-disk", DISK, properties, &reasons, &[]);
    disk.keep_days = Some(KEEP_DAYS);
    disk
}

fn instance(basis: &Basis<'_>, drive: &Drive, root_gib: u32) -> Resource {
    let image = &basis.image.gcp;
    let item = |key: &str, value: &str| json!({"key": key, "value": value});
    let properties = json!({
        "name": name(basis, "instance"),
        "zone": "$(lookup.Zone)",
        "machineType": format!("zones/$(lookup.Zone)/machineTypes/{}", basis.machine.name),
        "labels": labels(),
        "disks": [
            {"boot": true, "autoDelete": true, "initializeParams": {
                "sourceImage": format!("projects/{}/global/images/family/{}", image.project, image.family),
                "diskSizeGb": root_gib.to_string(),
                "diskType": format!("zones/$(lookup.Zone)/diskTypes/{}", drive.boot_kind),
            }},
            {"boot": false, "autoDelete": false, "mode": "READ_WRITE", "deviceName": DEVICE,
             "source": reference(basis, "data-disk", "selfLink")},
        ],
        "networkInterfaces": [{
            "subnetwork": "$(lookup.Subnetwork)",
            "networkIP": reference(basis, "address", "address"),
            "nicType": "GVNIC",
            "stackType": "IPV4_ONLY",
            "accessConfigs": [{"name": "external", "type": "ONE_TO_ONE_NAT"}],
        }],
        "serviceAccounts": [{
            "email": reference(basis, "service-account", "email"), "scopes": ["https://www.googleapis.com/auth/cloud-platform"],
        }],
        // The boot script has no places for what is known only once the secret is made: the machine reads it from its metadata.
        "metadata": {"items": [
            item("block-project-ssh-keys", "TRUE"),
            item("cloudsail-deployment", "$(lookup.Deployment)"),
            item("cloudsail-secret", &reference(basis, "secret-version", "name")),
            item("startup-script", &basis.script),
        ]},
    });
    let reasons = [
        ("/machineType", basis.machine_reason.clone()),
        ("/disks/0/initializeParams/diskSizeGb", format!("{root_gib} GiB hold the system; the data has a disk of its own")),
        ("/disks/1/deviceName", "the boot script finds the disk by it".to_owned()),
        ("/networkInterfaces/0/accessConfigs", "the machine's way out, for packages; the firewall decides what comes in".to_owned()),
        ("/networkInterfaces/0/nicType", "what every series takes".to_owned()),
        ("/serviceAccounts/0/scopes", "the account's roles decide what it may do, and it has one: to read its own secret".to_owned()),
        ("/metadata/items/0", "nobody signs in by SSH: the project's keys don't count here, and port 22 is closed".to_owned()),
    ];
    let mut needs = vec!["secret-version", "secret-policy", "firewall-deny", "address", "data-disk"];
    if !basis.allow.is_empty() {
        needs.push("firewall");
    }
    basis.resource("instance", INSTANCE, properties, &reasons, &needs)
}
