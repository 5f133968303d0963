//! Who is signed in, by the routes' handlers against a user pool that spends and revokes tokens.
#![expect(clippy::unwrap_used, reason = "a test that can't go on should stop where it stands")]

use cloudsail_tests::routes::{EVENT, call, event, told};
use cloudsail_tests::user_pool::{EMAIL, PASSWORD, UserPool, VERIFIER};
use http_api::{Request, Response, finish};
use serde_json::{Value, json};
use testkit::{Database, account_and_plan, deed, user};

/// A POST, with what a browser adds to it.
fn post(body: &Value, cookie: Option<&str>) -> Request {
    request(body, cookie, "application/json")
}

fn request(body: &Value, cookie: Option<&str>, kind: &str) -> Request {
    let mut event: Value = serde_json::from_str(EVENT).unwrap();
    event["requestContext"]["http"]["method"] = json!("POST");
    event["headers"]["content-type"] = json!(kind);
    event["body"] = json!(body.to_string());
    if let Some(cookie) = cookie {
        event["cookies"] = json!(["theme=dark", cookie]);
    }
    Request::from_event(&event.to_string()).unwrap()
}

/// As a browser keeps it: name and value alone, or nothing where it was told to forget.
fn cookie(response: &Response) -> Option<String> {
    let set = response.header("set-cookie")?;
    let rules = ["HttpOnly", "Secure", "SameSite=Strict", "Path=/"];
    assert!(set.starts_with("__Host-refresh=") && rules.iter().all(|rule| set.split("; ").any(|part| part == *rule)), "{set}");
    assert!(!set.contains("Domain"), "{set}");
    let lives = set.split("; ").find_map(|part| part.strip_prefix("Max-Age=")).unwrap();
    set.split(';').next().filter(|_| lives == "2592000").map(str::to_owned)
}

fn json_of(response: &Response) -> Value {
    response.body.as_ref().map_or(Value::Null, |(_, text)| serde_json::from_str(text).unwrap())
}

struct Auth(UserPool);

impl Auth {
    async fn sign_in(&self, cookie: bool) -> Response {
        let deps = auth_sign_in::Deps { identity: self.0.identity(), days: 30 };
        let body = json!({"email": EMAIL, "password": PASSWORD, "cookie": cookie});
        finish(auth_sign_in::handle(&deps, post(&body, None)).await, "req-1".to_owned())
    }

    /// By a code of the pool's page that was asked for with this challenge.
    async fn by_code(&self, challenge: &str, verifier: &str, cookie: bool) -> Response {
        const BACK: &str = "https://cloudsail.example.com/sign-in/google";
        self.0.state().given.insert("a-code".to_owned(), (challenge.to_owned(), BACK.to_owned()));
        self.trade(json!({"code": "a-code", "verifier": verifier, "redirect_uri": BACK, "cookie": cookie})).await
    }

    async fn trade(&self, body: Value) -> Response {
        let deps = auth_code::Deps { page: Some(self.0.page()), days: 30 };
        finish(auth_code::handle(&deps, post(&body, None)).await, "req-1".to_owned())
    }

    async fn refresh(&self, request: Request) -> Response {
        let deps = auth_refresh::Deps { identity: self.0.identity(), days: 30 };
        finish(auth_refresh::handle(&deps, request).await, "req-1".to_owned())
    }

    async fn sign_out(&self, request: Request) -> Response {
        let deps = auth_sign_out::Deps { identity: self.0.identity() };
        finish(auth_sign_out::handle(&deps, request).await, "req-1".to_owned())
    }
}

