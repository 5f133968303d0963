//! The customer's account with the template's stack, and a control plane role that may take the customer's role on.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use clouds::access;
use clouds::aws::{Access, Aws, Connector};
use domain::{DeploymentId, Errand, Link, UserId};

use crate::{Ground, REGION, lifecycle};

const STACK: &str = "cloudsail-access-test";
/// Names of their own, beside those of what a person linked in the same local cloud.
pub(crate) const LINK: &str = "test";
/// A name that the template's trust lets in.
const WORKER: &str = "cloudsail-test-worker";
const WORKER_POLICY: &str = "assume";

#[derive(Clone)]
pub(crate) struct Customer {
    pub ground: Ground,
    pub external_id: String,
    /// Unique to this run.
    pub run: String,
    /// The control plane's role session.
    pub worker: SdkConfig,
}

impl Customer {
    /// Makes the stack as the customer would, and the worker's role.
    pub(crate) async fn link(ground: &Ground) -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let run = format!("{:x}", now.as_micros());
        let external_id = format!("ext-{run}");
        let worker = worker_session(ground).await;
        let customer = Self { ground: ground.clone(), external_id, run, worker };
        customer.delete_stack().await;
        let template = access::Template {
            control_account_id: &ground.control_account,
            account_id: &ground.customer_account,
            external_id: &customer.external_id,
            link: LINK,
        };
        let template = template.cloudformation().to_string();
        let body = [
            ("Action", "CreateStack"),
            ("StackName", STACK),
            ("TemplateBody", &template),
            ("Capabilities.member.1", "CAPABILITY_NAMED_IAM"),
        ];
        customer.cloudformation(&body).await;
        for _ in 0..50 {
            let stacks = customer.cloudformation(&[("Action", "DescribeStacks"), ("StackName", STACK)]).await;
            if stacks.contains("CREATE_COMPLETE") {
                return customer;
            }
            assert!(!stacks.contains("ROLLBACK") && !stacks.contains("FAILED"), "the stack was not made: {stacks}");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        panic!("the stack took more than 10 s");
    }

    /// Removes all that [`Customer::link`] made, and what a test that failed has left.
    pub(crate) async fn unlink(&self) {
        lifecycle::sweep(self).await;
        self.delete_stack().await;
        let iam = aws_sdk_iam::Client::new(&self.ground.control);
        iam.delete_role_policy().role_name(WORKER).policy_name(WORKER_POLICY).send().await.unwrap();
        iam.delete_role().role_name(WORKER).send().await.unwrap();
    }

    /// One that is not there is fine.
    async fn delete_stack(&self) {
        self.cloudformation(&[("Action", "DeleteStack"), ("StackName", STACK)]).await;
    }

    pub(crate) fn role_arn(&self) -> String {
        access::role_arn(&self.ground.customer_account, LINK)
    }

    pub(crate) fn boundary_arn(&self) -> String {
        access::boundary_arn(&self.role_arn())
    }

    /// As the worker of this version enters the account.
    pub(crate) fn link_row(&self) -> Link {
        let role_arn = self.role_arn();
        Link {
            monitor_role_arn: Some(access::monitor_role_arn(&role_arn)),
            role_arn,
            external_id: self.external_id.clone(),
            verified_at: None,
        }
    }

    pub(crate) fn errand() -> Errand {
        Errand::deployment(&DeploymentId::generate(), &UserId("test".into()))
    }

    pub(crate) fn access(&self, external_id: Option<&str>) -> Access {
        let access = Access::provisioning(&self.link_row(), REGION, &Self::errand());
        Access { external_id: external_id.map(Into::into), ..access }
    }

    /// A session in the customer's account, as a deployment has it.
    pub(crate) async fn connect(&self) -> Aws {
        Connector::new(self.worker.clone()).connect(&self.access(Some(&self.external_id))).await.unwrap()
    }

    /// A session in the customer's account, as a preview has it.
    pub(crate) async fn monitor(&self) -> Aws {
        Connector::new(self.worker.clone()).connect(&Access::monitoring(&self.link_row(), REGION, &Self::errand()).unwrap()).await.unwrap()
    }

    /// A session for plain SDK clients, to try what the trait has no function for.
    pub(crate) async fn monitor_session(&self) -> SdkConfig {
        assume(&self.worker, &access::monitor_role_arn(&self.role_arn()), Some(self.external_id.clone())).await
    }

    /// The same of the provisioning role.
    pub(crate) async fn session(&self) -> SdkConfig {
        let access = self.access(Some(&self.external_id));
        assume(&self.worker, &access.role_arn, access.external_id).await
    }

    /// The workspace has no CloudFormation client, and this call in tests is no reason for one.
    async fn cloudformation(&self, form: &[(&str, &str)]) -> String {
        let mut text = url_encoded(&[("Version", "2010-05-15")]);
        text.push('&');
        text.push_str(&url_encoded(form));
        let keys = self.ground.customer_keys.clone().into();
        let params = v4::SigningParams::builder().identity(&keys).region(REGION).name("cloudformation").time(SystemTime::now());
        let params = params.settings(SigningSettings::default()).build().unwrap().into();
        let url = format!("{}/", self.ground.endpoint);
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        let signable = SignableRequest::new("POST", &url, headers.into_iter(), SignableBody::Bytes(text.as_bytes())).unwrap();
        let (instructions, _) = sign(signable, &params).unwrap().into_parts();
        let mut request = http::Request::post(&url).header(headers[0].0, headers[0].1).body(text.clone()).unwrap();
        instructions.apply_to_request_http1x(&mut request);
        let request = reqwest::Request::try_from(request).unwrap();
        reqwest::Client::new().execute(request).await.unwrap().text().await.unwrap()
    }
}

fn url_encoded(form: &[(&str, &str)]) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    let encode = |text: &str| {
        text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect::<String>()
    };
    form.iter().map(|(key, value)| format!("{}={}", encode(key), encode(value))).collect::<Vec<_>>().join("&")
}

async fn assume(base: &SdkConfig, role: &str, external_id: Option<String>) -> SdkConfig {
    let request = aws_sdk_sts::Client::new(base).assume_role().role_arn(role).role_session_name("test").set_external_id(external_id);
    let answer = request.send().await.unwrap();
    let session = answer.credentials().unwrap();
    let token = Some(session.session_token().to_owned());
    let keys = Credentials::new(session.access_key_id(), session.secret_access_key(), token, None, "tests");
    base.to_builder().credentials_provider(SharedCredentialsProvider::new(keys)).build()
}

/// A session of a role like those that Terraform makes for the functions with the access words `customer:assume` and `customer:monitor`.
async fn worker_session(ground: &Ground) -> SdkConfig {
    let iam = aws_sdk_iam::Client::new(&ground.control);
    let role = format!("arn:aws:iam::{}:role/{WORKER}", ground.control_account);
    if iam.get_role().role_name(WORKER).send().await.is_err() {
        let trust = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]}"#;
        iam.create_role().role_name(WORKER).assume_role_policy_document(trust).send().await.unwrap();
    }
    let may = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["sts:AssumeRole","sts:TagSession"],"Resource":["arn:aws:iam::*:role/cloudsail/CloudsailAccess*","arn:aws:iam::*:role/cloudsail/CloudsailMonitor*"]}]}"#;
    iam.put_role_policy().role_name(WORKER).policy_name(WORKER_POLICY).policy_document(may).send().await.unwrap();
    assume(&ground.control, &role, None).await
}
