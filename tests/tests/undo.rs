//! A destroy through the routes, and the way back from it.

use cloudsail_tests::routes::{call, event, told};
use serde_json::{Value, json};
use testkit::{Database, account_and_plan, deed, user};

#[tokio::test]
async fn a_destroy_can_be_undone_for_a_day_unless_it_shall_be_now() {
    let database = Database::fresh().await;
    let (store, me) = (database.store(), user());
    let (account, row) = account_and_plan(&store, &me).await;
    let id = store.deploy(&deed(&me), &row, &account.id, &row.plan).await.unwrap().deployment.id;
    database.superuser().await.batch_execute("UPDATE deployment SET status = 'running', last_ok_at = now()").await.unwrap();
    let of_it = json!({"deployment_id": id});
    let ask = async |route: &str, path: &Value, query: Value| told(call(route, &store, event(Some(&me), path, &query, None)).await);
    let (status, answer) = ask("deployment-undelete", &of_it, json!({})).await;
    assert_eq!((status, answer["code"].as_str()), (409, Some("nothing_to_undo")));
    let (status, answer) = ask("deployment-delete", &of_it, json!({"now": "later"})).await;
    assert_eq!((status, answer["errors"][0]["pointer"].as_str()), (400, Some("?now")));

    let (_, stopping) = ask("deployment-delete", &of_it, json!({})).await;
    assert_eq!(stopping["status"], "destroying");
    let stored = store.deployment(&me, &id).await.unwrap();
    assert_eq!(stored.destroy_at.unwrap().as_second() - stored.updated_at.as_second(), 24 * 3600);
    assert_eq!(stopping["destroy_at"], stored.destroy_at.unwrap().to_string());
    let (status, refused) = ask("plan-deploy", &json!({"plan_id": row.id}), json!({})).await;
    assert_eq!((status, refused["code"].as_str()), (409, Some("destroying")));
    let remedy = refused["detail"].as_str().unwrap();
    assert!(remedy.contains(&format!("{id}/undelete")) && remedy.contains(&format!("{id}?now=true")), "{remedy}");
    assert_eq!(ask("plan-delete", &json!({"plan_id": row.id}), json!({})).await.0, 409);
    assert_eq!(ask("account-delete", &json!({"account_id": account.id}), json!({})).await.0, 409);

    let (status, back) = ask("deployment-undelete", &of_it, json!({})).await;
    assert_eq!((status, &back["status"], &back["destroy_at"]), (202, &json!("changing"), &Value::Null));
    ask("deployment-delete", &of_it, json!({})).await;
    let (_, now) = ask("deployment-delete", &of_it, json!({"now": "true"})).await;
    assert_eq!((&now["status"], &now["destroy_at"]), (&json!("destroying"), &Value::Null));
    assert_eq!(ask("deployment-undelete", &of_it, json!({})).await.0, 409, "it is too late");
    let (status, refused) = ask("plan-deploy", &json!({"plan_id": row.id}), json!({})).await;
    assert!(status == 409 && !refused["detail"].as_str().unwrap().contains("undelete"), "{refused}");
    let actions: Vec<_> = store.audit_lines(&me, 4, None, None).await.unwrap().into_iter().map(|line| line.action).collect();
    assert_eq!(actions, ["deployment-delete", "deployment-delete", "deployment-undelete", "deployment-delete"]);
}
