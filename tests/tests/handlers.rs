//! The handlers, from an API Gateway event as it was recorded, on a real PostgreSQL behind PgBouncer.

use cloudsail_tests::routes::{EVENT, USER_ROUTES, call, event, event_with, told};
use http_api::{Request, finish};
use knowledge::Knowledge;
use serde_json::{Value, json};
use testkit::{Database, account_and_plan, deed, new_account, user};

const MONITOR: &str = "arn:aws:iam::222222222222:role/cloudsail/CloudsailMonitor";

#[test]
fn every_route_that_needs_sign_in_is_in_the_table_below() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../functions");
    let mut found: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .flatten()
        .filter(|dir| std::fs::read_to_string(dir.path().join("function.yaml")).is_ok_and(|text| text.contains("auth: user")))
        .map(|dir| dir.file_name().into_string().unwrap())
        .collect();
    found.retain(|name| name != "me");
    found.sort();
    let mut expected = USER_ROUTES.map(str::to_owned).to_vec();
    expected.sort();
    assert_eq!(found, expected);
}

#[tokio::test]
async fn a_stranger_is_refused_everywhere() {
    let database = Database::fresh().await;
    let store = database.store();
    let (owner, stranger) = (user(), user());
    let (account, plan) = account_and_plan(&store, &owner).await;
    let deployment = store.deploy(&deed(&owner), &plan, &account.id, &plan.plan).await.unwrap().deployment;
    let path = json!({"account_id": account.id, "plan_id": plan.id, "deployment_id": deployment.id});
    // Only an export and the list of changes ask for them.
    let query = json!({"to": "terraform", "after": "0"});
    for route in USER_ROUTES {
        let body = match route {
            "account-create" => json!({"provider": "aws", "account_id": "222222222222", "region": "ca-central-1"}),
            _ => json!({"os": "linux", "hardware": {}, "db": {}}),
        };
        let body = body.to_string();
        let (status, answer) = told(call(route, &store, event(None, &path, &query, Some(&body))).await);
        assert_eq!((status, answer["code"].as_str()), (401, Some("unauthorized")), "{route} without claims");
        let (status, answer) = told(call(route, &store, event(Some(&stranger), &path, &query, Some(&body))).await);
        match route {
            "account-create" | "plan-create" => assert_eq!(status, 201, "{route} makes the stranger's own"),
            "catalogue-get" | "socket-ticket" => assert_eq!(status, 200, "{route} shows nothing of anybody's"),
            "change-list" => assert_eq!((status, &answer["plans"], &answer["deployments"]), (200, &json!([]), &json!([])), "{answer}"),
            "auth-sign-out-everywhere" | "me-delete" => {
                assert_eq!(status, 503, "{route} is the stranger's own, and no user pool answers here")
            }
            "plan-list" | "account-list" | "deployment-list" | "audit-list" => {
                assert_eq!((status, answer["items"].is_array()), (200, true), "{route}: {answer}");
                let all = answer.to_string();
                let foreign = [plan.id.as_str(), account.id.as_str(), deployment.id.as_str()].iter().any(|id| all.contains(id));
                assert!(!foreign, "{route} shows the stranger's own");
            }
            _ => assert_eq!((status, answer["code"].as_str()), (404, Some("not_found")), "{route} of another user"),
        }
    }
}

