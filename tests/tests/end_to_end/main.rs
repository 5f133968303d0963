//! The main job on real parts, as a person and a stranger would try it: through the API that Terraform made, with the command
//! line, on machines that boot. Resources are counted by the cloud's own list calls.
#![expect(clippy::print_stdout, reason = "the figures that the run took belong on the screen")]
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop where it stands")]

mod changes;
mod faults;
mod killed;
mod left;
mod live;
mod page;
mod strays;
mod undone;
mod world;

use cloudsail_tests::canaries::Secret;
use faults::Faults;
use serde_json::{Value, json};
use std::process::Command;
use std::time::{Duration, Instant};
use world::{HOSTILE, PATIENCE, World, variable};

/// A person of their own, signed in, and the address.
fn sign_in(world: &World) -> String {
    let email = format!("e2e-{}@example.com", std::time::UNIX_EPOCH.elapsed().unwrap().as_millis());
    world.json(&["sign-up", "--email", &email]);
    let wrong = world.cli(&["confirm", "--email", &email, "--code", "000000"]);
    assert_eq!(wrong.status.code(), Some(2), "a wrong code is refused");
    let early = world.cli(&["sign-in", "--email", &email]);
    assert!(String::from_utf8_lossy(&early.stderr).contains("confirm"), "an address that is not confirmed can't sign in");
    let (_, code) = world.customer(&["code", &email]);
    world.plant(Secret::ConfirmationCode, &code);
    world.json(&["confirm", "--email", &email, "--code", &code]);
    world.json(&["sign-in", "--email", &email]);
    email
}

fn link(world: &World) -> String {
    let template = format!("{}/role.json", world.home);
    let account_id = variable("CLOUDSAIL_CUSTOMER_ACCOUNT_ID");
    let _ = world.customer(&["unlink"]);
    let account = world.json(&["account", "add", "--aws-account-id", &account_id, "--region", "ca-central-1", "--template-out", &template]);
    let id = account["id"].as_str().unwrap().to_owned();
    world.plant(Secret::ExternalId, account["external_id"].as_str().unwrap());
    let verify = || String::from_utf8_lossy(&world.cli(&["account", "verify", &id]).stderr).into_owned();
    assert!(verify().contains("can't be assumed"), "there is no role yet");

    let open = format!("{}/open.json", world.home);
    let mut careless: Value = serde_json::from_str(&std::fs::read_to_string(&template).unwrap()).unwrap();
    for resource in careless["Resources"].as_object_mut().unwrap().values_mut() {
        if let Some(statements) = resource.pointer_mut("/Properties/AssumeRolePolicyDocument/Statement") {
            let assume = statements.as_array_mut().unwrap().iter_mut().find(|one| one["Action"][0] == "sts:AssumeRole").unwrap();
            assume["Condition"]["StringEquals"].as_object_mut().unwrap().remove("sts:ExternalId").unwrap();
        }
    }
    std::fs::write(&open, careless.to_string()).unwrap();
    assert!(world.customer(&["link", &open]).0);
    assert!(verify().contains("without the external id"), "a role that anybody's deputy could use is refused");

    let (made, said) = world.customer(&["link", &template]);
    assert!(made, "{said}");
    assert_eq!(world.json(&["account", "verify", &id])["status"], "verified");
    assert!(world.customer(&["link", &without(world, &template, "AttachVolume")]).0);
    let problems = world.json(&["preview", &world.plan("203.0.113.0/24")])["problems"].clone();
    let missing = &problems[0];
    assert!(missing["code"] == "permission" && missing["message"].as_str().unwrap().contains("may not: ec2:AttachVolume."), "{problems}");

    assert!(verify().contains("AttachVolume (ec2:AttachVolume)"), "what is missing is named");

    let console = world.json(&["account", "quick-create", &id])["url"].as_str().unwrap().to_owned();
    let (made, said) = world.customer(&["link", &console]);
    assert!(made, "{said}");
    assert_eq!(world.json(&["account", "verify", &id])["status"], "verified");
    let stack: Value = serde_json::from_str(&std::fs::read_to_string(&template).unwrap()).unwrap();
    assert_eq!(world.json(&["account", "template", &id]), stack, "the same template as when it was linked");
    id
}

