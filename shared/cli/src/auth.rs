use crate::api::Api;
use crate::args::Credentials;
use crate::failure::Failure;
use crate::http::Call;
use crate::out::{Out, text};
use crate::{ask, files, session};
use serde_json::json;

fn password(credentials: &Credentials, prompt: &str) -> Result<String, Failure> {
    let text = match (&credentials.password_file, &credentials.password) {
        (Some(file), _) => files::read(file)?,
        (None, Some(password)) if !password.is_empty() => password.clone(),
        _ => rpassword::prompt_password(prompt).map_err(|error| Failure::usage(format!("no password: {error}")))?,
    };
    Ok(text.trim_end_matches(['\n', '\r']).to_owned())
}

pub fn sign_up(api: &Api, out: &Out, credentials: &Credentials) -> Result<(), Failure> {
    let body = json!({"email": credentials.email, "password": password(credentials, "Password: ")?});
    let answer = api.post_open("/v1/auth/sign-up", &body)?;
    out.show(&answer, || format!("A code was sent to {0}. Next: cloudsail confirm --email {0} --code …", credentials.email))
}

pub fn confirm(api: &Api, out: &Out, email: &str, code: &str) -> Result<(), Failure> {
    let answer = api.post_open("/v1/auth/confirm", &json!({"email": email, "code": code}))?;
    out.show(&answer, || format!("Confirmed. Next: cloudsail sign-in --email {email}"))
}

pub fn resend(api: &Api, out: &Out, email: &str) -> Result<(), Failure> {
    api.post_open("/v1/auth/resend", &json!({"email": email}))?;
    out.show(&json!({"email": email}), || {
        format!("If {email} waits to be confirmed, a code was sent there. Next: cloudsail confirm --email {email} --code …")
    })
}

pub fn sign_in(api: &Api, out: &Out, credentials: &Credentials) -> Result<(), Failure> {
    let body = json!({"email": credentials.email, "password": password(credentials, "Password: ")?});
    let answer = api.post_open("/v1/auth/sign-in", &body)?;
    session::begin(&api.service, &answer)?;
    let shown = json!({"signed_in": true, "expires_in": answer["expires_in"]});
    out.show(&shown, || format!("Signed in as {}.", credentials.email))
}

/// The refresh token is revoked before it is forgotten: one that is only forgotten lives on for weeks.
pub fn sign_out(api: &Api, out: &Out) -> Result<(), Failure> {
    let _lock = session::lock()?;
    let shown = json!({"signed_in": false});
    if !session::exists()? {
        return out.show(&shown, || "Nobody is signed in.".to_owned());
    }
    if let Some(refresh_token) = session::load(&api.service)?.refresh_token {
        let call = Call::post("/v1/auth/sign-out", &json!({"refresh_token": refresh_token}));
        let answer = api.service.send(&call, None)?;
        // One that has ended already can't be revoked and need not be.
        if !matches!(answer.status, 400 | 401 | 403) {
            answer.ok()?;
        }
    }
    session::forget()?;
    out.show(&shown, || "Signed out.".to_owned())
}

/// Who has signed out already has to sign in first: the service must know whose sessions these are.
pub fn sign_out_everywhere(api: &Api, out: &Out) -> Result<(), Failure> {
    api.post("/v1/auth/sign-out-everywhere", &json!({}))?;
    let _lock = session::lock()?;
    session::forget()?;
    let shown = json!({"signed_in": false, "everywhere": true});
    out.show(&shown, || "Signed out everywhere. What is open elsewhere can go on for at most 5 minutes.".to_owned())
}

pub fn forgot(api: &Api, out: &Out, email: &str) -> Result<(), Failure> {
    api.post_open("/v1/auth/forgot", &json!({"email": email}))?;
    out.show(&json!({"email": email}), || {
        format!("If {email} is known, a code was sent there. Next: cloudsail reset --email {email} --code …")
    })
}

pub fn reset(api: &Api, out: &Out, credentials: &Credentials, code: &str) -> Result<(), Failure> {
    let email = &credentials.email;
    let body = json!({"email": email, "code": code, "password": password(credentials, "New password: ")?});
    api.post_open("/v1/auth/reset", &body)?;
    out.show(&json!({"email": email}), || format!("The new password is set. Next: cloudsail sign-in --email {email}"))
}

pub fn whoami(api: &Api, out: &Out) -> Result<(), Failure> {
    let answer = api.get("/v1/me")?;
    out.show(&answer, || text(&answer["email"]).to_owned())
}

pub fn delete_me(api: &Api, out: &Out, yes: bool) -> Result<(), Failure> {
    let me = api.get("/v1/me")?;
    let email = text(&me["email"]);
    ask::sure(yes, || Ok(format!("Delete {email} with all plans and the links to cloud accounts?")))?;
    api.delete("/v1/me").map_err(|failure| failure.hint_at(409, "first destroy what is deployed: cloudsail destroy DEPLOYMENT"))?;
    let _lock = session::lock()?;
    session::forget()?;
    let shown = json!({"id": me["id"], "deleted": true});
    out.show(&shown, || format!("{email} is deleted. The roles in your cloud accounts are yours to delete."))
}