#[tokio::test]
async fn bad_input_names_its_field() {
    let database = Database::fresh().await;
    let (store, me) = (database.store(), user());
    let part = |extra: Value| {
        let mut component = json!({"kind": "postgres"});
        component.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        json!({"schema": "cs-json/1", "components": [component]}).to_string()
    };
    let cases = [
        ("{\"os\":".to_owned(), ""),
        ("[1]".to_owned(), ""),
        (String::new(), ""),
        (json!({"os": "linux", "hardware": {}}).to_string(), "/db"),
        (json!({"os": "linux", "hardware": {"ami": "a\u{0}b"}, "db": {}}).to_string(), "/hardware/ami"),
        (json!({"os": "linux", "hardware": {}, "db": {}, "colour": "red"}).to_string(), "/colour"),
        (part(json!({"os": {"family": "debian", "version": "13"}, "db": {"version": "15"}})), "/components/0/db/version"),
        (part(json!({"hardware": {"disk": {"size_gib": 1}}})), "/components/0/hardware/disk/size_gib"),
        (part(json!({"network": {"allow": ["everybody"]}})), "/components/0/network/allow/0"),
        (part(json!({"network": {"allow": ["0.0.0.0/0"]}})), "/components/0/network/allow/0"),
        (
            json!({"schema": "cs-json/1", "cloud": {"account": domain::AccountId::generate()}, "components": [{"kind": "postgres"}]})
                .to_string(),
            "/cloud/account",
        ),
    ];
    for (body, pointer) in cases {
        let (status, answer) = told(call("plan-create", &store, event(Some(&me), &json!({}), &json!({}), Some(&body))).await);
        assert_eq!((status, answer["errors"][0]["pointer"].as_str()), (400, Some(pointer)), "{body}: {answer}");
    }
    let large = format!("\"{}\"", "x".repeat(257 * 1024));
    assert_eq!(told(call("plan-create", &store, event(Some(&me), &json!({}), &json!({}), Some(&large))).await).0, 413);
    for query in [json!({"limit": "0"}), json!({"limit": "many"}), json!({"cursor": "plan_x"})] {
        assert_eq!(told(call("plan-list", &store, event(Some(&me), &json!({}), &query, None)).await).0, 400, "{query}");
    }
    assert!(store.plans(&me, 10, None).await.unwrap().is_empty(), "nothing was half-made");
}

#[tokio::test]
async fn a_database_that_is_gone_is_503_with_when_to_come_back() {
    let gone = Database::fresh().await.store_that_is_gone();
    let response = finish(call("plan-list", &gone, event(Some(&user()), &json!({}), &json!({}), None)).await, "req-1".to_owned());
    assert_eq!(response.status, 503);
    assert_eq!(response.header("retry-after"), Some("5"));
}

#[tokio::test]
async fn deploying_asks_for_a_verified_account_and_two_deploys_name_one_deployment() {
    let database = Database::fresh().await;
    let (store, me) = (database.store(), user());
    let plan = store.create_plan(&deed(&me), &domain::PlanId::generate(), &testkit::plan()).await.unwrap();
    let path = json!({"plan_id": plan.id});
    let deploy = || call("plan-deploy", &store, event(Some(&me), &path, &json!({}), None));
    let (status, answer) = told(deploy().await);
    assert_eq!((status, answer["errors"][0]["pointer"].as_str()), (400, Some("/cloud/account")));
    let account = store.create_account(&deed(&me), &new_account()).await.unwrap();
    assert_eq!(told(deploy().await).0, 400, "an account that is not verified is no account to deploy to");
    store.set_account_verified(&deed(&me), &account.id, MONITOR).await.unwrap();
    let (first, second) = (told(deploy().await), told(deploy().await));
    assert_eq!((first.0, &first.1["kind"], second.0, &second.1["kind"]), (202, &json!("new"), 202, &json!("redeploy")));
    assert_eq!(first.1["id"], second.1["id"]);
    let path = json!({"deployment_id": first.1["id"]});
    let (status, answer) = told(call("deployment-connection", &store, event(Some(&me), &path, &json!({}), None)).await);
    assert_eq!((status, answer["code"].as_str()), (409, Some("not_ready")));
    let (status, answer) = told(call("deployment-delete", &store, event(Some(&me), &path, &json!({}), None)).await);
    assert_eq!((status, answer["status"].as_str()), (202, Some("destroying")));
}

