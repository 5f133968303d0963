use crate::api::Api;
use crate::args::Credentials;
use crate::failure::Failure;
use crate::files;
use crate::out::Out;
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

pub fn sign_in(api: &Api, out: &Out, credentials: &Credentials) -> Result<(), Failure> {
    let body = json!({"email": credentials.email, "password": password(credentials, "Password: ")?});
    let answer = api.post_open("/v1/auth/sign-in", &body)?;
    files::write_private(&files::folder()?.join("token.json"), &answer.to_string())?;
    let shown = json!({"signed_in": true, "expires_in": answer["expires_in"]});
    out.show(&shown, || format!("Signed in as {}.", credentials.email))
}
