//! azure-json: a plan in Azure's words.
//!
//! A resource's properties are its body in a template of Azure Resource Manager, without the type
//! (<https://learn.microsoft.com/azure/templates>), and what is known only later is a template expression. The document's lookups
//! are the template's parameters. All of it goes to a resource group of the deployment's own.

use crate::aws::{ADMIN, Error, KEEP_DAYS, PORT};
use crate::document::{Document, Resource};
use crate::elsewhere::{Basis, Elsewhere, Provisioned, with};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use domain::plan::Plan;
use ipnet::Ipv4Net;
use knowledge::{Catalogue, Knowledge};
use serde_json::{Value, json};

/// The `schema` of these documents.
pub const SCHEMA: &str = "azure-json/1";

const IDENTITY: &str = "Microsoft.ManagedIdentity/userAssignedIdentities";
const VAULT: &str = "Microsoft.KeyVault/vaults";
const SECRET: &str = "Microsoft.KeyVault/vaults/secrets";
const ROLE: &str = "Microsoft.Authorization/roleAssignments";
const SECURITY_GROUP: &str = "Microsoft.Network/networkSecurityGroups";
const NETWORK: &str = "Microsoft.Network/virtualNetworks";
const ADDRESS: &str = "Microsoft.Network/publicIPAddresses";
const INTERFACE: &str = "Microsoft.Network/networkInterfaces";
const DISK: &str = "Microsoft.Compute/disks";
const VM: &str = "Microsoft.Compute/virtualMachines";
/// Every type that a document may hold.
pub const TYPES: [&str; 10] = [IDENTITY, VAULT, SECRET, ROLE, SECURITY_GROUP, NETWORK, ADDRESS, INTERFACE, DISK, VM];

/// The role "Key Vault Secrets User". Source: Microsoft Learn, "Azure built-in roles".
const SECRETS_USER: &str = "4633458b-17de-408a-b874-0445c86b69e6";
/// The most bytes of custom data. Source: Microsoft Learn, "Custom data and cloud-init on Azure Virtual Machines": 64 KB. The reference
/// of `osProfile.customData` allows 65 535 before base64; counted after base64, it is right by both.
const CUSTOM_DATA_LIMIT: usize = 65_535;
/// A vault's name is the whole world's, so it is made from what is the deployment's alone; at most 24 characters.
const VAULT_NAME: &str = "concat('cloudsail-', uniqueString(resourceGroup().id))";
const SECRET_NAME: &str = "postgres-administrator";

const AZURE: Elsewhere = Elsewhere {
    provider: "azure",
    name: "Azure",
    schema: SCHEMA,
    functions: include_str!("../../../layers/bootstrap/azure.sh"),
    machines: Catalogue::azure,
    script_limit: CUSTOM_DATA_LIMIT / 4 * 3,
};

/// Derives the document of a plan. A plan of another cloud's goes to Azure's nearest region; of its wishes in AWS's words the machine
/// type counts, as a size.
///
/// # Errors
/// [`Error::Field`] if Azure has no region, machine or disk for it.
pub fn document(plan: &Plan, knowledge: &Knowledge) -> Result<Document, Error> {
    let basis = AZURE.basis(plan, knowledge)?;
    let zones = knowledge.catalogue.regions().azure_has_zones(&basis.region).then(|| json!({"zones": ["1"]}));
    let zones = zones.unwrap_or_else(|| json!({}));
    let resources = vec![
        identity(&basis),
        vault(&basis),
        secret(&basis),
        role(&basis),
        security_group(&basis),
        network(&basis),
        address(&basis, &zones),
        interface(&basis),
        disk(&basis, &knowledge.catalogue, &zones)?,
        machine(&basis, &zones),
    ];
    let lookups = [
        ("Deployment", json!({"Type": "string", "Of": "the deployment's id"})),
        ("AdministratorPassword", json!({"Type": "securestring", "Generate": {"Length": 32, "Of": "letters and digits"}})),
        ("PublicKey", json!({"Type": "string", "Of": "a key pair of SSH whose private half is thrown away"})),
    ];
    Ok(basis.document(&lookups, resources))
}

