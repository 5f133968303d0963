//! The handlers of linked accounts, on a real PostgreSQL behind PgBouncer.

use cloudsail_tests::routes::{call, event, told};
use jiff::Timestamp;
use serde_json::{Value, json};
use std::time::Duration;
use store::{Finding, Reconciliation};
use testkit::{Database, account_and_plan, deed, user};

#[tokio::test]
async fn an_account_can_be_linked_again_until_it_works() {
    let database = Database::fresh().await;
    let (store, me) = (database.store(), user());
    let body = json!({"provider": "aws", "account_id": "222222222222", "region": "ca-central-1"}).to_string();
    let link = || call("account-create", &store, event(Some(&me), &json!({}), &json!({}), Some(&body)));
    let (status, first) = told(link().await);
    assert_eq!(status, 201);
    let (status, again) = told(link().await);
    assert_eq!((status, &again["external_id"], again["template"].is_object()), (200, &first["external_id"], true));
    store
        .set_account_verified(
            &deed(&me),
            &first["id"].as_str().unwrap().parse().unwrap(),
            "arn:aws:iam::222222222222:role/cloudsail/CloudsailMonitor",
        )
        .await
        .unwrap();
    assert_eq!(told(link().await).1["code"], "account_linked");
}

#[tokio::test]
async fn an_account_from_before_the_monitoring_role_is_told_to_verify_again() {
    let database = Database::fresh().await;
    let (store, me) = (database.store(), user());
    let (account, row) = account_and_plan(&store, &me).await;
    let sql = format!("UPDATE account SET monitor_role_arn = NULL WHERE id = '{}'", account.id);
    database.superuser().await.batch_execute(&sql).await.unwrap();
    let path = json!({"plan_id": row.id, "account_id": account.id});
    let (status, preview) = told(call("plan-preview", &store, event(Some(&me), &path, &json!({}), None)).await);
    let problem = &preview["problems"][0];
    assert_eq!((status, problem["code"].as_str(), problem["pointer"].as_str()), (200, Some("permission"), Some("/cloud/account")));
    assert!(problem["message"].as_str().unwrap().contains("verify the account"), "{problem}");
    let (_, account) = told(call("account-get", &store, event(Some(&me), &path, &json!({}), None)).await);
    let forms = ["template", "template_terraform", "template_cli"].map(|form| account[form].to_string());
    assert!(forms.iter().all(|form| form.contains("CloudsailMonitor-")), "every form makes the role");
}

/// What GET answers of the account.
async fn shown(store: &store::Store, me: &domain::UserId, id: &domain::AccountId) -> Value {
    told(call("account-get", store, event(Some(me), &json!({"account_id": id}), &json!({}), None)).await).1["strays"].clone()
}

#[tokio::test]
async fn strays_are_a_figure_of_the_account_once_it_was_looked_through() {
    let database = Database::fresh().await;
    let (store, me) = (database.store(), user());
    let (account, _) = account_and_plan(&store, &me).await;
    let before = shown(&store, &me, &account.id).await;
    assert_eq!((&before["count"], &before["checked_at"], &before["items"]), (&Value::Null, &Value::Null, &json!([])));

    let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
    let none = Reconciliation { checked_at: Some(now), monthly_cost: "0.00".into(), currency: "USD".into(), ..Reconciliation::default() };
    store.reconciled(&account.id, &none, Duration::ZERO).await.unwrap();
    assert_eq!(shown(&store, &me, &account.id).await["count"], 0);

    let stray = Finding {
        kind: "volume".into(),
        id: "vol-1".into(),
        name: "cloudsail-1".into(),
        deployment: None,
        region: Some("ca-central-1".into()),
        created_at: Some("2026-11-21T10:00:00Z".parse().unwrap()),
        monthly_cost: Some("1.60".into()),
        why: "left behind".into(),
    };
    let one = Reconciliation { count: 1, monthly_cost: "1.60".into(), strays: vec![stray], ..none };
    store.reconciled(&account.id, &one, Duration::ZERO).await.unwrap();
    let found = shown(&store, &me, &account.id).await;
    assert_eq!((&found["count"], &found["monthly_cost"], &found["items"][0]["age_s"]), (&json!(1), &json!("1.60"), &json!(7200)));
    let (_, list) = told(call("account-list", &store, event(Some(&me), &json!({}), &json!({}), None)).await);
    assert_eq!(list["items"][0]["strays"], found, "the list says the same");
}

