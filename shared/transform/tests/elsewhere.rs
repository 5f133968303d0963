//! The same plans in Azure's and in Google Cloud's words.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop where it stands")]

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use domain::PlanId;
use domain::plan::{Plan, accept};
use ipnet::Ipv4Net;
use knowledge::Knowledge;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;
use transform::aws::Error;
use transform::{Document, azure, gcp};

fn knowledge() -> &'static Knowledge {
    Knowledge::built_in()
}

fn plan(body: &Value) -> Plan {
    accept(&PlanId::generate(), body, &knowledge().catalogue.offer()).unwrap_or_else(|errors| panic!("{errors:?}: {body}"))
}

fn shop() -> Value {
    json!({"schema":"cs-json/1","name":"shop","cloud":{"region":"ca-central-1"},"components":[{"kind":"postgres",
        "hardware":{"cpu":2,"memory_gib":8,"disk":{"size_gib":100}},"db":{"version":"17","name":"shop","max_connections":200},
        "network":{"allow":["203.0.113.0/24"]}}]})
}

fn with(key: &str, pointer: &str, value: Value) -> Plan {
    let mut body = shop();
    body.pointer_mut(pointer).unwrap()[key] = value;
    plan(&body)
}

fn both(plan: &Plan) -> [Document; 2] {
    [azure::document(plan, knowledge()).unwrap(), gcp::document(plan, knowledge()).unwrap()]
}

fn properties<'a>(document: &'a Document, id: &str) -> &'a Value {
    &document.resources.iter().find(|resource| resource.id == id).unwrap_or_else(|| panic!("{id}")).properties
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("{pointer} in {value}"))
}

fn script(document: &Document) -> String {
    if document.schema == azure::SCHEMA {
        let packed = text(properties(document, "db-vm"), "/properties/osProfile/customData");
        return String::from_utf8(BASE64_STANDARD.decode(packed).unwrap()).unwrap();
    }
    let items = properties(document, "db-instance")["metadata"]["items"].as_array().unwrap();
    items.iter().find(|item| item["key"] == "startup-script").unwrap()["value"].as_str().unwrap().to_owned()
}

/// Every range from which something may come in, with the ports that it may come to.
fn let_in(document: &Document) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let mut add = |ranges: &Value, ports: &str| {
        all.extend(ranges.as_array().unwrap().iter().map(|range| (range.as_str().unwrap().to_owned(), ports.to_owned())));
    };
    for resource in &document.resources {
        for rule in resource.properties["properties"]["securityRules"].as_array().into_iter().flatten() {
            if rule["properties"]["access"] == "Allow" {
                add(&rule["properties"]["sourceAddressPrefixes"], text(rule, "/properties/destinationPortRange"));
            }
        }
        for allowed in resource.properties["allowed"].as_array().into_iter().flatten() {
            assert_eq!(allowed["ports"].as_array().unwrap().len(), 1);
            add(&resource.properties["sourceRanges"], text(allowed, "/ports/0"));
        }
    }
    all
}

#[test]
fn the_example_plan_becomes_a_machine_near_by() {
    let [azure, gcp] = both(&plan(&shop()));
    assert_eq!((azure.schema.as_str(), azure.region.as_str()), ("azure-json/1", "canadacentral"));
    assert_eq!((gcp.schema.as_str(), gcp.region.as_str()), ("gcp-json/1", "northamerica-northeast1"));
    assert_eq!(text(properties(&azure, "db-vm"), "/properties/hardwareProfile/vmSize"), "Standard_D2as_v6");
    assert_eq!(text(properties(&gcp, "db-instance"), "/machineType"), "zones/$(lookup.Zone)/machineTypes/e2-standard-2");
    assert_eq!(properties(&azure, "db-data-disk")["properties"]["diskSizeGB"], 100);
    assert_eq!(properties(&gcp, "db-data-disk")["sizeGb"], "100");
    for document in [azure, gcp] {
        assert_eq!(let_in(&document), [("203.0.113.0/24".to_owned(), "5432".to_owned())]);
        assert_eq!(document.configuration, transform::aws::document(&plan(&shop()), knowledge()).unwrap().configuration);
    }
}