/// What every resource in the group has.
fn body(basis: &Basis<'_>, word: &str, api_version: &str, rest: Value) -> Value {
    let common = json!({
        "apiVersion": api_version,
        "name": basis.name(word),
        "location": basis.region,
        "tags": {"cloudsail:deployment": "[parameters('Deployment')]"},
    });
    with(common, rest)
}

fn id_of(basis: &Basis<'_>, kind: &str, word: &str) -> String {
    format!("[resourceId('{kind}', '{}')]", basis.name(word))
}

fn identity(basis: &Basis<'_>) -> Resource {
    basis.resource("identity", IDENTITY, body(basis, "identity", "2023-01-31", json!({})), &[], &[])
}

fn vault(basis: &Basis<'_>) -> Resource {
    let rest = json!({"name": format!("[{VAULT_NAME}]"), "properties": {
        "tenantId": "[subscription().tenantId]",
        "sku": {"family": "A", "name": "standard"},
        "enableRbacAuthorization": true,
    }});
    let reasons = [
        ("/name", "a vault's name is the whole world's: the deployment's resource group makes it unique".to_owned()),
        ("/properties/enableRbacAuthorization", "who may read is said of one secret, not of the vault".to_owned()),
    ];
    basis.resource("vault", VAULT, body(basis, "vault", "2023-07-01", rest), &reasons, &[])
}

fn secret(basis: &Basis<'_>) -> Resource {
    let properties = json!({
        "apiVersion": "2023-07-01",
        "name": format!("[concat({VAULT_NAME}, '/{SECRET_NAME}')]"),
        "tags": {"cloudsail:deployment": "[parameters('Deployment')]"},
        "properties": {
            "contentType": "application/json",
            "value": format!("[string(createObject('username', '{ADMIN}', 'password', parameters('AdministratorPassword')))]"),
        },
    });
    let reasons = [("/properties/value", "32 letters and digits are 190 bits, and need no quoting".to_owned())];
    basis.resource("secret", SECRET, properties, &reasons, &["vault"])
}

fn role(basis: &Basis<'_>) -> Resource {
    let secret = format!("resourceId('{SECRET}', {VAULT_NAME}, '{SECRET_NAME}')");
    let identity = format!("resourceId('{IDENTITY}', '{}')", basis.name("identity"));
    let properties = json!({
        "apiVersion": "2022-04-01",
        "name": format!("[guid({secret}, {identity})]"),
        "scope": format!("[{secret}]"),
        "properties": {
            "roleDefinitionId": format!("[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '{SECRETS_USER}')]"),
            "principalId": format!("[reference({identity}, '2023-01-31').principalId]"),
            "principalType": "ServicePrincipal",
        },
    });
    let reasons = [("/scope", "the machine reads its own password and no other".to_owned())];
    basis.resource("role", ROLE, properties, &reasons, &["identity", "secret"])
}

fn security_group(basis: &Basis<'_>) -> Resource {
    let rule = |name: &str, rest: Value| {
        let common = json!({"direction": "Inbound", "sourcePortRange": "*", "destinationAddressPrefix": "*"});
        json!({"name": name, "properties": with(common, rest)})
    };
    let (mut rules, mut reasons) = (Vec::new(), Vec::new());
    // Azure refuses a rule without sources.
    if !basis.allow.is_empty() {
        let open = json!({
            "priority": 100, "access": "Allow", "protocol": "Tcp", "destinationPortRange": PORT.to_string(),
            "sourceAddressPrefixes": basis.allow,
        });
        rules.push(rule("postgresql", open));
        reasons.push(("/properties/securityRules/0/properties/sourceAddressPrefixes".to_owned(), basis.allow_reason.clone()));
    }
    reasons.push((
        format!("/properties/securityRules/{}", rules.len()),
        "Azure's own rules let in the whole virtual network and the load balancer; this one comes before them".to_owned(),
    ));
    let closed = json!({"priority": 4096, "access": "Deny", "protocol": "*", "destinationPortRange": "*", "sourceAddressPrefix": "*"});
    rules.push(rule("nobody-else", closed));
    let reasons: Vec<_> = reasons.iter().map(|(pointer, reason)| (pointer.as_str(), reason.clone())).collect();
    let properties = body(basis, "security-group", "2024-05-01", json!({"properties": {"securityRules": rules}}));
    basis.resource("security-group", SECURITY_GROUP, properties, &reasons, &[])
}

