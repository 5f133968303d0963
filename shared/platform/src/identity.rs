//! The user pool, by its public calls: they take the app client's id and need no grant.

use aws_sdk_cognitoidentityprovider::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_cognitoidentityprovider::types::{AuthFlowType, AuthenticationResultType};
use aws_sdk_cognitoidentityprovider::{Client, operation::RequestId};
use serde::Serialize;
use utoipa::ToSchema;

/// Why the user pool refused, by what it means to the person.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Somebody has this address already.
    #[error("there is an account with this address already; sign in, or confirm it with the code that was sent")]
    UserExists,
    /// The password does not meet the rules.
    #[error("{0}")]
    WeakPassword(String),
    /// Not an e-mail address, or another value that the pool refuses.
    #[error("{0}")]
    InvalidValue(String),
    /// The confirmation code is not the one that was sent.
    #[error("the code is not the one that was sent")]
    WrongCode,
    /// The confirmation code is too old.
    #[error("the code has expired; ask for another one")]
    CodeExpired,
    /// The address was not confirmed yet.
    #[error("confirm the address first, with the code that was sent to it")]
    NotConfirmed,
    /// Wrong address or wrong password; which one is not said.
    #[error("the address or the password is wrong")]
    BadCredentials,
    /// Too many tries.
    #[error("too many tries")]
    Throttled,
    /// The pool can't be reached, or answered what it should not.
    #[error("the user pool did not answer: {0}")]
    Unavailable(String),
}

/// A new user.
#[derive(Debug, Clone)]
pub struct SignedUp {
    /// The `sub` of later tokens.
    pub user_id: String,
    /// Where the code went, shortened by the pool.
    pub sent_to: Option<String>,
}

/// What a person who signed in gets.
#[derive(Clone, Serialize, ToSchema)]
pub struct Tokens {
    /// For `Authorization: Bearer`.
    pub access_token: String,
    /// Says who the person is.
    pub id_token: String,
    /// Gets new tokens, once. Left out where the browser keeps it as a cookie.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    /// Seconds that the access token lives.
    pub expires_in: i32,
    /// `Bearer`
    pub token_type: &'static str,
}

/// The user pool's app client.
#[derive(Debug, Clone)]
pub struct Identity {
    client: Client,
    client_id: String,
}

impl Identity {
    /// The app client of that id.
    #[must_use]
    pub fn new(aws: &aws_config::SdkConfig, client_id: String) -> Self {
        Self { client: Client::new(aws), client_id }
    }

    /// Makes a user who must confirm the address with a code.
    ///
    /// # Errors
    /// `UserExists`, `WeakPassword`, `InvalidValue`, `Throttled`, `Unavailable`.
    pub async fn sign_up(&self, email: &str, password: &str) -> Result<SignedUp, Error> {
        let answer = self.client.sign_up().client_id(&self.client_id).username(email).password(password).send().await.map_err(meaning)?;
        let sent_to = answer.code_delivery_details().and_then(|details| details.destination()).map(str::to_owned);
        Ok(SignedUp { user_id: answer.user_sub().to_owned(), sent_to })
    }

    /// Confirms the address.
    ///
    /// # Errors
    /// `WrongCode`, `CodeExpired`, `Throttled`, `Unavailable`.
    pub async fn confirm(&self, email: &str, code: &str) -> Result<(), Error> {
        let call = self.client.confirm_sign_up().client_id(&self.client_id).username(email).confirmation_code(code);
        match call.send().await.map(drop).map_err(meaning) {
            // An address that nobody has must look like a wrong code, or anybody could ask who has an account.
            Err(Error::BadCredentials) => Err(Error::WrongCode),
            other => other,
        }
    }

    /// Sends the confirmation code once more. Whether there is such an address, is confirmed, or was sent too many, is not said.
    ///
    /// # Errors
    /// `Throttled` where all of us ask too often, `Unavailable`.
    pub async fn resend(&self, email: &str) -> Result<(), Error> {
        let sent = self.client.resend_confirmation_code().client_id(&self.client_id).username(email).send().await;
        match sent {
            Ok(_) => Ok(()),
            Err(error) if error.code() == Some("LimitExceededException") => Ok(()), // of this address, which is thus known
            Err(error) => match meaning(error) {
                Error::BadCredentials | Error::InvalidValue(_) => Ok(()),
                other => Err(other),
            },
        }
    }

    /// # Errors
    /// `BadCredentials`, `NotConfirmed`, `Throttled`, `Unavailable`.
    pub async fn sign_in(&self, email: &str, password: &str) -> Result<Tokens, Error> {
        let call = self
            .client
            .initiate_auth()
            .client_id(&self.client_id)
            .auth_flow(AuthFlowType::UserPasswordAuth)
            .auth_parameters("USERNAME", email)
            .auth_parameters("PASSWORD", password);
        let answer = call.send().await.map_err(meaning)?;
        tokens(answer.authentication_result())
    }

