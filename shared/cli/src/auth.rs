use crate::Credentials;
use crate::api::Api;
use crate::failure::Failure;
use crate::files;
use serde_json::json;

fn password(credentials: &Credentials) -> Result<String, Failure> {
    let text = match (&credentials.password_file, &credentials.password) {
        (Some(file), _) => files::read(file)?,
        (None, Some(password)) if !password.is_empty() => password.clone(),
        _ => rpassword::prompt_password("Password: ").map_err(|error| Failure::usage(format!("no password: {error}")))?,
    };
    Ok(text.trim_end_matches(['\n', '\r']).to_owned())
}

pub fn sign_up(api: &Api, credentials: &Credentials) -> Result<(), Failure> {
    let body = json!({"email": credentials.email, "password": password(credentials)?});
    let answer = api.post_open("/v1/auth/sign-up", &body)?;
    let next = format!("A code was sent to {0}. Next: cloudsail confirm --email {0} --code …", credentials.email);
    api.print(&answer, || next);
    Ok(())
}

pub fn confirm(api: &Api, email: &str, code: &str) -> Result<(), Failure> {
    let answer = api.post_open("/v1/auth/confirm", &json!({"email": email, "code": code}))?;
    api.print(&answer, || format!("Confirmed. Next: cloudsail sign-in --email {email}"));
    Ok(())
}

pub fn sign_in(api: &Api, credentials: &Credentials) -> Result<(), Failure> {
    let body = json!({"email": credentials.email, "password": password(credentials)?});
    let answer = api.post_open("/v1/auth/sign-in", &body)?;
    files::write_private(&files::folder()?.join("token.json"), &answer.to_string())?;
    let shown = json!({"signed_in": true, "expires_in": answer["expires_in"]});
    api.print(&shown, || format!("Signed in for {} minutes.", answer["expires_in"].as_i64().unwrap_or(0) / 60));
    Ok(())
}