fn network(basis: &Basis<'_>) -> Resource {
    let clients = &basis.component.network.allow;
    let choices = [[10, 83, 0, 0], [172, 29, 83, 0], [192, 168, 83, 0]].map(|start| Ipv4Net::new_assert(start.into(), 24));
    let apart = |own: &&Ipv4Net| !clients.iter().any(|range| range.contains(*own) || own.contains(range));
    let range = choices.iter().find(apart).unwrap_or(&choices[0]).to_string();
    let rest = json!({"properties": {
        "addressSpace": {"addressPrefixes": [range]},
        "subnets": [{"name": "postgresql", "properties": {
            "addressPrefix": range,
            "networkSecurityGroup": {"id": id_of(basis, SECURITY_GROUP, "security-group")},
        }}],
    }});
    let reasons = [(
        "/properties/addressSpace/addressPrefixes/0",
        format!("Azure has no default network; {range} is apart from the plan's private ranges, so that a client's network can be peered"),
    )];
    basis.resource("network", NETWORK, body(basis, "network", "2024-05-01", rest), &reasons, &["security-group"])
}

fn address(basis: &Basis<'_>, zones: &Value) -> Resource {
    let rest = json!({
        "sku": {"name": "Standard"},
        "properties": {"publicIPAllocationMethod": "Static", "publicIPAddressVersion": "IPv4"},
    });
    let reasons = [(
        "/sku/name",
        "the machine's way out, for packages and Azure's own services; the security group decides what comes in".to_owned(),
    )];
    basis.resource("address", ADDRESS, body(basis, "address", "2024-05-01", with(rest, zones.clone())), &reasons, &[])
}

fn interface(basis: &Basis<'_>) -> Resource {
    let rest = json!({"properties": {
        "networkSecurityGroup": {"id": id_of(basis, SECURITY_GROUP, "security-group")},
        "ipConfigurations": [{"name": "primary", "properties": {
            "primary": true,
            "privateIPAddressVersion": "IPv4",
            "privateIPAllocationMethod": "Dynamic",
            "subnet": {"id": format!("[resourceId('{NETWORK}/subnets', '{}', 'postgresql')]", basis.name("network"))},
            "publicIPAddress": {"id": id_of(basis, ADDRESS, "address")},
        }}],
    }});
    let reasons = [(
        "/properties/ipConfigurations/0/properties/privateIPAllocationMethod",
        "Azure chooses the private address once, and the interface keeps it".to_owned(),
    )];
    let needs = ["security-group", "network", "address"];
    basis.resource("interface", INTERFACE, body(basis, "interface", "2024-05-01", rest), &reasons, &needs)
}

/// MiB/s (1 048 576 bytes) in whole MB/s (1 000 000 bytes), rounded up.
fn megabytes(mib_s: u32) -> u32 {
    u32::try_from((u64::from(mib_s) * 1_048_576).div_ceil(1_000_000)).unwrap_or(u32::MAX)
}

fn disk(basis: &Basis<'_>, catalogue: &Catalogue, zones: &Value) -> Result<Resource, Error> {
    let (limits, asked) = (catalogue.premium_ssd_v2(), &basis.component.hardware.disk);
    let size = asked.size_gib;
    let mb_s = asked.throughput_mib_s.map_or(0, megabytes).max(limits.mb_s_included);
    let provisioned = Provisioned {
        name: "Premium SSD v2",
        throughput: mb_s,
        unit: "MB/s",
        iops_included: limits.iops_included,
        iops_per_gib_max: limits.iops_per_gib_max,
        iops_per_unit: limits.iops_per_mb_s,
    };
    let (iops, iops_reason) = provisioned.iops(asked)?;
    let throughput_reason = match asked.throughput_mib_s {
        Some(mib_s) if mb_s > limits.mb_s_included => format!("the plan asks for {mib_s} MiB/s of 1 048 576 bytes"),
        Some(mib_s) => format!("what a Premium SSD v2 includes; the plan asks for {mib_s} MiB/s"),
        None => "what a Premium SSD v2 includes, as the plan asks for none".to_owned(),
    };
    let rest = json!({"sku": {"name": "PremiumV2_LRS"}, "properties": {
        "creationData": {"createOption": "Empty"},
        "diskSizeGB": size,
        "diskIOPSReadWrite": iops,
        "diskMBpsReadWrite": mb_s,
        "encryption": {"type": "EncryptionAtRestWithPlatformKey"},
        "networkAccessPolicy": "DenyAll",
        "publicNetworkAccess": "Disabled",
    }});
    let mut reasons = vec![
        ("/sku/name", "a Premium SSD v2: its speed is asked for apart from its size, as gp3's is on AWS".to_owned()),
        ("/properties/diskSizeGB", format!("the plan asks for {size} GiB")),
        ("/properties/diskIOPSReadWrite", iops_reason),
        ("/properties/diskMBpsReadWrite", format!("{mb_s} MB/s: {throughput_reason}")),
        ("/properties/encryption/type", "with Azure's own key".to_owned()),
        ("/properties/networkAccessPolicy", "nobody downloads the disk".to_owned()),
    ];
    if zones.get("zones").is_some() {
        reasons.push(("/zones", "a Premium SSD v2 can only be attached in its own zone".to_owned()));
    }
    let properties = body(basis, "data-disk", "2024-03-02", with(rest, zones.clone()));
    let mut disk = basis.resource("data-disk", DISK, properties, &reasons, &[]);
    disk.keep_days = Some(KEEP_DAYS);
    Ok(disk)
}