#[tokio::test]
async fn a_preview_says_what_deploy_would_do_to_what_runs_and_changes_nothing() {
    let database = Database::fresh().await;
    let (store, me) = (database.store(), user());
    let (account, row) = account_and_plan(&store, &me).await;
    let path = json!({"plan_id": row.id});
    let preview = || call("plan-preview", &store, event(Some(&me), &path, &json!({"account": "false"}), None));
    let (status, first) = told(preview().await);
    assert_eq!((status, &first["kind"], &first["deployment_id"], &first["problems"]), (200, &json!("new"), &Value::Null, &Value::Null));
    assert!(first["changes"]["create"].as_array().unwrap().len() == first["resources"].as_array().unwrap().len());
    assert!(store.running(&me, &row.id).await.unwrap().is_none(), "a preview is no deploy");
    let deployed = store.deploy(&deed(&me), &row, &account.id, &row.plan).await.unwrap().deployment;
    let (_, same) = told(preview().await);
    assert_eq!((&same["kind"], &same["deployment_id"]), (&json!("none"), &json!(deployed.id)));
    let mut larger = row.plan.clone();
    larger.components[0].hardware.disk.size_gib += 100;
    store.update_plan(&deed(&me), &row.id, row.version, &larger).await.unwrap();
    let (_, change) = told(preview().await);
    assert_eq!((&change["kind"], &change["effect"]), (&json!("change"), &json!("reload")));
    larger.components[0].hardware.disk.size_gib = 10;
    store.update_plan(&deed(&me), &row.id, row.version + 1, &larger).await.unwrap();
    let (status, refused) = told(preview().await);
    assert_eq!((status, &refused["errors"][0]["pointer"]), (400, &json!("/components/0/hardware/disk/size_gib")));
}

#[tokio::test]
async fn an_export_holds_the_files_that_the_command_writes_or_says_why_there_are_none() {
    let database = Database::fresh().await;
    let (store, me) = (database.store(), user());
    let draft = |change: &dyn Fn(&mut domain::plan::Plan)| {
        let mut plan = testkit::plan();
        change(&mut plan);
        plan
    };
    let export = async |plan: &domain::plan::Plan, query: Value| {
        let row = store.create_plan(&deed(&me), &domain::PlanId::generate(), plan).await.unwrap();
        told(call("plan-export", &store, event(Some(&me), &json!({"plan_id": row.id}), &query, None)).await)
    };
    let terraform = || json!({"to": "terraform"});

    let homeless = draft(&|plan| plan.cloud.region = None);
    let (status, answer) = export(&homeless, terraform()).await;
    assert_eq!((status, &answer["errors"][0]["pointer"]), (400, &json!("/cloud/region")), "{answer}");
    let (account, _) = account_and_plan(&store, &me).await;
    assert_eq!(export(&homeless, terraform()).await.0, 200, "the region of the person's account stands for it");

    let plan = draft(&|plan| plan.cloud.region = Some("eu-west-3".to_owned()));
    assert_ne!(account.region, "eu-west-3");
    let (status, answer) = export(&plan, terraform()).await;
    let document = transform::aws::document(&plan, Knowledge::built_in()).unwrap();
    let files: Vec<_> = transform::terraform::export(&document).unwrap().into_iter().collect();
    let answered = answer["files"].as_array().unwrap().iter().map(|file| (&file["path"], &file["content"]));
    let answered: Vec<_> = answered.map(|(path, text)| (path.as_str().unwrap().to_owned(), text.as_str().unwrap().to_owned())).collect();
    assert_eq!((status, &answer["folder"], answered), (200, &json!("shop-terraform"), files));

    for query in [json!({}), json!({"to": "json-schema"}), json!({"to": ""})] {
        let (status, answer) = export(&plan, query).await;
        let error = &answer["errors"][0];
        assert_eq!((status, &error["pointer"]), (400, &json!("?to")));
        assert!(error["message"].as_str().unwrap().contains("\"terraform\""), "{answer}");
    }
    for provider in ["azure", "gcp"] {
        let (status, answer) = export(&draft(&|plan| plan.cloud.provider = provider.to_owned()), terraform()).await;
        assert_eq!((status, &answer["errors"][0]["pointer"]), (400, &json!("/cloud/provider")));
        assert!(answer["detail"].as_str().unwrap().contains("can't be exported yet"), "{answer}");
    }
}

