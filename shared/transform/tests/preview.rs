//! What is said of a deploy before it happens.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop where it stands")]

use domain::PlanId;
use domain::plan::{FieldError, Plan, accept};
use jiff::civil::date;
use knowledge::{Knowledge, Money};
use serde_json::{Value, json};
use transform::{Added, Changes, Document, How, Preview};

fn body() -> Value {
    json!({"schema":"cs-json/1","name":"shop","cloud":{"region":"us-east-1"},"components":[{"kind":"postgres",
        "hardware":{"cpu":2,"memory_gib":8,"disk":{"size_gib":100}},"db":{"version":"17","name":"shop","max_connections":200},
        "backup":"needed","network":{"allow":["203.0.113.0/24"]}}]})
}

fn with(pointer: &str, value: Value) -> Value {
    let mut body = body();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    body.pointer_mut(parent).unwrap()[key] = value;
    body
}

fn plan(body: &Value) -> Plan {
    accept(&PlanId::generate(), body, &Knowledge::built_in().catalogue.offer()).unwrap()
}

fn preview(body: &Value, running: Option<&Document>) -> Result<Preview, Vec<FieldError>> {
    transform::preview(&plan(body), running, Knowledge::built_in(), date(2026, 11, 21))
}

fn running() -> Document {
    preview(&body(), None).unwrap().document
}

/// What changing one field of the running plan would do.
fn changes(pointer: &str, value: Value) -> Changes {
    preview(&with(pointer, value), Some(&running())).unwrap().changes
}

#[test]
fn a_first_deploy_makes_everything_and_says_what_it_costs() {
    let first = preview(&body(), None).unwrap();
    assert_eq!((first.kind, first.effect), ("new", None));
    assert_eq!(first.changes.create.len(), first.document.resources.len());
    let parts: Vec<_> = first.cost.parts.iter().map(|part| part.what).collect();
    assert_eq!(parts, ["instance", "disk", "backup", "traffic"]);
    let known = first.cost.parts.iter().filter_map(|part| part.monthly).fold(Money::default(), Money::plus);
    assert_eq!(first.cost.monthly, Some(known));
    assert!(first.cost.age_days.unwrap() > 100, "{:?}", first.cost.age_days);
}

#[test]
fn the_same_plan_again_is_nothing_to_do() {
    let again = preview(&body(), Some(&running())).unwrap();
    assert!(again.kind == "none" && again.changes.is_empty() && again.effect.is_none(), "{:?}", again.changes);
}

#[test]
fn a_new_range_is_let_in_without_touching_the_machine() {
    let changes = changes("/components/0/network/allow", json!(["203.0.113.0/24", "198.51.100.0/24"]));
    let [group] = changes.change.as_slice() else { panic!("{:?}", changes.change) };
    assert_eq!(
        (group.id.as_str(), group.how, group.fields[0].pointer.as_str()),
        ("db-security-group", How::InPlace, "/SecurityGroupIngress")
    );
    assert!(changes.settings.is_empty() && changes.create.is_empty() && changes.remove.is_empty());
}

#[test]
fn a_larger_disk_grows_in_place() {
    let changes = changes("/components/0/hardware/disk/size_gib", json!(200));
    assert!(changes.change.iter().any(|changed| changed.id == "db-data-volume" && changed.how == How::InPlace));
    assert!(changes.change.iter().all(|changed| changed.how <= How::InPlace));
}

#[test]
fn more_memory_reboots_the_machine_and_restarts_postgresql() {
    let changes = changes("/components/0/hardware/memory_gib", json!(16));
    let instance = changes.change.iter().find(|changed| changed.id == "db-instance").unwrap();
    assert_eq!((instance.how, instance.fields.len()), (How::Reboot, 1));
    let buffers = changes.settings.iter().find(|setting| setting.name == "shared_buffers").unwrap();
    assert!(buffers.how == How::Restart && buffers.from != buffers.to && buffers.reason.is_some());
    assert_eq!(changes.effect(), Some(How::Reboot));
}

#[test]
fn another_image_replaces_the_machine_and_never_the_data() {
    let changes = changes("/components/0/aws", json!({"ami": "ami-0123456789abcdef0"}));
    assert_eq!(
        changes.change.iter().map(|changed| (changed.id.as_str(), changed.how)).collect::<Vec<_>>(),
        [("db-instance", How::Replace)]
    );
}

#[test]
fn a_replacement_says_what_goes_what_stays_and_what_happens_to_the_indexes() {
    let warned = |running: &Document, body: &Value| {
        let preview = preview(body, Some(running)).unwrap();
        assert_eq!(preview.effect, Some(How::Replace));
        let warning = preview.warnings.into_iter().find(|warning| warning.code == "replaced").unwrap();
        assert!(warning.message.contains("takes over the data volume, the private address") && warning.message.contains("five minutes"));
        (warning.pointer, warning.message)
    };
    let (pointer, message) = warned(&running(), &with("/components/0/aws", json!({"ami": "ami-0123456789abcdef0"})));
    assert!(pointer == "/components/0/aws/ami" && message.contains("If the new image sorts text in another way"), "{message}");
    let (pointer, message) = warned(&running(), &with("/components/0/hardware/architecture", json!("arm64")));
    assert!(pointer == "/components/0/hardware/architecture" && message.contains("all are rebuilt"), "{message}");
    // As a machine of an earlier release of Debian, which this catalogue has for another PostgreSQL.
    let mut earlier = running();
    earlier.lookups.get_mut("Image").unwrap()["NamePattern"] = json!("debian-12-amd64-*");
    let (pointer, message) = warned(&earlier, &body());
    assert!(pointer == "/components/0/os" && message.contains("partitioned by ranges of text"), "{message}");
}

