//! Rules of single fields that several routes share. The document names the same ones.

use crate::Error;

/// An address that could get a mail: one `@` with something on both sides, and no white space.
///
/// # Errors
/// 400 with `/email`.
pub fn email(text: &str) -> Result<(), Error> {
    let sides: Vec<_> = text.split('@').collect();
    let plain = text.len() <= 254 && !text.chars().any(|c| c.is_whitespace() || c.is_control());
    match sides.as_slice() {
        [name, host] if plain && !name.is_empty() && !host.is_empty() => Ok(()),
        _ => Err(Error::field("/email", "must be an e-mail address, such as person@example.com")),
    }
}

/// A password that was set before: whatever the rule was then, the user pool takes nothing longer.
///
/// # Errors
/// 400 with `/password`.
pub fn password(text: &str) -> Result<(), Error> {
    let fits = (1..=256).contains(&text.chars().count());
    if fits { Ok(()) } else { Err(Error::field("/password", "must be 1 to 256 characters")) }
}

/// A new password: the user pool's own rule, told before it is asked.
///
/// # Errors
/// 400 with `/password`.
pub fn new_password(text: &str) -> Result<(), Error> {
    let length = text.chars().count();
    if (12..=256).contains(&length) { Ok(()) } else { Err(Error::field("/password", "must be 12 to 256 characters")) }
}

/// A code from a mail.
///
/// # Errors
/// 400 with `/code`.
pub fn code(text: &str) -> Result<(), Error> {
    let digits = text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { Ok(()) } else { Err(Error::field("/code", "must be the six digits from the mail")) }
}

/// A refresh token, by its looks alone.
///
/// # Errors
/// 400 with `/refresh_token`.
pub fn refresh_token(text: &str) -> Result<(), Error> {
    let fits = (1..=8192).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    if fits { Ok(()) } else { Err(Error::field("/refresh_token", "must be as the last sign-in or refresh answered it")) }
}

/// What a browser made up and hashed into its challenge (RFC 7636, section 4.1).
///
/// # Errors
/// 400 with `/verifier`.
pub fn verifier(text: &str) -> Result<(), Error> {
    let fits = (43..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte));
    if fits { Ok(()) } else { Err(Error::field("/verifier", "must be 43 to 128 letters, digits, - . _ or ~")) }
}