#[test]
fn a_plan_for_a_cloud_names_its_own_region() {
    let region = |provider: &str, region: &str| with("cloud", "", json!({"provider": provider, "region": region}));
    let azure = azure::document(&region("azure", "norwayeast"), knowledge()).unwrap();
    assert_eq!((azure.region.as_str(), &properties(&azure, "db-vm")["location"]), ("norwayeast", &json!("norwayeast")));
    assert_eq!(gcp::document(&region("azure", "uksouth"), knowledge()).unwrap().region, "europe-west2");
    for (provider, place) in [("aws", "cn-north-1"), ("azure", "norwayeast")] {
        let refused = gcp::document(&region(provider, place), knowledge());
        let says = |message: &str| message.contains(place) && message.contains("\"provider\": \"gcp\"");
        assert!(matches!(&refused, Err(Error::Field { pointer, message }) if pointer == "/cloud/region" && says(message)), "{refused:?}");
    }
}

#[test]
fn a_zone_is_named_only_where_there_are_zones() {
    for (region, zones) in [("canadacentral", json!(["1"])), ("canadaeast", Value::Null)] {
        let plan = with("cloud", "", json!({"provider": "azure", "region": region}));
        let document = azure::document(&plan, knowledge()).unwrap();
        for id in ["db-vm", "db-data-disk", "db-address"] {
            assert_eq!(properties(&document, id)["zones"], zones, "{region} {id}");
        }
    }
}

#[test]
fn without_ranges_nobody_is_let_in() {
    for document in both(&with("network", "/components/0", json!({"allow": []}))) {
        assert!(let_in(&document).is_empty());
        // An empty list of sources would be the whole internet to Google Cloud.
        for firewall in document.resources.iter().filter(|resource| resource.kind.ends_with("/Firewall")) {
            assert_eq!((&firewall.properties["sourceRanges"], &firewall.properties["allowed"]), (&json!(["0.0.0.0/0"]), &Value::Null));
        }
    }
}

#[test]
fn what_comes_from_elsewhere_is_shut_out_before_the_cloud_lets_it_in() {
    let [azure, gcp] = both(&plan(&shop()));
    let rules = properties(&azure, "db-security-group").pointer("/properties/securityRules").unwrap().as_array().unwrap();
    let last = rules.iter().max_by_key(|rule| rule["properties"]["priority"].as_u64()).unwrap();
    assert_eq!((text(last, "/properties/access"), text(last, "/properties/sourceAddressPrefix")), ("Deny", "*"));
    let (open, closed) = (properties(&gcp, "db-firewall"), properties(&gcp, "db-firewall-deny"));
    assert_eq!(closed["denied"], json!([{"IPProtocol": "all"}]));
    assert!(open["priority"].as_u64() < closed["priority"].as_u64());
    assert_eq!(open["targetServiceAccounts"], closed["targetServiceAccounts"]);
}

#[test]
fn a_disk_is_as_fast_as_asked() {
    let fast = with("disk", "/components/0/hardware", json!({"size_gib": 100, "iops": 10_000, "throughput_mib_s": 200}));
    let [azure, gcp] = both(&fast);
    let disk = &properties(&azure, "db-data-disk")["properties"];
    // 200 MiB/s are 209.7 MB/s.
    assert_eq!((&disk["diskIOPSReadWrite"], &disk["diskMBpsReadWrite"]), (&json!(10_000), &json!(210)));
    // 6000 IOPS and 30 for each GiB.
    let disk = properties(&gcp, "db-data-disk");
    assert_eq!((text(disk, "/type"), text(disk, "/sizeGb")), ("zones/$(lookup.Zone)/diskTypes/pd-ssd", "134"));

    let small = with("disk", "/components/0/hardware", json!({"size_gib": 10, "iops": 10_000}));
    let refused = azure::document(&small, knowledge());
    let at = "/components/0/hardware/disk/iops";
    assert!(matches!(&refused, Err(Error::Field { pointer, message }) if pointer == at && message.contains("20 GiB")), "{refused:?}");
}

/// The layer with a speed for each machine of Google Cloud's, which publishes none for those whose disks are Hyperdisks.
fn knowledge_of_speeds() -> Knowledge {
    let layer = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../layers/knowledge");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("knowledge-of-speeds");
    std::fs::create_dir_all(&folder).unwrap();
    for file in std::fs::read_dir(layer).unwrap().map(Result::unwrap) {
        std::fs::copy(file.path(), folder.join(file.file_name())).unwrap();
    }
    let file = folder.join("gcp-machine-types.json");
    let mut machines: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    for machine in machines["types"].as_array_mut().unwrap() {
        machine.as_array_mut().unwrap()[5..11].fill(json!(10_000_000));
    }
    std::fs::write(file, machines.to_string()).unwrap();
    Knowledge::read(&folder).unwrap()
}