#[tokio::test]
async fn a_trailing_slash_leads_to_the_path_without_it() {
    for (path, query, expected) in [("/v1/plan/", "", "../plan"), ("/v1/plan/x/deploy/", "a=b", "../deploy?a=b")] {
        let mut event: Value = serde_json::from_str(EVENT).unwrap();
        event["rawPath"] = json!(path);
        event["rawQueryString"] = json!(query);
        event["requestContext"]["http"]["path"] = json!(path);
        let request = Request::from_event(&event.to_string()).unwrap();
        let response = finish(route_default::handle(&route_default::Deps, request).await, "req-1".to_owned());
        assert_eq!(response.status, 308);
        assert_eq!(response.header("location"), Some(expected), "{path}");
    }
    for (path, status, allow) in
        [("/v1/nothing", 404, None), ("/v1/plan", 405, Some("GET, POST")), ("/dev/v1/plan/plan_x", 405, Some("DELETE, GET, PUT"))]
    {
        let mut event: Value = serde_json::from_str(EVENT).unwrap();
        event["requestContext"]["http"]["path"] = json!(path);
        let request = Request::from_event(&event.to_string()).unwrap();
        let response = finish(route_default::handle(&route_default::Deps, request).await, "req-1".to_owned());
        assert_eq!((response.status, response.header("allow")), (status, allow), "{path}");
    }
}

/// What pins an RDS Proxy connection ("Avoiding pinning", Amazon RDS User Guide), looked for in the server's own log.
#[tokio::test]
async fn no_statement_would_pin_a_proxy_connection() {
    let database = Database::fresh().await;
    let (store, me) = (database.store(), user());
    let (account, plan) = account_and_plan(&store, &me).await;
    let deployed = store.deploy(&deed(&me), &plan, &account.id, &plan.plan).await.unwrap();
    store.plans(&me, 5, None).await.unwrap();
    store.events(&me, &deployed.deployment.id, 5, None).await.unwrap();
    store.due(5).await.unwrap();
    store.request_destroy(&deed(&me), &deployed.deployment.id, None).await.unwrap();
    let name = database.name();
    let log = String::from_utf8_lossy(&std::fs::read(database.statement_log()).unwrap()).into_owned();
    let ours: Vec<_> = log.lines().filter(|line| line.contains(name) && line.contains("cloudsail@")).collect();
    assert!(ours.iter().filter(|line| line.contains("execute <unnamed>")).count() >= 6, "the log shows our statements: {ours:#?}");
    for line in ours {
        let text = line.to_uppercase();
        let named = text.contains("EXECUTE ") && !text.contains("EXECUTE <UNNAMED>");
        let pins = ["STATEMENT: SET ", "PG_ADVISORY", " TEMP ", "TEMPORARY", "LISTEN", "STATEMENT: PREPARE", "DECLARE "];
        assert!(!named && !pins.iter().any(|pin| text.contains(pin)), "this would pin the connection: {line}");
    }
}