/// The template without one statement of the role's policy: what an account looks like whose role is older than a release.
fn without(world: &World, template: &str, statement: &str) -> String {
    let mut poor: Value = serde_json::from_str(&std::fs::read_to_string(template).unwrap()).unwrap();
    let all = poor.pointer_mut("/Resources/Access/Properties/Policies/0/PolicyDocument/Statement").unwrap().as_array_mut().unwrap();
    let count = all.len();
    all.retain(|one| one["Sid"] != statement);
    assert_eq!(all.len() + 1, count);
    let file = format!("{}/poor.json", world.home);
    std::fs::write(&file, poor.to_string()).unwrap();
    file
}

/// What a person is told before anything happens.
fn previews(world: &World, plan: &str) {
    let preview = world.json(&["preview", plan]);
    assert_eq!((&preview["kind"], &preview["problems"]), (&json!("new"), &json!([])), "{}", preview["problems"]);
    assert_eq!(preview["cost"]["region_borrowed"], "us-east-1", "no prices of this region are in the catalogue, and that is said");
    let file = format!("{}/large.json", world.home);
    let large = json!({"schema": "cs-json/1", "components": [{"kind": "postgres", "hardware": {"cpu": 96, "memory_gib": 192},
        "aws": {"ami": "ami-0ffffffffffffff00"}}]});
    std::fs::write(&file, large.to_string()).unwrap();
    let large = world.json(&["plan", "create", "--file", &file])["id"].as_str().unwrap().to_owned();
    let problems = world.json(&["preview", &large])["problems"].clone();
    let codes: Vec<_> = problems.as_array().unwrap().iter().map(|problem| problem["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["image", "quota"], "{problems}");
    assert_eq!(problems[0]["pointer"], "/components/0/aws/ami");
}

fn strangers_and_bad_input(world: &World) {
    let token = world.token();
    let mut tampered = token.clone();
    let middle = tampered.len() / 2;
    let other = if &tampered[middle..=middle] == "A" { "B" } else { "A" };
    tampered.replace_range(middle..=middle, other);
    assert_eq!(world.call("GET", "/v1/plan", None, "", "x").0, 401);
    assert_eq!(world.call("GET", "/v1/plan", Some(&tampered), "", "x").0, 401);
    assert_eq!(world.call("GET", "/v1/plan", Some(&token), "", "x").0, 200);
    assert_eq!(world.call("GET", "/v1/nothing", None, "", "x").0, 404);
    let (status, _, location) = world.call("GET", "/v1/plan/", None, "", "location");
    assert_eq!((status, location.as_str()), (308, "../plan"));
    let (status, body, _) = world.call("POST", "/v1/plan", Some(&token), "{", "x");
    assert_eq!((status, body["code"].as_str()), (400, Some("invalid")));
    let short = json!({"os":"linux","hardware":{"instance_type":"t3.medium","storage":"ssd","ami":"myami"},"db":{"flavor":"pg","version":"15","backup":"needed"}});
    let (status, body, _) = world.call("POST", "/v1/plan", Some(&token), &short.to_string(), "x");
    assert_eq!((status, body["plan"]["components"][0]["os"]["version"].as_str()), (201, Some("12")));
    let (status, body, _) = world.call(
        "POST",
        "/v1/plan",
        Some(&token),
        &json!({"schema":"cs-json/1","components":[{"kind":"postgres","network":{"allow":["0.0.0.0/0"]}}]}).to_string(),
        "x",
    );
    assert_eq!((status, body["errors"][0]["pointer"].as_str()), (400, Some("/components/0/network/allow/0")));
    assert_eq!(world.call("POST", "/v1/plan", Some(&token), &format!("\"{}\"", "x".repeat(300 * 1024)), "x").0, 413);
}

/// Sends the signal to every process whose file under `/proc` holds the words; answers how many there were.
fn signal(signal: &str, file: &str, words: &str) -> usize {
    let mut sent = 0;
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let text = std::fs::read(entry.path().join(file)).unwrap_or_default();
        if String::from_utf8_lossy(&text).split(['\0', '\n']).any(|line| line.ends_with(words)) {
            let pid = entry.file_name().into_string().unwrap();
            sent += usize::from(Command::new("kill").args([signal, &pid]).status().unwrap().success());
        }
    }
    sent
}

/// Ends the worker, as a machine of Lambda's that is lost would.
fn kill_workers() -> usize {
    signal("-KILL", "environ", "AWS_LAMBDA_FUNCTION_NAME=cloudsail-local-worker-jobs")
}

/// Repeats until it answers something; what never does fails the test.
fn eventually<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed() < PATIENCE, "{what} did not happen");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// How an attempt to connect to PostgreSQL's port ends.
#[derive(Debug, PartialEq, Eq)]
enum Reach {
    Open,
    /// Nothing came back in time, which is how a security group refuses.
    Dropped,
}