fn machine(basis: &Basis<'_>, zones: &Value) -> Resource {
    let image = &basis.image.azure;
    // Source: Microsoft Learn, "NVMe overview": sizes of version 6 have no SCSI.
    let controller = if basis.machine.name.ends_with("_v6") { "NVMe" } else { "SCSI" };
    let identity = id_of(basis, IDENTITY, "identity");
    let rest = json!({
        // The boot script has no places for what is known only once the vault is made: the machine reads it from its tags.
        "tags": {
            "cloudsail:deployment": "[parameters('Deployment')]",
            // Put together from names: Resource Manager takes no reference() outside `properties`.
            "cloudsail:secret": format!("[concat('https://', {VAULT_NAME}, environment().suffixes.keyvaultDns, '/secrets/{SECRET_NAME}')]"),
        },
        "identity": {"type": "UserAssigned", "userAssignedIdentities": {identity: {}}},
        "properties": {
            "hardwareProfile": {"vmSize": basis.machine.name},
            "storageProfile": {
                "diskControllerType": controller,
                "imageReference": {"publisher": image.publisher, "offer": image.offer, "sku": image.sku, "version": "latest"},
                "osDisk": {"createOption": "FromImage", "deleteOption": "Delete", "managedDisk": {"storageAccountType": "Premium_LRS"}},
                "dataDisks": [{
                    "lun": 0, "createOption": "Attach", "deleteOption": "Detach", "caching": "None",
                    "managedDisk": {"id": id_of(basis, DISK, "data-disk")},
                }],
            },
            "osProfile": {
                "computerName": basis.name("vm"),
                "adminUsername": "cloudsail",
                "customData": BASE64_STANDARD.encode(&basis.script),
                "linuxConfiguration": {
                    "disablePasswordAuthentication": true,
                    "ssh": {"publicKeys": [{"path": "/home/cloudsail/.ssh/authorized_keys", "keyData": "[parameters('PublicKey')]"}]},
                },
            },
            "networkProfile": {"networkInterfaces": [{
                "id": id_of(basis, INTERFACE, "interface"), "properties": {"primary": true, "deleteOption": "Delete"},
            }]},
        },
    });
    let reasons = [
        ("/location", basis.region_reason.clone()),
        ("/properties/hardwareProfile/vmSize", basis.machine_reason.clone()),
        ("/properties/storageProfile/diskControllerType", format!("what {} has", basis.machine.name)),
        ("/properties/storageProfile/osDisk", "the image's own size holds the system; the data has a disk of its own".to_owned()),
        ("/properties/storageProfile/dataDisks/0/lun", "the boot script finds the disk by it".to_owned()),
        ("/properties/storageProfile/dataDisks/0/caching", "a Premium SSD v2 has no host cache".to_owned()),
        ("/properties/osProfile/linuxConfiguration/ssh", "Azure asks for a key; nobody has this one, and port 22 is closed".to_owned()),
    ];
    let properties = body(basis, "vm", "2024-07-01", with(rest, zones.clone()));
    basis.resource("vm", VM, properties, &reasons, &["role", "interface", "data-disk"])
}
