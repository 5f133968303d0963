//! Calls to AWS, signed with the SDK's own signer: for a few actions its clients, above all EC2's, are not worth their build time.

use crate::environment::variable;
use crate::failure::Failure;
use crate::out::tame;
use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use serde_json::Value;
use std::process::Command;
use std::time::{Duration, SystemTime};

/// The waits before a call is repeated that AWS throttled or could not answer.
const WAITS: [Duration; 3] = [Duration::from_millis(500), Duration::from_secs(2), Duration::from_secs(5)];
/// An answer of the Price List API with a hundred products takes about a megabyte.
const LARGEST_ANSWER: u64 = 64 << 20;

/// Who asks, and how.
pub struct Aws {
    credentials: Credentials,
    agent: ureq::Agent,
}

/// One of AWS's services, where it answers.
pub struct Endpoint {
    /// As its calls are signed: `ec2`.
    pub service: &'static str,
    /// As its calls are signed: `us-east-1`.
    pub region: String,
    /// Where AWS has it.
    pub url: String,
}

impl Aws {
    /// With the caller's own credentials: of the environment, else as the AWS command line finds them (profiles, single sign-on).
    /// `needs` is what they must allow, for who has none.
    pub fn from_environment(needs: &str) -> Result<Self, Failure> {
        let config = ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(Duration::from_secs(60))).build();
        Ok(Self { credentials: credentials(needs)?, agent: config.into() })
    }

    /// Posts a body and answers the text of a success.
    pub fn post(&self, endpoint: &Endpoint, headers: &[(&str, &str)], body: &str) -> Result<String, Failure> {
        let url = override_of(endpoint.service).unwrap_or_else(|| endpoint.url.clone());
        let mut waits = WAITS.into_iter();
        loop {
            let result = self.once(endpoint, &url, headers, body);
            let again = match &result {
                Ok((status, text)) => {
                    *status >= 500 || *status == 429 || text.contains("Throttling") || text.contains("RequestLimitExceeded")
                }
                Err(failure) => failure.may_pass(),
            };
            match (result, waits.next().filter(|_| again)) {
                (_, Some(wait)) => std::thread::sleep(wait),
                (Ok((200, text)), None) => return Ok(text),
                (Ok((status, text)), None) => {
                    return Err(Failure::service(format!("{} at {url} answered {status}: {}", endpoint.service, said(&text))));
                }
                (Err(failure), None) => return Err(failure),
            }
        }
    }

    fn once(&self, endpoint: &Endpoint, url: &str, headers: &[(&str, &str)], body: &str) -> Result<(u16, String), Failure> {
        let broken = |error: &dyn std::fmt::Display| Failure::passing(format!("{} at {url} can't be reached: {error}", endpoint.service));
        let wrong = |error: &dyn std::fmt::Display| Failure::usage(format!("a call to {url} can't be signed: {error}"));
        let identity = self.credentials.clone().into();
        let params = v4::SigningParams::builder().identity(&identity).region(&endpoint.region).name(endpoint.service);
        let params = params.time(SystemTime::now()).settings(SigningSettings::default()).build().map_err(|error| wrong(&error))?;
        let signable = SignableRequest::new("POST", url, headers.iter().copied(), SignableBody::Bytes(body.as_bytes()));
        let signed = sign(signable.map_err(|error| wrong(&error))?, &params.into()).map_err(|error| wrong(&error))?;
        let (instructions, _) = signed.into_parts();
        let mut request = self.agent.post(url);
        for (name, value) in headers.iter().copied().chain(instructions.headers()) {
            request = request.header(name, value);
        }
        let mut response = request.send(body).map_err(|error| broken(&error))?;
        let text = response.body_mut().with_config().limit(LARGEST_ANSWER).read_to_string().map_err(|error| broken(&error))?;
        Ok((response.status().as_u16(), text))
    }
}

/// Another address for a service, as AWS's own tools take it: `AWS_ENDPOINT_URL_EC2`, else `AWS_ENDPOINT_URL`.
fn override_of(service: &str) -> Option<String> {
    let own = variable(&format!("AWS_ENDPOINT_URL_{}", service.to_uppercase()));
    own.or_else(|| variable("AWS_ENDPOINT_URL")).map(|url| format!("{}/", url.trim_end_matches('/')))
}

fn credentials(needs: &str) -> Result<Credentials, Failure> {
    if let (Some(id), Some(secret)) = (variable("AWS_ACCESS_KEY_ID"), variable("AWS_SECRET_ACCESS_KEY")) {
        return Ok(Credentials::new(id, secret, variable("AWS_SESSION_TOKEN"), None, "environment"));
    }
    let asked = Command::new("aws").args(["configure", "export-credentials", "--format", "process"]).output();
    let answer =
        asked.ok().filter(|output| output.status.success()).and_then(|output| serde_json::from_slice::<Value>(&output.stdout).ok());
    let of = |key: &str| answer.as_ref().and_then(|answer| answer[key].as_str()).map(str::to_owned);
    match (of("AccessKeyId"), of("SecretAccessKey")) {
        (Some(id), Some(secret)) => Ok(Credentials::new(id, secret, of("SessionToken"), None, "aws configure")),
        _ => Err(Failure::usage(
            "no AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or sign in with the AWS command line (`aws sso login`, AWS_PROFILE)",
        )
        .hint(format!("they need {needs}"))),
    }
}

/// What a refusal says, in a line.
fn said(text: &str) -> String {
    let between = |open: &str, close: &str| Some(text.split_once(open)?.1.split_once(close)?.0.to_owned());
    let xml = || Some(format!("{}: {}", between("<Code>", "</Code>")?, between("<Message>", "</Message>")?));
    let json = || {
        let body: Value = serde_json::from_str(text).ok()?;
        let message = body["message"].as_str().or(body["Message"].as_str()).unwrap_or_default();
        Some(format!("{}: {message}", body["__type"].as_str()?.rsplit('#').next().unwrap_or_default()))
    };
    tame(&xml().or_else(json).unwrap_or_else(|| text.chars().take(200).collect()))
}