#[tokio::test]
async fn a_plan_is_changed_by_who_has_read_it_last() {
    let database = Database::fresh().await;
    let (store, me) = (database.store(), user());
    let plan = store.create_plan(&deed(&me), &domain::PlanId::generate(), &testkit::plan()).await.unwrap();
    let path = json!({"plan_id": plan.id});
    let mut body = serde_json::to_value(&plan.plan).unwrap();
    body["name"] = json!("changed");
    let body = body.to_string();
    let put = |version: Option<&'static str>| {
        let headers: Vec<_> = version.into_iter().map(|version| ("if-match", version)).collect();
        call("plan-update", &store, event_with("PUT", Some(&me), &path, &json!({}), Some(&body), &headers))
    };
    assert_eq!(told(put(None).await).0, 428);
    assert_eq!(told(put(Some("\"first\"")).await).0, 400);
    let response = finish(put(Some("\"1\"")).await, "req-1".to_owned());
    assert_eq!((response.status, response.header("etag")), (200, Some("\"2\"")));
    let (status, answer) = told(put(Some("\"1\"")).await);
    assert_eq!((status, answer["code"].as_str()), (412, Some("stale")));
    assert!(answer["detail"].as_str().unwrap().contains("version 2"));
    let (_, answer) = told(call("plan-get", &store, event(Some(&me), &path, &json!({}), None)).await);
    assert_eq!((answer["name"].as_str(), answer["version"].as_i64()), (Some("changed"), Some(2)));
    let wrong = event_with("PUT", Some(&me), &path, &json!({}), Some("{\"schema\":\"cs-json/1\"}"), &[("if-match", "\"2\"")]);
    let (status, answer) = told(call("plan-update", &store, wrong).await);
    assert_eq!((status, answer["errors"][0]["pointer"].as_str()), (400, Some("/components")));
    assert_eq!(store.plan(&me, &plan.id).await.unwrap().version, 2, "a refused change changes nothing");
}

#[tokio::test]
async fn what_is_in_use_is_not_deleted_and_the_answer_says_how() {
    let database = Database::fresh().await;
    let (store, me) = (database.store(), user());
    let (account, plan) = account_and_plan(&store, &me).await;
    let live = store.deploy(&deed(&me), &plan, &account.id, &plan.plan).await.unwrap().deployment;
    let path = json!({"plan_id": plan.id, "account_id": account.id});
    let of = |route: &'static str| call(route, &store, event(Some(&me), &path, &json!({}), None));
    for route in ["plan-delete", "account-delete"] {
        let (status, answer) = told(of(route).await);
        assert_eq!((status, answer["code"].as_str()), (409, Some("in_use")), "{route}");
        assert!(answer["detail"].as_str().unwrap().contains(&format!("DELETE /v1/deployment/{}", live.id)), "{route}: {answer}");
    }
    let gone = format!("UPDATE deployment SET status = 'not_deployed', destroyed_at = now() WHERE id = '{}'", live.id);
    database.superuser().await.batch_execute(&gone).await.unwrap();
    assert_eq!((told(of("plan-delete").await).0, told(of("account-delete").await).0), (204, 204));
    assert_eq!((told(of("plan-get").await).0, told(of("account-get").await).0, told(of("plan-delete").await).0), (404, 404, 404));
    let (_, deployments) = told(of("deployment-list").await);
    assert_eq!(deployments["items"][0]["id"], json!(live.id), "what was deployed stays in the list");
    let deploy = store.deploy(&deed(&me), &plan, &account.id, &plan.plan).await;
    assert!(matches!(deploy, Err(store::Error::NotFound)), "a deleted plan can't be deployed");
    let body = json!({"provider": "aws", "account_id": "222222222222", "region": "ca-central-1"}).to_string();
    let again = told(call("account-create", &store, event(Some(&me), &json!({}), &json!({}), Some(&body))).await);
    assert_eq!(again.0, 201, "an account that was unlinked can be linked again");
}

#[tokio::test]
async fn a_list_is_read_page_by_page_while_rows_are_added() {
    let database = Database::fresh().await;
    let (store, me) = (database.store(), user());
    let add = async || store.create_plan(&deed(&me), &domain::PlanId::generate(), &testkit::plan()).await.unwrap().id.to_string();
    let mut made = Vec::new();
    for _ in 0..7 {
        made.push(add().await);
    }
    made.reverse();
    let (mut seen, mut cursor) = (Vec::new(), None);
    loop {
        let query = cursor.map_or_else(|| json!({"limit": "3"}), |cursor: String| json!({"limit": "3", "cursor": cursor}));
        let (status, page) = told(call("plan-list", &store, event(Some(&me), &json!({}), &query, None)).await);
        assert_eq!(status, 200);
        seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        add().await;
        match page["next_cursor"].as_str() {
            Some(next) => cursor = Some(next.to_owned()),
            None => break,
        }
    }
    assert_eq!(seen, made, "each once, newest first, and none that came later");
}