    /// New tokens for a refresh token, which is spent by that: the answer holds the next one.
    ///
    /// # Errors
    /// `BadCredentials` for one that is spent, revoked or too old, `Throttled`, `Unavailable`.
    pub async fn refresh(&self, refresh_token: &str) -> Result<Tokens, Error> {
        let call = self.client.get_tokens_from_refresh_token().client_id(&self.client_id).refresh_token(refresh_token);
        let answer = call.send().await.map_err(|error| match error.code() {
            Some("RefreshTokenReuseException" | "InvalidParameterException") => Error::BadCredentials,
            _ => meaning(error),
        })?;
        tokens(answer.authentication_result())
    }

    /// Ends a refresh token and all that came of it. One that has ended already is fine.
    ///
    /// # Errors
    /// `Throttled`, `Unavailable`.
    pub async fn sign_out(&self, refresh_token: &str) -> Result<(), Error> {
        let call = self.client.revoke_token().client_id(&self.client_id).token(refresh_token);
        match call.send().await.map(drop) {
            Err(error)
                if matches!(
                    error.code(),
                    Some("UnsupportedTokenTypeException" | "InvalidParameterException" | "UnauthorizedException")
                ) =>
            {
                Ok(())
            }
            other => other.map_err(meaning),
        }
    }

    /// Ends all refresh tokens of whom the access token belongs to, and all access tokens for the pool's own calls. The gateway asks
    /// nobody, and takes an access token until it ends.
    ///
    /// # Errors
    /// `BadCredentials` for a token that was revoked, `Throttled`, `Unavailable`.
    pub async fn sign_out_everywhere(&self, access_token: &str) -> Result<(), Error> {
        self.client.global_sign_out().access_token(access_token).send().await.map(drop).map_err(meaning)
    }

    /// Sends a code that lets the person choose a new password. Whether there is such an address is not said.
    ///
    /// # Errors
    /// `InvalidValue`, `Throttled`, `Unavailable`.
    pub async fn forgot(&self, email: &str) -> Result<(), Error> {
        match self.client.forgot_password().client_id(&self.client_id).username(email).send().await.map(drop).map_err(meaning) {
            Err(Error::BadCredentials | Error::NotConfirmed) => Ok(()),
            other => other,
        }
    }

    /// Sets a new password with the code that was sent.
    ///
    /// # Errors
    /// `WrongCode`, `CodeExpired`, `WeakPassword`, `Throttled`, `Unavailable`.
    pub async fn reset(&self, email: &str, code: &str, password: &str) -> Result<(), Error> {
        let call =
            self.client.confirm_forgot_password().client_id(&self.client_id).username(email).confirmation_code(code).password(password);
        match call.send().await.map(drop).map_err(meaning) {
            Err(Error::BadCredentials | Error::NotConfirmed) => Err(Error::WrongCode),
            other => other,
        }
    }

    /// Deletes whom the access token belongs to, with all their sessions.
    ///
    /// # Errors
    /// `BadCredentials` for a token that was revoked, or whose user is gone, `Throttled`, `Unavailable`.
    pub async fn delete(&self, access_token: &str) -> Result<(), Error> {
        self.client.delete_user().access_token(access_token).send().await.map(drop).map_err(meaning)
    }

    /// The address of whom the access token belongs to.
    ///
    /// # Errors
    /// `BadCredentials` for a token that was revoked, `Throttled`, `Unavailable`.
    pub async fn email(&self, access_token: &str) -> Result<String, Error> {
        let user = self.client.get_user().access_token(access_token).send().await.map_err(meaning)?;
        let email = user.user_attributes().iter().find(|attribute| attribute.name() == "email").and_then(|attribute| attribute.value());
        email.map(str::to_owned).ok_or_else(|| Error::Unavailable("a user without an address".to_owned()))
    }
}

fn tokens(result: Option<&AuthenticationResultType>) -> Result<Tokens, Error> {
    let result = result.ok_or_else(|| Error::Unavailable("a challenge that we don't offer".to_owned()))?;
    let text = |value: Option<&str>| value.map(str::to_owned).ok_or_else(|| Error::Unavailable("no token".to_owned()));
    Ok(Tokens {
        access_token: text(result.access_token())?,
        id_token: text(result.id_token())?,
        refresh_token: result.refresh_token().map(str::to_owned),
        expires_in: result.expires_in(),
        token_type: "Bearer",
    })
}

fn meaning<E, R>(error: SdkError<E, R>) -> Error
where
    E: ProvideErrorMetadata,
    SdkError<E, R>: RequestId,
{
    let message = || error.message().unwrap_or("the value was refused").to_owned();
    match error.code() {
        Some("UsernameExistsException") => Error::UserExists,
        Some("InvalidPasswordException") => Error::WeakPassword(message()),
        Some("InvalidParameterException") => Error::InvalidValue(message()),
        Some("CodeMismatchException") => Error::WrongCode,
        Some("ExpiredCodeException") => Error::CodeExpired,
        Some("UserNotConfirmedException") => Error::NotConfirmed,
        Some("NotAuthorizedException" | "UserNotFoundException") => Error::BadCredentials,
        Some("TooManyRequestsException" | "LimitExceededException" | "TooManyFailedAttemptsException") => Error::Throttled,
        code => Error::Unavailable(format!("{} (request {})", code.unwrap_or("no answer"), error.request_id().unwrap_or("unknown"))),
    }
}
