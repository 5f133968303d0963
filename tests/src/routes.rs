//! The routes' handlers, called as API Gateway would: from its recorded event, on a store of the test's own.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop where it stands")]

use clouds::aws::Connector;
use domain::UserId;
use http_api::{Error, Request, Response, finish};
use knowledge::Knowledge;
use platform::identity::Identity;
use platform::objects::Bucket;
use platform::page::Page;
use platform::queue::Queue;
use platform::sockets::Sockets;
use serde_json::{Value, json};
use std::time::Duration;
use store::Store;

/// A request as API Gateway sends it, payload format 2.0.
pub const EVENT: &str = include_str!("../fixtures/api-gateway-v2.json");

/// The recorded event with another caller, path parameters, query and body.
#[must_use]
pub fn event(caller: Option<&UserId>, path: &Value, query: &Value, body: Option<&str>) -> Request {
    event_with("GET", caller, path, query, body, &[])
}

/// The same, with a method and headers.
///
/// # Panics
/// If a parameter of the query is not text.
#[must_use]
pub fn event_with(
    method: &str,
    caller: Option<&UserId>,
    path: &Value,
    query: &Value,
    body: Option<&str>,
    headers: &[(&str, &str)],
) -> Request {
    let mut event: Value = serde_json::from_str(EVENT).unwrap();
    event["requestContext"]["http"]["method"] = json!(method.to_uppercase());
    match caller {
        Some(user) => event["requestContext"]["authorizer"]["jwt"]["claims"]["sub"] = json!(user.as_str()),
        None => event["requestContext"]["authorizer"] = Value::Null,
    }
    event["pathParameters"] = path.clone();
    event["queryStringParameters"] = query.clone();
    let pairs: Vec<_> = query.as_object().unwrap().iter().map(|(name, value)| format!("{name}={}", value.as_str().unwrap())).collect();
    event["rawQueryString"] = json!(pairs.join("&"));
    event["body"] = body.map_or(Value::Null, |body| json!(body));
    for (name, value) in headers {
        event["headers"][name] = json!(value);
    }
    Request::from_event(&event.to_string()).unwrap()
}

/// AWS where nobody answers: what a queue should have sent stays in the outbox, and the user pool is 503.
pub(crate) fn nobody() -> aws_config::SdkConfig {
    let credentials = aws_sdk_sqs::config::Credentials::new("a", "b", None, None, "test");
    aws_config::SdkConfig::builder()
        .behavior_version(aws_config::BehaviorVersion::latest())
        .region(aws_config::Region::new("ca-central-1"))
        .endpoint_url("http://127.0.0.1:1")
        .retry_config(aws_config::retry::RetryConfig::disabled())
        .credentials_provider(aws_sdk_sqs::config::SharedCredentialsProvider::new(credentials))
        .build()
}

fn queue() -> Queue {
    Queue::new(&nobody(), "http://127.0.0.1:1/queue".to_owned())
}

fn sockets() -> Sockets {
    Sockets::new(&nobody(), "http://127.0.0.1:1/v1")
}

/// As one customer's account may be called.
const CALLS: config::Rate = config::Rate { per_second: 20.0, burst: 100.0 };

fn connector() -> Connector {
    Connector::new(nobody())
}

fn identity() -> Identity {
    Identity::new(&nobody(), "client".to_owned())
}

fn page() -> Page {
    Page::new("http://127.0.0.1:1", "client".to_owned())
}

/// What the caller gets: the status, and the body as JSON.
///
/// # Panics
/// If the body is not JSON.
#[must_use]
pub fn told(result: Result<Response, Error>) -> (u16, Value) {
    let response = finish(result, "req-1".to_owned());
    (response.status, response.body.map_or(Value::Null, |(_, text)| serde_json::from_str(&text).unwrap()))
}