#[test]
fn a_larger_root_volume_in_the_catalogue_is_for_the_next_machine() {
    let mut running = running();
    let instance = running.resources.iter_mut().find(|resource| resource.id == "db-instance").unwrap();
    instance.properties["BlockDeviceMappings"][0]["Ebs"]["VolumeSize"] = json!(7);
    assert_eq!(preview(&body(), Some(&running)).unwrap().kind, "none");
}

/// What runs after a deploy that found no room for the machine type that the plan leads to.
fn without_room() -> (String, String, Document) {
    let kind = |document: &Document| {
        let instance = document.resources.iter().find(|resource| resource.id == "db-instance").unwrap();
        instance.properties["InstanceType"].as_str().unwrap().to_owned()
    };
    let full = kind(&running());
    let runs = transform::aws::document_without(&plan(&body()), Knowledge::built_in(), std::slice::from_ref(&full)).unwrap();
    (full, kind(&runs), runs)
}

#[test]
fn a_machine_type_that_was_taken_for_lack_of_room_stays_and_the_way_to_the_planned_one_is_told() {
    let (full, runs, document) = without_room();
    let again = preview(&body(), Some(&document)).unwrap();
    assert!(again.kind == "none" && again.effect.is_none(), "{:?}", again.changes);
    let warning = again.warnings.iter().find(|warning| warning.code == "no_room").unwrap();
    assert_eq!(warning.pointer, "/components/0/aws/instance_type");
    assert!(warning.message.contains(&format!("runs on {runs}, since AWS had no room for {full}")), "{}", warning.message);
    let larger = preview(&with("/components/0/network/allow", json!(["198.51.100.0/24"])), Some(&document)).unwrap();
    assert_eq!(larger.effect, Some(How::InPlace), "what else changes leaves the machine alone");

    let named = preview(&with("/components/0/aws", json!({"instance_type": full})), Some(&document)).unwrap();
    assert_eq!((named.kind, named.effect), ("change", Some(How::Reboot)));
    assert!(named.warnings.iter().all(|warning| warning.code != "no_room"));
    assert_eq!(preview(&body(), Some(&named.document)).unwrap().kind, "none", "and then the plan leads there by itself");
}

#[test]
fn what_it_adds_to_the_quotas_is_the_difference() {
    let added = |body: &Value, running: Option<&Document>| preview(body, running).unwrap().added(Knowledge::built_in());
    assert_eq!(added(&body(), None), Added { cpu: 2, disk_gib: 100 + Knowledge::built_in().catalogue.root_volume_gib() });
    assert_eq!(added(&body(), Some(&running())), Added { cpu: 0, disk_gib: 0 });
    let larger = with("/components/0/hardware/disk/size_gib", json!(130));
    assert_eq!(added(&larger, Some(&running())), Added { cpu: 0, disk_gib: 30 });
}

#[test]
fn what_a_running_database_can_not_become_is_refused_by_its_field() {
    for (pointer, value, words) in [
        ("/components/0/hardware/disk/size_gib", json!(50), "never shrinks"),
        ("/components/0/db/name", json!("other"), "called shop"),
        ("/cloud/region", json!("eu-west-1"), "runs in us-east-1"),
    ] {
        let errors = preview(&with(pointer, value), Some(&running())).unwrap_err();
        assert!(errors.iter().any(|error| error.pointer == pointer && error.message.contains(words)), "{pointer}: {errors:?}");
    }
}

#[test]
fn an_image_of_the_person_s_own_stays_on_its_architecture() {
    let mut wished = with("/components/0/aws", json!({"ami": "ami-0123456789abcdef0"}));
    let running = preview(&wished, None).unwrap().document;
    wished["components"][0]["hardware"]["architecture"] = json!("arm64");
    let errors = preview(&wished, Some(&running)).unwrap_err();
    assert!(
        errors.iter().any(|error| error.pointer == "/components/0/aws/ami" && error.message.contains("name one for arm64")),
        "{errors:?}"
    );
}

#[test]
fn wishes_that_nothing_meets_name_their_field() {
    for (pointer, value, words) in [
        ("/components/0/hardware/disk/iops", json!(16_000), "sustains"),
        ("/components/0/hardware/disk/throughput_mib_s", json!(1000), "sustains"),
    ] {
        let mut body = with(pointer, value);
        body["components"][0]["aws"] = json!({"instance_type": "m7i.large"});
        let errors = preview(&body, None).unwrap_err();
        assert!(errors.iter().any(|error| error.pointer == pointer && error.message.contains(words)), "{errors:?}");
    }
}

#[test]
fn warnings_say_what_could_hurt() {
    let codes = |body: &Value| preview(body, None).unwrap().warnings.iter().map(|warning| warning.code).collect::<Vec<_>>();
    assert_eq!(codes(&body()), ["single_zone"]);
    let mut risky = with("/components/0/network", json!({"allow": ["0.0.0.0/0"], "public": true}));
    risky["components"][0]["backup"] = json!("none");
    risky["components"][0]["hardware"] = json!({"cpu": 2, "memory_gib": 4});
    assert_eq!(codes(&risky), ["burstable", "single_zone", "backup_off", "open_network"]);
}