#[tokio::test]
async fn a_page_is_given_the_refresh_token_where_no_script_reads_it() {
    let auth = Auth(UserPool::default());
    let signed_in = auth.sign_in(true).await;
    let first = cookie(&signed_in).unwrap();
    let said = json_of(&signed_in);
    assert_eq!((signed_in.status, &said["access_token"], said.get("refresh_token")), (200, &json!("access-1"), None));

    let renewed = auth.refresh(post(&json!({}), Some(&first))).await;
    let second = cookie(&renewed).unwrap();
    let said = json_of(&renewed);
    assert_eq!((renewed.status, &said["access_token"], said.get("refresh_token")), (200, &json!("access-2"), None));
    assert_ne!(second, first, "the token is spent, and the next one kept");
    assert_eq!(auth.refresh(post(&json!({}), Some(&first))).await.status, 401);

    let out = auth.sign_out(post(&json!({}), Some(&second))).await;
    assert_eq!((out.status, out.header("set-cookie").is_some(), cookie(&out)), (204, true, None), "the browser forgets it");
    assert_eq!(auth.refresh(post(&json!({}), Some(&second))).await.status, 401, "and a copy of it is worth nothing");
}

#[tokio::test]
async fn who_asks_for_no_cookie_gets_the_token_in_the_body_and_no_cookie() {
    let auth = Auth(UserPool::default());
    let signed_in = auth.sign_in(false).await;
    let token = json_of(&signed_in)["refresh_token"].clone();
    assert_eq!((&token, signed_in.header("set-cookie")), (&json!("refresh-1"), None));
    let renewed = auth.refresh(post(&json!({"refresh_token": token}), None)).await;
    assert_eq!((&json_of(&renewed)["refresh_token"], renewed.header("set-cookie")), (&json!("refresh-2"), None));
    let out = auth.sign_out(post(&json!({"refresh_token": "refresh-2"}), None)).await;
    assert_eq!((out.status, out.header("set-cookie")), (204, None));
}

#[tokio::test]
async fn what_another_sites_form_could_send_is_refused() {
    let auth = Auth(UserPool::default());
    let kept = cookie(&auth.sign_in(true).await).unwrap();
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "text/plain; application/json", ""] {
        for answer in
            [auth.refresh(request(&json!({}), Some(&kept), kind)).await, auth.sign_out(request(&json!({}), Some(&kept), kind)).await]
        {
            let pointer = json_of(&answer)["errors"][0]["pointer"].clone();
            assert_eq!((answer.status, pointer, answer.header("set-cookie")), (400, json!("Content-Type"), None), "{kind}");
        }
    }
    assert_eq!(auth.refresh(request(&json!({}), Some(&kept), "Application/JSON; charset=utf-8")).await.status, 200, "nothing was spent");
}

#[tokio::test]
async fn without_a_token_in_body_or_cookie_nobody_is_signed_in() {
    let auth = Auth(UserPool::default());
    for cookie in [None, Some("__Host-refresh="), Some("refresh=refresh-1"), Some("__Host-refresh=a\u{e9}")] {
        assert_eq!(auth.refresh(post(&json!({}), cookie)).await.status, 401, "{cookie:?}");
        assert_eq!(auth.sign_out(post(&json!({}), cookie)).await.status, 401, "{cookie:?}");
    }
}

/// A request of the person with that access token.
fn with_token(method: &str, token: &str) -> Request {
    let mut event: Value = serde_json::from_str(EVENT).unwrap();
    event["requestContext"]["http"]["method"] = json!(method);
    event["headers"]["authorization"] = json!(format!("Bearer {token}"));
    Request::from_event(&event.to_string()).unwrap()
}