#[test]
fn a_hyperdisk_is_asked_for_no_more_than_its_size_allows() {
    let knowledge = knowledge_of_speeds();
    let of = |disk: Value| {
        let plan = with("hardware", "/components/0", json!({"cpu": 2, "memory_gib": 8, "architecture": "arm64", "disk": disk}));
        gcp::document(&plan, &knowledge)
    };
    // A MiB/s needs 4 IOPS.
    let document = of(json!({"size_gib": 10, "throughput_mib_s": 1000})).unwrap();
    let disk = properties(&document, "db-data-disk");
    assert!(text(disk, "/type").ends_with("/hyperdisk-balanced"), "{disk}");
    assert_eq!((text(disk, "/provisionedIops"), text(disk, "/provisionedThroughput")), ("4000", "1000"));

    let document = of(json!({"size_gib": 20, "iops": 10_000})).unwrap();
    assert_eq!(text(properties(&document, "db-data-disk"), "/provisionedIops"), "10000");
    let refused = of(json!({"size_gib": 19, "iops": 10_000}));
    let at = "/components/0/hardware/disk/iops";
    assert!(matches!(&refused, Err(Error::Field { pointer, message }) if pointer == at && message.contains("20 GiB")), "{refused:?}");
}

#[test]
fn a_wished_type_of_aws_is_matched_in_size_and_architecture() {
    let [azure, gcp] = both(&with("aws", "/components/0", json!({"instance_type": "m7g.2xlarge"})));
    let (vm, instance) = (properties(&azure, "db-vm"), properties(&gcp, "db-instance"));
    assert_eq!(text(vm, "/properties/hardwareProfile/vmSize"), "Standard_D8ps_v6");
    assert_eq!(text(vm, "/properties/storageProfile/imageReference/sku"), "13-arm64");
    assert!(text(instance, "/machineType").ends_with("/c4a-standard-8"), "{instance}");
    assert_eq!(text(properties(&gcp, "db-data-disk"), "/type"), "zones/$(lookup.Zone)/diskTypes/hyperdisk-balanced");
    assert!(text(instance, "/disks/0/initializeParams/sourceImage").ends_with("/debian-13-arm64"));
}

#[test]
fn the_boot_script_is_complete_and_valid_shell() {
    for document in both(&plan(&shop())) {
        let script = script(&document);
        let left: Vec<_> = script
            .split('@')
            .skip(1)
            .step_by(2)
            .filter(|word| !word.is_empty() && word.chars().all(|c| c.is_ascii_uppercase() || c == '_'))
            .collect();
        assert!(left.is_empty(), "placeholders left: {left:?}");
        for function in ["prepare", "deployment", "data_device", "own_address", "own_name", "administrator"] {
            assert!(script.contains(&format!("\n{function}() {{")), "{} lacks {function}", document.schema);
        }
        let path = std::env::temp_dir().join(format!("cloudsail-boot-{}.sh", std::process::id()));
        std::fs::write(&path, &script).unwrap();
        let bash = Command::new("bash").arg("-n").arg(&path).output().unwrap();
        std::fs::remove_file(path).unwrap();
        assert!(bash.status.success(), "{}", String::from_utf8_lossy(&bash.stderr));
    }
}

#[test]
fn the_documents_of_two_plans() {
    let warehouse = with("hardware", "/components/0", json!({"cpu": 8, "memory_gib": 64, "disk": {"size_gib": 2000, "iops": 12_000}}));
    for (name, plan) in [("shop", plan(&shop())), ("warehouse", warehouse)] {
        for mut document in both(&plan) {
            // The script and the settings have tests of their own.
            document.configuration.clear();
            let mut shown = serde_json::to_value(&document).unwrap();
            hide_script(&mut shown, &script(&document));
            insta::assert_json_snapshot!(format!("{name}-{}", document.schema.replace('/', "-")), shown);
        }
    }
}

fn hide_script(value: &mut Value, script: &str) {
    match value {
        Value::String(text) if text == script || *text == BASE64_STANDARD.encode(script) => *text = "[the boot script]".to_owned(),
        Value::Array(items) => items.iter_mut().for_each(|item| hide_script(item, script)),
        Value::Object(fields) => fields.values_mut().for_each(|field| hide_script(field, script)),
        _ => {}
    }
}

prop_compose! {
    fn range()(address in any::<u32>(), prefix in 1u8..=32) -> Ipv4Net {
        Ipv4Net::new(address.into(), prefix).unwrap().trunc()
    }
}