fn reach(namespace: Option<&str>, host: &str) -> Reach {
    let enter: &[&str] = namespace.map_or(&[], |_| &["ip", "netns", "exec"]);
    let probe = format!("exec 3<>/dev/tcp/{host}/5432");
    let words: Vec<&str> = enter.iter().copied().chain(namespace).chain(["timeout", "4", "bash", "-c", &probe]).collect();
    let output = Command::new(words[0]).args(&words[1..]).output().unwrap();
    match output.status.code() {
        Some(0) => Reach::Open,
        Some(124) => Reach::Dropped,
        // Neither: the probe itself did not run, or something answered that should not be there.
        code => panic!("{words:?} ended with {code:?}: {}", String::from_utf8_lossy(&output.stderr)),
    }
}

#[test]
fn from_sign_up_to_a_running_postgresql_and_back_to_nothing() {
    let world = World::new();
    let watch = left::Watch::start(&world);
    sign_in(&world);
    page::goes_on_by_its_cookie(&world);
    strangers_and_bad_input(&world);
    let early = world.plan("203.0.113.0/24");
    assert_eq!(world.cli(&["deploy", &early]).status.code(), Some(2), "nothing can be deployed without an account");
    let account = link(&world);

    let plan = world.plan(&variable("CLOUDSAIL_CLIENT_CIDR"));
    previews(&world, &plan);
    let page = live::Page::open(&world);
    page.sees_plans_come_and_go(&world);
    let begun = Instant::now();
    let (first, second) = std::thread::scope(|scope| {
        let one = scope.spawn(|| world.json(&["deploy", &plan]));
        let two = scope.spawn(|| world.json(&["deploy", &plan]));
        (one.join().unwrap(), two.join().unwrap())
    });
    assert_eq!(first["id"], second["id"], "two deploys at once are one deployment");
    let id = first["id"].as_str().unwrap();
    world.wait_for(id, "running");
    println!("deploy accepted to running: {:.1} s", begun.elapsed().as_secs_f64());
    page.saw(&world, id, "running");
    assert_eq!(world.json(&["preview", &plan])["kind"], "none", "what runs is what was asked for");
    assert_eq!(world.json(&["plan", "show", &plan])["name"], HOSTILE, "a name comes back as it was sent");
    one_of_each(&world, id);

    let sql = |sql: &str| world.cli(&["connect", id, "--psql", "--", "-XAtc", sql]);
    assert!(sql("CREATE TABLE visit (who text)").status.success());
    assert!(sql("INSERT INTO visit VALUES ('me')").status.success());
    assert_eq!(String::from_utf8_lossy(&sql("TABLE visit").stdout).trim(), "me");
    assert_eq!(String::from_utf8_lossy(&sql("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()").stdout).trim(), "t");
    assert_eq!(String::from_utf8_lossy(&sql("SHOW data_checksums").stdout).trim(), "on");
    let planned = world.json(&["status", id]);
    for setting in planned["configuration"].as_array().unwrap() {
        let (name, value) = (setting["name"].as_str().unwrap(), setting["value"].as_str().unwrap().trim_matches('\''));
        // A machine of the local cloud can't reserve pages, so that it starts with those there are (docs/limits.md).
        let value = if name == "huge_pages" { "try" } else { value };
        let said = |query: String| String::from_utf8_lossy(&sql(&query).stdout).trim().to_owned();
        let shown = said(format!("SHOW {name}"));
        // The same size or time may be shown in another unit.
        let same = || {
            let size = said(format!("SELECT pg_size_bytes(current_setting('{name}')) = pg_size_bytes('{value}')"));
            let time = format!("SELECT (setting || unit)::interval = '{value}'::interval FROM pg_settings WHERE name = '{name}'");
            size == "t" || said(time) == "t"
        };
        assert!(shown == value || same(), "{name} runs as {shown}, not as {value}");
    }
    let host = world.json(&["connect", id])["host"].as_str().unwrap().to_owned();
    assert_eq!(reach(None, &host), Reach::Open, "who is in the allow list gets through");
    assert_eq!(reach(Some(&variable("CLOUDSAIL_OUTSIDE_NETNS")), &host), Reach::Dropped, "a stranger does not");
    let forged = sql("SELECT 1").status.success() && {
        let other = Command::new("psql")
            .arg(format!("host={host} user=postgres_admin dbname=shop sslmode=verify-full sslrootcert=system"))
            .output();
        other.is_ok_and(|output| output.status.success())
    };
    assert!(!forged, "without the deployment's CA nothing is trusted");
    let (status, login, _) = world.call("POST", &format!("/v1/deployment/{id}/connection/reveal"), Some(&world.token()), "", "x");
    assert_eq!(status, 200);
    world.plant(Secret::DatabasePassword, login["password"].as_str().unwrap());
    left::by_machines(&world, id);

    changes::all(&world, &plan, id);
    undone::destroyed_and_back(&world, id);

    world.json(&["destroy", id, "--now"]);
    let (gone, took) = world.wait_for(id, "not_deployed");
    println!("destroyed in {:.1} s", took.as_secs_f64());
    assert_eq!(gone["retained"][0]["kind"], "volume");
    let (nothing_left, held) = world.customer(&["holds", id]);
    assert!(nothing_left && held.contains("kept on purpose until"), "{held}");
    what_was_done_is_noted(&world, id);
    strays::are_removed_when_asked(&world, &account, id);
    let stray = strays::left_for_the_schedule(&world, &account, id);

    a_deploy_that_is_cancelled(&world);
    a_worker_that_is_killed(&world);
    a_machine_that_never_comes_up(&world);
    strays::is_removed_by_the_schedule(&world, id, &stray);
    nothing_secret_is_left(&world, watch);
}

