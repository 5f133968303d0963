//! A person as the page has them: the refresh token is a cookie, which the gateway hands on both ways.

use super::world::World;
use cloudsail_tests::canaries::{Kind, Secret};
use serde_json::{Value, json};

/// A browser's request: status, body, and the cookie that it is told to keep.
fn browser(world: &World, method: &str, path: &str, (token, cookie): (&str, &str), body: &Value) -> (u16, Value, String) {
    let request = ureq::http::Request::builder().method(method).uri(format!("{}{path}", world.api));
    let request = request.header("content-type", "application/json").header("authorization", format!("Bearer {token}"));
    let request = request.header("cookie", format!("theme=dark; {cookie}"));
    let mut response = world.agent.run(request.body(body.to_string()).unwrap()).unwrap();
    let set = response.headers().get("set-cookie").and_then(|value| value.to_str().ok()).unwrap_or_default();
    assert!(set.is_empty() || set.contains("HttpOnly"), "{path}");
    let kept = set.split(';').next().unwrap_or_default().to_owned();
    let text = response.body_mut().read_to_string().unwrap();
    let (status, said) = (response.status().as_u16(), serde_json::from_str(&text).unwrap_or(Value::Null));
    world.keep(if status < 400 { Kind::Answer } else { Kind::Error }, &format!("{method} {path}"), &text);
    for (secret, value) in
        [(Secret::AccessToken, said["access_token"].as_str()), (Secret::RefreshToken, kept.strip_prefix("__Host-refresh="))]
    {
        // A cookie that is taken back has no value.
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            world.plant(secret, value);
        }
    }
    (status, said, kept)
}

/// Somebody of their own signs up, lives by the cookie alone, and deletes their account.
pub fn goes_on_by_its_cookie(world: &World) {
    let email = format!("page-{}@example.com", std::time::UNIX_EPOCH.elapsed().unwrap().as_millis());
    let person = json!({"email": email, "password": world.password});
    let post = |path: &str, cookie: &str, body: &Value| browser(world, "POST", path, ("none", cookie), body);
    assert_eq!(post("/v1/auth/sign-up", "", &person).0, 201);
    let (_, code) = world.customer(&["code", &email]);
    world.plant(Secret::ConfirmationCode, &code);
    assert_eq!(post("/v1/auth/confirm", "", &json!({"email": email, "code": code})).0, 200);

    let with_cookie = json!({"email": email, "password": world.password, "cookie": true});
    let (status, said, first) = post("/v1/auth/sign-in", "", &with_cookie);
    assert_eq!((status, said.get("refresh_token"), first.starts_with("__Host-refresh=")), (200, None, true));
    let (status, said, next) = post("/v1/auth/refresh", &first, &json!({}));
    assert_eq!((status, said.get("refresh_token"), next.starts_with("__Host-refresh=") && next != first), (200, None, true));
    assert_eq!(post("/v1/auth/refresh", "", &json!({})).0, 401, "without the cookie nobody is signed in");
    assert_eq!((post("/v1/auth/sign-out", &next, &json!({})).0, post("/v1/auth/refresh", &next, &json!({})).0), (204, 401));

    assert_eq!(post("/v1/auth/resend", "", &json!({"email": email})).0, 202);
    let (_, said, cookie) = post("/v1/auth/sign-in", "", &with_cookie);
    let token = said["access_token"].as_str().unwrap();
    assert!(browser(world, "GET", "/v1/me", (token, ""), &Value::Null).1["signed_in_at"].is_string());
    std::thread::sleep(std::time::Duration::from_millis(1100)); // the emulator ends what is older than this whole second
    assert_eq!(browser(world, "POST", "/v1/auth/sign-out-everywhere", (token, &cookie), &json!({})).0, 204);
    assert_eq!(post("/v1/auth/refresh", &cookie, &json!({})).0, 401);

    let (_, said, cookie) = post("/v1/auth/sign-in", "", &with_cookie);
    let token = said["access_token"].as_str().unwrap();
    assert_eq!(browser(world, "DELETE", "/v1/me", (token, &cookie), &Value::Null).0, 204);
    assert_eq!(post("/v1/auth/sign-in", "", &with_cookie).0, 401, "there is nobody any more");
}