prop_compose! {
    fn any_plan()(
        region in prop::sample::select(knowledge().catalogue.regions().names("aws").collect::<Vec<_>>()),
        id in "[A-Za-z][A-Za-z0-9_-]{0,31}",
        (cpu, memory_gib) in (1u32..=96, 1u32..=640),
        architecture in prop::sample::select(vec![json!(null), json!("x86_64"), json!("arm64")]),
        (size_gib, iops, throughput) in (10u32..=16_384, prop::option::of(1u32..=16_000), prop::option::of(1u32..=1000)),
        version in prop::sample::select(vec!["15", "17"]),
        workload in prop::sample::select(vec!["web", "oltp", "dw", "mixed", "desktop"]),
        max_connections in 10u32..=5000,
        allow in prop::collection::vec(range(), 0..=50),
    ) -> Value {
        json!({"schema": "cs-json/1", "name": "any", "cloud": {"region": region}, "components": [{
            "id": id, "kind": "postgres",
            "hardware": {"cpu": cpu, "memory_gib": memory_gib, "architecture": architecture,
                "disk": {"size_gib": size_gib, "iops": iops, "throughput_mib_s": throughput}},
            "db": {"version": version, "workload": workload, "max_connections": max_connections},
            "network": {"allow": allow}}]})
    }
}

/// The machine's CPUs and MiB of memory, and the data disk's GiB.
fn size(document: &Document, id: &str) -> (u32, u32, u32) {
    let catalogue = &knowledge().catalogue;
    let id = |word: &str| format!("{id}-{word}");
    let (machines, name, disk) = if document.schema == azure::SCHEMA {
        let name = text(properties(document, &id("vm")), "/properties/hardwareProfile/vmSize");
        (catalogue.azure(), name, properties(document, &id("data-disk"))["properties"]["diskSizeGB"].to_string())
    } else {
        let name = text(properties(document, &id("instance")), "/machineType").rsplit('/').next().unwrap();
        (catalogue.gcp(), name, text(properties(document, &id("data-disk")), "/sizeGb").to_owned())
    };
    let machine = machines.file().find(name).unwrap();
    (machine.cpu, machine.memory_mib, disk.parse().unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn any_plan_gets_what_it_asks_for_or_is_told_which_field_to_change(body in any_plan()) {
        let Ok(plan) = accept(&PlanId::generate(), &body, &knowledge().catalogue.offer()) else { return Ok(()) };
        let component = plan.postgres().unwrap();
        let hardware = &component.hardware;
        for (derive, types) in [
            (azure::document as fn(&Plan, &Knowledge) -> Result<Document, Error>, &azure::TYPES[..]),
            (gcp::document, &gcp::TYPES[..]),
        ] {
            let document = match derive(&plan, knowledge()) {
                Ok(document) => document,
                Err(Error::Field { pointer, message }) => {
                    let named = serde_json::to_value(&plan).unwrap().pointer(&pointer).is_some();
                    prop_assert!(named && message.len() > 20, "{pointer}: {message}");
                    // Numbers that everybody has are never refused.
                    let demanding = hardware.disk.iops.is_some() || hardware.disk.throughput_mib_s.is_some();
                    let large = hardware.cpu > 64 || hardware.memory_gib > 256;
                    prop_assert!(demanding || large, "{pointer}: {message}");
                    continue;
                }
                Err(other) => return Err(TestCaseError::fail(other.to_string())),
            };
            for (index, resource) in document.resources.iter().enumerate() {
                prop_assert!(types.contains(&resource.kind.as_str()), "{}", resource.kind);
                for pointer in resource.reasons.keys() {
                    prop_assert!(resource.properties.pointer(pointer).is_some(), "{} {}", resource.id, pointer);
                }
                for need in &resource.needs {
                    prop_assert!(document.resources[..index].iter().any(|earlier| earlier.id == *need), "{} needs {}", resource.id, need);
                }
            }
            let (cpu, memory_mib, disk_gib) = size(&document, &component.id);
            prop_assert!(cpu >= hardware.cpu && memory_mib >= hardware.memory_gib * 1024 && disk_gib >= hardware.disk.size_gib);
            let allow = &component.network.allow;
            let open: Vec<Ipv4Net> = let_in(&document).iter().map(|(range, port)| {
                assert_eq!(port, "5432");
                range.parse().unwrap()
            }).collect();
            prop_assert!(open.iter().all(|range| allow.contains(range)), "{open:?} is more than {allow:?}");
            prop_assert!(allow.iter().all(|asked| open.iter().any(|range| range.contains(asked))), "{open:?} is less than {allow:?}");
            let again = derive(&plan, knowledge()).unwrap();
            prop_assert_eq!(serde_json::to_string(&document).unwrap(), serde_json::to_string(&again).unwrap());
        }
    }
}