/// Who deployed, changed, cancelled, looked at the password and destroyed, and from where.
fn what_was_done_is_noted(world: &World, deployment: &str) {
    let log = world.json(&["audit", "--subject", deployment])["items"].clone();
    let actions: Vec<_> = log.as_array().unwrap().iter().map(|line| line["action"].as_str().unwrap()).collect();
    assert_eq!((actions.first(), actions.last()), (Some(&"deployment-delete"), Some(&"plan-deploy")), "newest first");
    let times = |action: &str| actions.iter().filter(|noted| **noted == action).count();
    assert_eq!(
        (times("deployment-delete"), times("deployment-undelete"), times("deployment-cancel"), times("plan-deploy")),
        (2, 1, 1, 10),
        "{actions:?}"
    );
    assert!(times("deployment-connection-reveal") > 1, "each look at the password is a line: {actions:?}");
    assert!(log.as_array().unwrap().iter().all(|line| line["address"].is_string() && line["request_id"] != ""), "{log}");
}

fn nothing_secret_is_left(world: &World, watch: left::Watch) {
    watch.end(world);
    left::by_the_control_plane(world);
    for session in world.cloud_sessions() {
        world.plant(Secret::CloudSession, &session);
    }
    let findings = world.findings();
    assert!(findings.is_empty(), "secrets of this run, where they should not be:\n{}", findings.join("\n"));
}