#[tokio::test]
async fn signing_out_everywhere_ends_every_session_and_is_noted() {
    let database = Database::fresh().await;
    let auth = Auth(UserPool::default());
    let (page, command_line) = (cookie(&auth.sign_in(true).await).unwrap(), json_of(&auth.sign_in(false).await));
    let token = command_line["access_token"].as_str().unwrap();
    let deps = auth_sign_out_everywhere::Deps { store: database.store(), identity: auth.0.identity() };
    let everywhere = async || finish(auth_sign_out_everywhere::handle(&deps, with_token("POST", token)).await, "req-1".to_owned());
    let out = everywhere().await;
    assert_eq!((out.status, cookie(&out)), (204, None));
    assert_eq!(auth.refresh(post(&json!({}), Some(&page))).await.status, 401);
    assert_eq!(auth.refresh(post(&json!({"refresh_token": command_line["refresh_token"]}), None)).await.status, 401);
    assert_eq!(everywhere().await.status, 401, "the token that did it was ended too");

    let me = domain::UserId("SUB".to_owned());
    let (_, log) = told(call("audit-list", &database.store(), event(Some(&me), &json!({}), &json!({}), None)).await);
    let line = &log["items"][0];
    assert_eq!(
        (&line["action"], &line["subject"], &line["address"]),
        (&json!("auth-sign-out-everywhere"), &json!("SUB"), &json!("203.0.113.7"))
    );
    let (_, others) = told(call("audit-list", &database.store(), event(Some(&user()), &json!({}), &json!({}), None)).await);
    assert_eq!(others["items"], json!([]));
}

#[tokio::test]
async fn who_is_signed_in_is_told_since_when() {
    let auth = Auth(UserPool::default());
    let token = auth.0.state().access_token();
    let deps = me::Deps { identity: auth.0.identity() };
    let (status, said) = told(me::handle(&deps, with_token("GET", &token)).await);
    assert_eq!((status, said), (200, json!({"id": "SUB", "email": EMAIL, "signed_in_at": "2026-11-21T05:00:00Z"})));
}

#[tokio::test]
async fn a_code_is_sent_again_and_the_answer_tells_nothing_of_who_has_an_account() {
    let pool = UserPool::default();
    let deps = auth_resend::Deps { identity: pool.identity() };
    let resend = async |email: &str| finish(auth_resend::handle(&deps, post(&json!({"email": email}), None)).await, "req-1".to_owned());
    let waiting = resend(EMAIL).await;
    assert_eq!((waiting.status, &waiting.body, pool.state().codes.len()), (202, &None, 1));
    pool.state().confirmed = true;
    let answers = [resend(EMAIL).await, resend("nobody@example.com").await];
    pool.state().codes_refused = true;
    for same in answers.into_iter().chain([resend(EMAIL).await]) {
        assert_eq!((same.status, same.headers, same.body), (waiting.status, waiting.headers.clone(), waiting.body.clone()));
    }
    assert_eq!(pool.state().codes.len(), 1);
    assert_eq!(resend("no address").await.status, 400);
}

#[tokio::test]
async fn a_person_is_deleted_when_nothing_of_theirs_is_deployed_and_a_try_that_broke_off_can_be_repeated() {
    let (database, auth) = (Database::fresh().await, Auth(UserPool::default()));
    let (store, me, stranger) = (database.store(), domain::UserId("SUB".to_owned()), user());
    let (account, plan) = account_and_plan(&store, &me).await;
    let (_, theirs) = account_and_plan(&store, &stranger).await;
    let live = store.deploy(&deed(&me), &plan, &account.id, &plan.plan).await.unwrap().deployment;
    let kept = cookie(&auth.sign_in(true).await).unwrap();
    let token = auth.0.state().access_token();
    let deps = me_delete::Deps { store: store.clone(), identity: auth.0.identity() };
    let delete = async |deps: &me_delete::Deps| finish(me_delete::handle(deps, with_token("DELETE", &token)).await, "req-1".to_owned());
    let list = async |route: &str| told(call(route, &store, event(Some(&me), &json!({}), &json!({}), None)).await).1["items"].clone();

    let refused = delete(&deps).await;
    let said = json_of(&refused);
    assert_eq!((refused.status, said["code"].as_str()), (409, Some("in_use")));
    assert!(said["detail"].as_str().unwrap().contains(&format!("DELETE /v1/deployment/{}", live.id)), "{said}");
    assert_eq!((list("account-list").await.as_array().unwrap().len(), auth.0.state().gone), (1, false), "all stays as it is");

    database.superuser().await.batch_execute("UPDATE deployment SET status = 'not_deployed', destroyed_at = now()").await.unwrap();
    auth.0.state().stuck = true;
    assert_eq!(delete(&deps).await.status, 503, "the rows are done, and the pool does not answer");
    assert_eq!((store.plans(&me, 5, None).await.unwrap().len(), list("account-list").await), (0, json!([])));
    auth.0.state().stuck = false;
    let deleted = delete(&deps).await;
    assert_eq!((deleted.status, deleted.header("set-cookie").is_some(), cookie(&deleted)), (204, true, None));
    assert_eq!(delete(&deps).await.status, 401, "there is nobody any more");
    assert_eq!(auth.refresh(post(&json!({}), Some(&kept))).await.status, 401);
    assert_eq!(auth.sign_in(false).await.status, 401);
    let lines = list("audit-list").await;
    let count = lines.as_array().unwrap().iter().filter(|line| line["action"] == "me-delete").count();
    assert_eq!((count, &lines[0]["action"], &lines[0]["subject"]), (1, &json!("me-delete"), &json!("SUB")), "{lines}");
    assert!(store.plan(&stranger, &theirs.id).await.is_ok(), "what is another's stays");
}