#[tokio::test]
async fn an_account_that_can_not_be_entered_says_so_and_what_to_do() {
    let database = Database::fresh().await;
    let (store, me) = (database.store(), user());
    let (account, _) = account_and_plan(&store, &me).await;
    let ask = || call("account-reconcile", &store, event(Some(&me), &json!({"account_id": account.id}), &json!({}), None));
    // Nobody answers where the tests' AWS should be.
    assert_eq!(told(ask().await).0, 503);
    let found = shown(&store, &me, &account.id).await;
    assert!(found["count"].is_null() && found["problem"].as_str().unwrap().contains("sts:AssumeRole got no answer"), "{found}");

    store.set_account_failed(&deed(&me), &account.id, "no role").await.unwrap();
    let (status, answer) = told(ask().await);
    assert_eq!((status, answer["code"].as_str()), (409, Some("account_unusable")));
    assert!(answer["detail"].as_str().unwrap().contains(&format!("/v1/account/{}/verify", account.id)), "{answer}");
    let stranger = event(Some(&user()), &json!({"account_id": account.id}), &json!({}), None);
    assert_eq!(told(call("account-reconcile", &store, stranger).await).0, 404);
}

#[tokio::test]
async fn the_sweep_takes_each_account_once_and_goes_on_after_one_that_can_not_be_entered() {
    let database = Database::fresh().await;
    let store = database.store();
    let mut accounts = Vec::new();
    for _ in 0..20 {
        let me = user();
        let (account, _) = account_and_plan(&store, &me).await;
        accounts.push((me, account.id));
    }
    let deps = account_sweep::Deps {
        knowledge: knowledge::Knowledge::built_in().clone(),
        store: store.clone(),
        connector: clouds::aws::Connector::new(
            aws_config::SdkConfig::builder().behavior_version(aws_config::BehaviorVersion::latest()).build(),
        ),
        reconcile: config::Reconcile { grace: Duration::ZERO },
        calls: testkit::TERMS.calls,
    };
    let sweep = async || {
        let event = lambda_runtime::LambdaEvent::new(json!({}), lambda_runtime::Context::default());
        account_sweep::handle(&deps, event).await.unwrap()
    };
    assert_eq!(sweep().await, json!({"looked": 0, "failed": 20}));
    for (me, id) in &accounts {
        assert!(shown(&store, me, id).await["problem"].is_string());
    }
    assert_eq!(sweep().await, json!({"looked": 0, "failed": 0}), "their next turns are in an hour");
}

#[tokio::test]
async fn a_plan_whose_account_was_unlinked_says_so_and_what_to_do() {
    let database = Database::fresh().await;
    let (store, me) = (database.store(), user());
    let (account, _) = account_and_plan(&store, &me).await;
    let body = json!({"os": "linux", "hardware": {}, "db": {}}).to_string();
    let (_, plan) = told(call("plan-create", &store, event(Some(&me), &json!({}), &json!({}), Some(&body))).await);
    assert_eq!(plan["plan"]["cloud"]["account"], json!(account.id), "a plan names the account that it is made for");
    store.remove_account(&deed(&me), &account.id).await.unwrap();
    for route in ["plan-preview", "plan-deploy"] {
        let (status, answer) = told(call(route, &store, event(Some(&me), &json!({"plan_id": plan["id"]}), &json!({}), None)).await);
        assert_eq!((status, answer["errors"][0]["pointer"].as_str()), (400, Some("/cloud/account")), "{route}: {answer}");
        assert!(answer["errors"][0]["message"].as_str().unwrap().contains("was unlinked since: choose one"), "{route}: {answer}");
    }
}