/// Its processes stop while it boots, and the clock is put forward to past the deadline. Before that its secret is deleted by hand while
/// it is being made, and nobody hears that its role was.
fn a_machine_that_never_comes_up(world: &World) {
    let plan = world.plan(&variable("CLOUDSAIL_CLIENT_CIDR"));
    let lost = |fault: &str, call: &str| json!({"fault": fault, "call": call, "moment": "after"});
    let faults = Faults::ask(world, &[lost("hold", "secretsmanager:CreateSecret"), lost("drop", "iam:CreateRole")]);
    let deployment = world.json(&["deploy", &plan]);
    let id = deployment["id"].as_str().unwrap();
    faults.held(1);
    let (deleted, answer) = world.customer(&["delete-secret", id]);
    assert!(deleted, "{answer}");
    let machine = eventually("a machine", || {
        let (_, held) = world.customer(&["holds", id]);
        held.split_whitespace().find(|word| word.starts_with("i-")).map(str::to_owned)
    });
    faults.end();
    // The name of its control group in the machine room.
    let group = format!("/cs{}", &machine[machine.len() - 8..]);
    let hang = || signal("-STOP", "cgroup", &group) + signal("-STOP", "cgroup", &format!("{group}/payload"));
    eventually("a boot to interrupt", || (hang() > 1).then_some(()));
    hang();
    let late = format!(
        "UPDATE strand SET stack = jsonb_set(stack, '{{begun_at}}', to_jsonb(now() - interval '901 seconds')) WHERE deployment_id = '{id}'"
    );
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let database = runtime.block_on(testkit::superuser("cloudsail"));
    let issue = eventually("the deadline", || {
        // Again and again: a step that is under way stores the time it knows.
        runtime.block_on(database.batch_execute(&late)).unwrap();
        let now: Value = serde_json::from_slice(&world.cli(&["--json", "status", id]).stdout).unwrap();
        (now["status"] == "issue").then_some(now)
    });
    let reason = issue["reason"].as_str().unwrap();
    println!("a machine that never comes up: {reason}");
    assert!(reason.contains("within 15 minutes") && reason.contains("delete the deployment"), "{reason}");
    world.json(&["destroy", id, "--now"]);
    world.wait_for(id, "not_deployed");
    assert!(world.customer(&["holds", id]).0);
}

fn a_deploy_that_is_cancelled(world: &World) {
    let plan = world.plan(&variable("CLOUDSAIL_CLIENT_CIDR"));
    let deployment = world.json(&["deploy", &plan]);
    let id = deployment["id"].as_str().unwrap();
    eventually("something to take back", || world.customer(&["holds", id]).1.contains("security group ").then_some(()));
    world.json(&["cancel", id]);
    let (gone, took) = world.wait_for(id, "not_deployed");
    println!("back to nothing {:.1} s after a cancel", took.as_secs_f64());
    assert_eq!(gone["retained"], serde_json::json!([]), "a volume that never held a database is not kept");
    assert!(world.customer(&["holds", id]).0);
}

/// The customer's account holds each thing once, by the services' own lists.
fn one_of_each(world: &World, deployment: &str) {
    let (_, held) = world.customer(&["holds", deployment]);
    for kind in ["instance ", "volume ", "security group ", "secret ", "role ", "instance profile "] {
        let expected = if kind == "volume " { 2 } else { 1 };
        let count = held
            .lines()
            .filter(|line| line.trim_start().starts_with(kind) && !(kind == "instance " && line.contains("instance profile")))
            .count();
        assert_eq!(count, expected, "{kind}(a machine has a root and a data volume) in:\n{held}");
    }
}

fn a_worker_that_is_killed(world: &World) {
    let plan = world.plan(&variable("CLOUDSAIL_CLIENT_CIDR"));
    let held = killed::held(world);
    let deployment = world.json(&["deploy", &plan]);
    let id = deployment["id"].as_str().unwrap();
    killed::kill(held);
    // And a message of its was written, and never sent.
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let database = runtime.block_on(testkit::superuser("cloudsail"));
    let lost = format!(
        "INSERT INTO outbox (queue, body, created_at) SELECT 'jobs', json_build_object('strand', id)::text, now() - interval '1 minute'
         FROM strand WHERE deployment_id = '{id}' RETURNING id"
    );
    let lost: i64 = runtime.block_on(database.query_one(&lost, &[])).unwrap().get(0);
    let (_, took) = world.wait_for(id, "running");
    println!("running {:.1} s after the worker was killed", took.as_secs_f64());
    eventually("the sweep to send what was lost", || {
        runtime.block_on(database.query_opt("SELECT FROM outbox WHERE id = $1", &[&lost])).unwrap().is_none().then_some(())
    });
    one_of_each(world, id);
    world.json(&["destroy", id, "--now"]);
    world.wait_for(id, "not_deployed");
    assert!(world.customer(&["holds", id]).0);
}