#[tokio::test]
async fn a_deploy_under_way_can_be_cancelled_and_one_that_runs_can_not() {
    let database = Database::fresh().await;
    let (store, me) = (database.store(), user());
    let (account, plan) = account_and_plan(&store, &me).await;
    let live = store.deploy(&deed(&me), &plan, &account.id, &plan.plan).await.unwrap().deployment;
    let path = json!({"deployment_id": live.id});
    let cancel = || call("deployment-cancel", &store, event(Some(&me), &path, &json!({}), None));
    let (status, answer) = told(cancel().await);
    assert_eq!((status, answer["status"].as_str()), (202, Some("cancelling")));
    assert_eq!(told(cancel().await).0, 202, "the second click changes nothing");
    database.superuser().await.batch_execute("UPDATE deployment SET status = 'running'").await.unwrap();
    let (status, answer) = told(cancel().await);
    assert_eq!((status, answer["code"].as_str()), (409, Some("nothing_under_way")));
}

#[tokio::test]
async fn hostile_names_come_back_unharmed_or_are_refused_by_their_pointer() {
    let database = Database::fresh().await;
    let (store, me) = (database.store(), user());
    let long = "n".repeat(10_000);
    let widest = "\u{1f418}".repeat(63);
    let names = [
        ("O'Brien; DROP TABLE plan; --", true),
        ("$(reboot) `id` ${HOME} %s {{7*7}} <script>", true),
        ("../../etc/passwd", true),
        ("\u{202e}txet \u{200f}\u{1f418}\u{0301}", true),
        ("\"quoted\" \\ back", true),
        (widest.as_str(), true),
        ("with\nline", false),
        ("with\u{0}nul", false),
        (long.as_str(), false),
        ("   ", false),
        ("", false),
    ];
    for (name, fine) in names {
        let short = json!({"name": name, "os": "linux", "hardware": {}, "db": {}});
        let (status, made) = told(call("plan-create", &store, event(Some(&me), &json!({}), &json!({}), Some(&short.to_string()))).await);
        let account = json!({"provider": "aws", "account_id": "222222222222", "region": "ca-central-1", "name": name});
        let (linked, answer) =
            told(call("account-create", &store, event(Some(&user()), &json!({}), &json!({}), Some(&account.to_string()))).await);
        if fine {
            let path = json!({"plan_id": made["id"]});
            let (_, read) = told(call("plan-get", &store, event(Some(&me), &path, &json!({}), None)).await);
            assert_eq!((status, &read["name"], &read["plan"]["name"]), (201, &json!(name), &json!(name)));
            assert_eq!((linked, &answer["name"]), (201, &json!(name)));
        } else {
            assert_eq!((status, made["errors"][0]["pointer"].as_str()), (400, Some("/name")), "{name:?}: {made}");
            let blank = name.trim().is_empty() && !name.is_empty();
            assert!(linked == 400 || blank, "{name:?}: {answer}");
        }
    }
    for database_name in ["shop\"; DROP DATABASE x", "sh op", "$(id)", "sh\nop", "Shop", "postgres"] {
        let body = json!({"os": "linux", "hardware": {}, "db": {"name": database_name}}).to_string();
        let (status, answer) = told(call("plan-create", &store, event(Some(&me), &json!({}), &json!({}), Some(&body))).await);
        assert_eq!((status, answer["errors"][0]["pointer"].as_str()), (400, Some("/db/name")), "{database_name:?}: {answer}");
    }
}