#[tokio::test]
async fn a_session_that_was_ended_is_not_enough_to_delete_the_person() {
    let (database, auth) = (Database::fresh().await, Auth(UserPool::default()));
    let (store, me) = (database.store(), domain::UserId("SUB".to_owned()));
    account_and_plan(&store, &me).await;
    let deps = me_delete::Deps { store: store.clone(), identity: auth.0.identity() };
    assert_eq!(told(me_delete::handle(&deps, with_token("DELETE", "access-of-before")).await).0, 401);
    assert_eq!(store.plans(&me, 5, None).await.unwrap().len(), 1);
}

#[tokio::test]
async fn who_comes_back_from_cognitos_page_gets_tokens_for_the_code_once() {
    let auth = Auth(UserPool::default());
    let (verifier, challenge) = VERIFIER;
    let signed_in = auth.by_code(challenge, verifier, true).await;
    let said = json_of(&signed_in);
    assert_eq!((signed_in.status, &said["access_token"], said.get("refresh_token")), (200, &json!("access-1"), None));
    assert_eq!(signed_in.header("cache-control"), Some("no-store"));
    let kept = cookie(&signed_in).unwrap();
    assert_eq!(auth.refresh(post(&json!({}), Some(&kept))).await.status, 200, "the session goes on as any other");

    let in_body = auth.by_code(challenge, verifier, false).await;
    assert_eq!((&json_of(&in_body)["refresh_token"], in_body.header("set-cookie")), (&json!("refresh-3"), None));
    let again = json!({"code": "a-code", "verifier": verifier, "redirect_uri": "https://cloudsail.example.com/sign-in/google"});
    let spent = auth.trade(again).await;
    assert_eq!((spent.status, spent.header("set-cookie")), (401, None));
}

#[tokio::test]
async fn a_code_is_worth_nothing_to_who_did_not_begin_with_its_challenge() {
    let auth = Auth(UserPool::default());
    let (verifier, challenge) = VERIFIER;
    assert_eq!(auth.by_code(challenge, &"x".repeat(43), true).await.status, 401);
    assert_eq!(auth.by_code("another", verifier, true).await.status, 401);
    let short = auth.by_code(challenge, "short", true).await;
    assert_eq!((short.status, &json_of(&short)["errors"][0]["pointer"]), (400, &json!("/verifier")));
    auth.0.state().stuck = true;
    assert_eq!(auth.by_code(challenge, verifier, true).await.status, 503);
}

#[tokio::test]
async fn where_nobody_signs_in_by_google_there_is_no_such_thing() {
    let body = json!({"code": "a-code", "verifier": VERIFIER.0, "redirect_uri": "https://cloudsail.example.com/sign-in/google"});
    let answer = auth_code::handle(&auth_code::Deps { page: None, days: 30 }, post(&body, None)).await;
    assert_eq!(finish(answer, "req-1".to_owned()).status, 404);
}
