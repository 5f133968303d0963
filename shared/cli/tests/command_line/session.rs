use crate::home::Home;
use crate::server::{Server, ok, problem};
use serde_json::{Value, json};
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

fn me() -> Server {
    Server::start(|request| match request.path.as_str() {
        "/v1/me" => ok(json!({"id": "user_1", "email": "a@example.com"})),
        _ => problem(404, "not_found", "nothing"),
    })
}

#[test]
fn a_token_that_the_service_refuses_is_renewed_again_and_again() {
    let server = me();
    let home = Home::signed_in(&server);
    for round in 2..4 {
        server.identity.lock().unwrap().end_access();
        assert_eq!(home.run(&["whoami"]).good(), "a@example.com\n");
        let kept: Value = serde_json::from_slice(&std::fs::read(home.token_file()).unwrap()).unwrap();
        assert_eq!(kept["refresh_token"], format!("refresh-{round}"), "a refresh token can be used once");
    }
    assert_eq!(home.token_file().metadata().unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_token_that_ends_soon_is_renewed_before_the_call() {
    let server = me();
    server.identity.lock().unwrap().expires_in = 20;
    let home = Home::signed_in(&server);
    server.identity.lock().unwrap().expires_in = 300;
    assert_eq!(home.run(&["whoami"]).good(), "a@example.com\n");
    assert_eq!(home.run(&["whoami"]).good(), "a@example.com\n");
    assert_eq!(server.identity.lock().unwrap().refreshes, 1, "the new token lasts");
}

/// The service ends a session whose refresh token comes twice.
#[test]
fn commands_at_once_share_one_refresh() {
    let server = me();
    let home = Home::signed_in(&server);
    {
        let mut identity = server.identity.lock().unwrap();
        identity.end_access();
        identity.slow = Duration::from_millis(300);
    }
    std::thread::scope(|scope| {
        let runs: Vec<_> = (0..4).map(|_| scope.spawn(|| home.run(&["whoami"]))).collect();
        for run in runs {
            assert_eq!(run.join().unwrap().good(), "a@example.com\n");
        }
    });
    assert_eq!(home.run(&["whoami"]).good(), "a@example.com\n", "the session lives on");
    assert_eq!(server.identity.lock().unwrap().refreshes, 1, "who waited takes what the first one got");
}

#[test]
fn a_session_that_ended_asks_to_sign_in() {
    let server = me();
    let home = Home::signed_in(&server);
    server.identity.lock().unwrap().end();
    let seen = home.run(&["whoami"]);
    assert_eq!(seen.code, 3);
    assert!(seen.err.contains("cloudsail sign-in --email"), "{}", seen.err);
    home.run(&["sign-in", "--email", "a@example.com"]).good();
    assert_eq!(home.run(&["whoami"]).good(), "a@example.com\n");
}

#[test]
fn tokens_are_not_shown_to_another_service() {
    let (server, other) = (me(), me());
    let home = Home::signed_in(&server);
    other.identity.lock().unwrap().end();
    let seen = home.run(&["--api-url", &other.url, "whoami"]);
    assert_eq!(seen.code, 3);
    assert!(seen.err.contains(&server.url) && seen.err.contains(&other.url), "{}", seen.err);
    assert_eq!(other.identity.lock().unwrap().refreshes, 0);
}

#[test]
fn signing_out_ends_the_session_at_the_service_too() {
    let server = me();
    let home = Home::signed_in(&server);
    let stolen = std::fs::read(home.token_file()).unwrap();
    assert_eq!(home.run(&["sign-out"]).good(), "Signed out.\n");
    assert_eq!(home.run(&["whoami"]).code, 3);
    assert_eq!(home.run(&["sign-out"]).good(), "Nobody is signed in.\n");
    std::fs::write(home.token_file(), stolen).unwrap();
    assert_eq!(home.run(&["whoami"]).code, 3, "a copy of the tokens is worth nothing");
}

#[test]
fn signing_out_everywhere_ends_the_sessions_of_other_homes_too() {
    let server = me();
    let home = Home::signed_in(&server);
    let other = Home::new(&server);
    std::fs::create_dir_all(other.token_file().parent().unwrap()).unwrap();
    std::fs::copy(home.token_file(), other.token_file()).unwrap();
    assert!(home.run(&["sign-out", "--everywhere"]).good().contains("at most 5 minutes"));
    assert_eq!((home.run(&["whoami"]).code, other.run(&["whoami"]).code), (3, 3));
    assert_eq!(home.run(&["sign-out", "--everywhere"]).code, 3, "whose sessions these are, only who is signed in can say");
}

#[test]
fn a_confirmation_code_is_sent_again() {
    let server = Server::start(|request| match (request.path.as_str(), &request.body) {
        ("/v1/auth/resend", body) if *body == json!({"email": "a@example.com"}) => crate::server::Reply::Json(202, Value::Null),
        _ => problem(400, "invalid", "/email: must be an e-mail address"),
    });
    let home = Home::new(&server);
    assert!(home.run(&["resend", "--email", "a@example.com"]).good().contains("cloudsail confirm --email a@example.com"));
    assert_eq!(home.run(&["resend", "--email", "a"]).code, 2);
}

#[test]
fn a_person_is_deleted_once_nothing_is_deployed() {
    let deployed = std::sync::atomic::AtomicBool::new(true);
    let server = Server::start(move |request| match (request.method.as_str(), request.path.as_str()) {
        ("GET", "/v1/me") => ok(json!({"id": "user_1", "email": "a@example.com"})),
        ("DELETE", "/v1/me") if deployed.swap(false, std::sync::atomic::Ordering::SeqCst) => {
            problem(409, "in_use", "dep_1 still lives: DELETE /v1/deployment/dep_1, and when it is `not_deployed` try again")
        }
        ("DELETE", "/v1/me") => crate::server::Reply::Json(204, Value::Null),
        _ => problem(404, "not_found", "nothing"),
    });
    let home = Home::signed_in(&server);
    let refused = home.run(&["delete-me"]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("dep_1 still lives") && refused.err.contains("cloudsail destroy DEPLOYMENT"), "{}", refused.err);
    assert!(home.run(&["delete-me", "--yes"]).good().contains("a@example.com is deleted"));
    assert_eq!(home.run(&["whoami"]).code, 3, "the tokens are forgotten");
}

#[test]
fn a_forgotten_password_is_set_anew_with_the_code() {
    let server = Server::start(|request| match (request.path.as_str(), &request.body) {
        ("/v1/auth/forgot", body) if body["email"] == "a@example.com" => crate::server::Reply::Json(202, json!({})),
        ("/v1/auth/reset", body) if *body == json!({"email": "a@example.com", "code": "123456", "password": "New-horse-10"}) => {
            crate::server::Reply::Json(204, Value::Null)
        }
        _ => problem(400, "bad_code", "the code is wrong or has ended"),
    });
    let home = Home::new(&server);
    assert!(home.run(&["forgot", "--email", "a@example.com"]).good().contains("cloudsail reset --email a@example.com"));
    let reset = |code: &str| {
        let mut command = home.command(&["reset", "--email", "a@example.com", "--code", code]);
        crate::home::seen(command.env("CLOUDSAIL_PASSWORD", "New-horse-10"))
    };
    let wrong = reset("000000");
    assert_eq!((wrong.code, wrong.err.as_str()), (2, "cloudsail: the code is wrong or has ended\n"));
    assert!(reset("123456").good().contains("cloudsail sign-in"));
}
