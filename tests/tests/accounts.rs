//! The handlers of linked accounts, on a real PostgreSQL behind PgBouncer.

use cloudsail_tests::routes::{call, event, told};
use serde_json::json;
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
