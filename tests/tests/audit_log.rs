//! The audit log through the routes: what a person did is in it, with the request that did it, and they alone read it.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop where it stands")]

use cloudsail_tests::routes::{USER_ROUTES, call, event, event_with, told};
use domain::UserId;
use serde_json::{Value, json};
use store::Store;
use testkit::{Database, account_and_plan, user};

async fn page(store: &Store, person: &UserId, query: Value) -> Value {
    let (status, page) = told(call("audit-list", store, event(Some(person), &json!({}), &query, None)).await);
    assert_eq!(status, 200, "{page}");
    page
}

fn each(page: &Value, key: &str) -> Vec<String> {
    page["items"].as_array().unwrap().iter().map(|item| item[key].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn what_a_person_does_through_the_routes_is_in_their_log() {
    let database = Database::fresh().await;
    let (store, me, stranger) = (database.store(), user(), user());
    let (account, plan) = account_and_plan(&store, &me).await;
    let ask = async |route: &str, path: Value, body: Option<Value>| {
        let body = body.map(|body| body.to_string());
        told(call(route, &store, event_with("POST", Some(&me), &path, &json!({}), body.as_deref(), &[("if-match", "\"1\"")])).await)
    };
    let of_plan = || json!({"plan_id": plan.id});
    let (status, changed) = ask("plan-update", of_plan(), Some(serde_json::to_value(&plan.plan).unwrap())).await;
    assert_eq!(status, 200, "{changed}");
    let (_, live) = ask("plan-deploy", of_plan(), None).await;
    let of_live = || json!({"deployment_id": live["id"]});
    assert_eq!(ask("deployment-connection-reveal", of_live(), None).await.0, 409, "it is not up yet");
    assert_eq!(ask("plan-delete", of_plan(), None).await.0, 409);
    ask("deployment-cancel", of_live(), None).await;
    ask("deployment-delete", of_live(), None).await;
    database.superuser().await.batch_execute("UPDATE deployment SET status = 'not_deployed', destroyed_at = now()").await.unwrap();
    assert_eq!(ask("deployment-delete", of_live(), None).await.0, 200);
    assert_eq!(ask("plan-delete", of_plan(), None).await.0, 204);
    assert_eq!(ask("account-delete", json!({"account_id": account.id}), None).await.0, 204);
    let (_, short) = ask("plan-create", json!({}), Some(json!({"os": "linux", "hardware": {}, "db": {}}))).await;
    let link = json!({"provider": "aws", "account_id": "222222222222", "region": "ca-central-1"});
    ask("account-create", json!({}), Some(link)).await;

    let log = page(&store, &me, json!({"limit": "8"})).await;
    let expected = [
        "account-create",
        "plan-create",
        "account-delete",
        "plan-delete",
        "deployment-delete",
        "deployment-cancel",
        "plan-deploy",
        "plan-update",
    ];
    assert_eq!(each(&log, "action"), expected);
    assert!(each(&log, "action").iter().all(|action| USER_ROUTES.contains(&action.as_str())), "an action is a route's name");
    assert_eq!(each(&log, "subject")[1], short["id"].as_str().unwrap());
    // As the recorded event has them.
    assert!(each(&log, "request_id").iter().all(|id| id == "req-1") && each(&log, "address").iter().all(|from| from == "203.0.113.7"));
    let rest = page(&store, &me, json!({"cursor": log["next_cursor"]})).await;
    assert_eq!(
        (each(&rest, "action"), &rest["next_cursor"]),
        (["plan-create", "account-verify", "account-create"].map(str::to_owned).to_vec(), &Value::Null)
    );
    let of_one = page(&store, &me, json!({"subject": live["id"]})).await;
    assert_eq!(each(&of_one, "action"), ["deployment-delete", "deployment-cancel", "plan-deploy"]);
    assert_eq!(page(&store, &stranger, json!({"subject": live["id"]})).await["items"], json!([]));
}

#[tokio::test]
async fn a_subject_or_a_cursor_of_no_such_kind_is_named() {
    let database = Database::fresh().await;
    let (store, me) = (database.store(), user());
    for (name, value) in [("subject", "evt_01a2000bedba77dc86d084ededba562e"), ("subject", ""), ("cursor", "0"), ("cursor", "-1")] {
        let (status, answer) = told(call("audit-list", &store, event(Some(&me), &json!({}), &json!({name: value}), None)).await);
        assert_eq!((status, &answer["errors"][0]["pointer"]), (400, &json!(format!("?{name}"))), "{value}: {answer}");
    }
}