/// Calls a route by the name of its folder.
///
/// # Errors
/// Those of the handler.
///
/// # Panics
/// If the route is not known here, or no Redis is named by the environment.
pub async fn call(route: &str, store: &Store, request: Request) -> Result<Response, Error> {
    let store = store.clone();
    let control = config::ControlPlane { account_id: "000000000000".to_owned() };
    let cache = cache::Cache::new(config::Cache::from_env().unwrap());
    match route {
        "account-create" => account_create::handle(&account_create::Deps { store, control }, request).await,
        "account-delete" => account_delete::handle(&account_delete::Deps { store }, request).await,
        "account-get" => account_get::handle(&account_get::Deps { store, control }, request).await,
        "account-list" => account_list::handle(&account_list::Deps { store }, request).await,
        "account-quick-create" => {
            let bucket = Bucket::new(&nobody(), "media".to_owned(), "ca-central-1".to_owned());
            account_quick_create::handle(&account_quick_create::Deps { store, control, bucket }, request).await
        }
        "account-reconcile" => {
            let reconcile = config::Reconcile { grace: std::time::Duration::ZERO };
            let deps = account_reconcile::Deps {
                knowledge: Knowledge::built_in().clone(),
                store,
                connector: connector(),
                reconcile,
                calls: CALLS,
            };
            account_reconcile::handle(&deps, request).await
        }
        "account-verify" => account_verify::handle(&account_verify::Deps { store, connector: connector(), calls: CALLS }, request).await,
        "audit-list" => audit_list::handle(&audit_list::Deps { store }, request).await,
        "catalogue-get" => catalogue_get::handle(&catalogue_get::Deps { knowledge: Knowledge::built_in().clone(), cache }, request).await,
        "change-list" => change_list::handle(&change_list::Deps { store }, request).await,
        "plan-create" => {
            let deps = plan_create::Deps { knowledge: Knowledge::built_in().clone(), store, cache, sockets: sockets() };
            plan_create::handle(&deps, request).await
        }
        "plan-delete" => plan_delete::handle(&plan_delete::Deps { store, cache, sockets: sockets() }, request).await,
        "plan-export" => plan_export::handle(&plan_export::Deps { knowledge: Knowledge::built_in().clone(), store }, request).await,
        "plan-get" => plan_get::handle(&plan_get::Deps { store }, request).await,
        "plan-list" => plan_list::handle(&plan_list::Deps { store, cache }, request).await,
        "plan-update" => {
            let deps = plan_update::Deps { knowledge: Knowledge::built_in().clone(), store, cache, sockets: sockets() };
            plan_update::handle(&deps, request).await
        }
        "plan-preview" => {
            plan_preview::handle(
                &plan_preview::Deps { knowledge: Knowledge::built_in().clone(), store, connector: connector(), calls: CALLS },
                request,
            )
            .await
        }
        "plan-deploy" => {
            let deps = plan_deploy::Deps { knowledge: Knowledge::built_in().clone(), store, queue: queue(), cache };
            plan_deploy::handle(&deps, request).await
        }
        "deployment-cancel" => deployment_cancel::handle(&deployment_cancel::Deps { store, queue: queue(), cache }, request).await,
        "deployment-get" => deployment_get::handle(&deployment_get::Deps { store }, request).await,
        "deployment-list" => deployment_list::handle(&deployment_list::Deps { store }, request).await,
        "deployment-events" => deployment_events::handle(&deployment_events::Deps { store }, request).await,
        "deployment-connection" => deployment_connection::handle(&deployment_connection::Deps { store }, request).await,
        "deployment-connection-reveal" => {
            deployment_connection_reveal::handle(&deployment_connection_reveal::Deps { store, connector: connector() }, request).await
        }
        "deployment-delete" => {
            let deps = deployment_delete::Deps { store, queue: queue(), cache, window: Duration::from_secs(24 * 3600) };
            deployment_delete::handle(&deps, request).await
        }
        "deployment-undelete" => deployment_undelete::handle(&deployment_undelete::Deps { store, queue: queue(), cache }, request).await,
        "socket-ticket" => {
            let address = config::SocketAddress { url: "wss://socket.example/v1".to_owned() };
            socket_ticket::handle(&socket_ticket::Deps { store, address }, request).await
        }
        "me-delete" => me_delete::handle(&me_delete::Deps { store, identity: identity() }, request).await,
        "auth-code" => auth_code::handle(&auth_code::Deps { page: Some(page()), days: 30 }, request).await,
        "auth-confirm" => auth_confirm::handle(&auth_confirm::Deps { identity: identity() }, request).await,
        "auth-forgot" => auth_forgot::handle(&auth_forgot::Deps { identity: identity() }, request).await,
        "auth-refresh" => auth_refresh::handle(&auth_refresh::Deps { identity: identity(), days: 30 }, request).await,
        "auth-resend" => auth_resend::handle(&auth_resend::Deps { identity: identity() }, request).await,
        "auth-reset" => auth_reset::handle(&auth_reset::Deps { identity: identity() }, request).await,
        "auth-sign-in" => auth_sign_in::handle(&auth_sign_in::Deps { identity: identity(), days: 30 }, request).await,
        "auth-sign-out" => auth_sign_out::handle(&auth_sign_out::Deps { identity: identity() }, request).await,
        "auth-sign-out-everywhere" => {
            let deps = auth_sign_out_everywhere::Deps { store, identity: identity() };
            auth_sign_out_everywhere::handle(&deps, request).await
        }
        "auth-sign-up" => auth_sign_up::handle(&auth_sign_up::Deps { identity: identity() }, request).await,
        other => panic!("{other} can't be called here yet: add it, and to USER_ROUTES if it needs sign-in"),
    }
}

/// Every route that needs somebody to be signed in, all but `me`, which reads nothing of anybody's: it answers for the token's own user.
pub const USER_ROUTES: [&str; 29] = [
    "account-create",
    "account-delete",
    "account-get",
    "account-list",
    "account-quick-create",
    "account-reconcile",
    "account-verify",
    "audit-list",
    "auth-sign-out-everywhere",
    "catalogue-get",
    "change-list",
    "me-delete",
    "plan-create",
    "plan-delete",
    "plan-export",
    "plan-get",
    "plan-list",
    "plan-update",
    "plan-deploy",
    "plan-preview",
    "deployment-cancel",
    "deployment-get",
    "deployment-list",
    "deployment-events",
    "deployment-connection",
    "deployment-connection-reveal",
    "deployment-delete",
    "deployment-undelete",
    "socket-ticket",
];
