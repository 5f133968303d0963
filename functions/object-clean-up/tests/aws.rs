//! The job against S3: the handler on buckets of this test's own, and the deployed function with its own role.
//!
//! Runs where `CLOUDSAIL_LOCAL_CLOUD=1` and the variables of `.local/env` are set, and says so where it does not run. With
//! `CLOUDSAIL_LOCAL_CLOUD=no-platform` the deployed function is left out, for an S3 that stands alone.

#![expect(clippy::unwrap_used, reason = "a test that can't go on fails at that line")]

use aws_sdk_s3::Client;
use aws_sdk_s3::config::{Builder, Region};
use aws_sdk_s3::types::{BucketLocationConstraint, CreateBucketConfiguration};
use lambda_runtime::{Context, LambdaEvent};
use object_clean_up::{Deps, handle};
use platform::objects::Bucket;
use serde_json::{Value, json};
use std::process::Command;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

const MEDIA_REGION: &str = "ca-central-1";
const MAIL_REGION: &str = "us-east-1";
const AGE: Duration = Duration::from_secs(3 * 24 * 60 * 60);

#[expect(clippy::disallowed_methods, reason = "a test has no start at which cloudsail-config could read it")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

#[expect(clippy::print_stdout, reason = "a test that does not run has to say so")]
fn notice(text: &str) {
    println!("not run: {text} (./scripts/dev up, source .local/env, CLOUDSAIL_LOCAL_CLOUD=1)");
}

/// A bucket as a person sees it, beside the handler's own view of it.
struct Seen {
    client: Client,
    name: String,
    handlers: Bucket,
}

impl Seen {
    async fn of(name: String, region: &str) -> Self {
        let aws = aws_config::load_defaults(aws_config::BehaviorVersion::latest()).await;
        let client = Client::from_conf(Builder::from(&aws).region(Region::new(region.to_owned())).force_path_style(true).build());
        let handlers = Bucket::new(&aws, name.clone(), region.to_owned());
        Self { client, name, handlers }
    }

    async fn made(purpose: &str, region: &str) -> Self {
        let now = UNIX_EPOCH.elapsed().unwrap().as_nanos();
        let bucket = Self::of(format!("clean-up-test-{purpose}-{now}"), region).await;
        // S3 takes the name of every region here but of the first one's.
        let place = (region != "us-east-1")
            .then(|| CreateBucketConfiguration::builder().location_constraint(BucketLocationConstraint::from(region)).build());
        bucket.client.create_bucket().bucket(&bucket.name).set_create_bucket_configuration(place).send().await.unwrap();
        bucket
    }

    /// Puts an object, and answers the time that S3 gave it.
    async fn put(&self, key: &str) -> SystemTime {
        self.client.put_object().bucket(&self.name).key(key).body(Vec::from(key).into()).send().await.unwrap();
        let found = self.handlers.page(key, None).await.unwrap().objects;
        found.into_iter().find(|object| object.key == key).unwrap().modified
    }

    /// Puts an object until S3's clock, which may count whole seconds only, has gone on from that time.
    async fn put_after(&self, key: &str, time: SystemTime) -> SystemTime {
        loop {
            let put = self.put(key).await;
            if put > time {
                return put;
            }
        }
    }

    async fn left(&self) -> Vec<String> {
        self.handlers.page("", None).await.unwrap().objects.into_iter().map(|object| object.key).collect()
    }

    async fn remove(self) {
        assert_eq!(self.handlers.delete(&self.left().await).await, []);
        self.client.delete_bucket().bucket(&self.name).send().await.unwrap();
    }
}

/// The event that the scheduler sends at that time, to a function that has a minute.
fn event(time: SystemTime) -> LambdaEvent<Value> {
    let mut context = Context::default();
    context.deadline = u64::try_from((UNIX_EPOCH.elapsed().unwrap() + Duration::from_secs(60)).as_millis()).unwrap();
    let time = jiff::Timestamp::try_from(time).unwrap();
    LambdaEvent::new(json!({"detail-type": "Scheduled Event", "time": time.to_string()}), context)
}

#[tokio::test]
async fn what_is_due_goes_in_both_regions_and_the_rest_stays() {
    if variable("CLOUDSAIL_LOCAL_CLOUD").is_none() {
        return notice("the clean-up job needs S3");
    }
    let (media, inbox) = (Seen::made("media", MEDIA_REGION).await, Seen::made("mail", MAIL_REGION).await);
    for key in ["media/kept", "users/kept", "tmp-2026/kept", "tmp/a b+c&<d>%2F\u{e9}"] {
        media.put(key).await;
    }
    let old = media.put("tmp/old").await;
    media.put_after("tmp/new", old).await;
    for key in ["incoming/delivered", "incoming/waits", "delivered/delivered"] {
        inbox.put(key).await;
    }
    let deps = Deps { media: media.handlers.clone(), mail: Some(inbox.handlers.clone()), tmp_age: AGE };

    let early = handle(&deps, event(old)).await.unwrap();
    assert_eq!((&early["tmp"]["removed"], &early["tmp"]["kept"], &early["mail"]["removed"]), (&json!(0), &json!(3), &json!(1)));
    assert_eq!(inbox.left().await, ["incoming/waits"], "mail goes as soon as it was delivered");

    for removed in [2, 0] {
        let tmp = &handle(&deps, event(old + AGE)).await.unwrap()["tmp"];
        assert_eq!(*tmp, json!({"removed": removed, "kept": 1, "failed": 0, "unfinished": false}));
        assert_eq!(media.left().await, ["media/kept", "tmp-2026/kept", "tmp/new", "users/kept"]);
    }

    let gone = Deps {
        mail: Some(Bucket::new(
            &aws_config::load_defaults(aws_config::BehaviorVersion::latest()).await,
            format!("{}-gone", inbox.name),
            MAIL_REGION.to_owned(),
        )),
        ..deps
    };
    let failed = handle(&gone, event(old + 2 * AGE)).await.unwrap_err();
    assert!(failed.to_string().starts_with("1 objects or lists failed"), "{failed}");
    assert_eq!(media.left().await, ["media/kept", "tmp-2026/kept", "users/kept"], "one bucket that fails does not stop the other");

    media.remove().await;
    inbox.remove().await;
}

/// Its answer, through the command that a deploy invokes functions with.
fn invoke(payload: &Value) -> Value {
    let root = format!("{}/../..", env!("CARGO_MANIFEST_DIR"));
    let python = "${CLOUDSAIL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/cloudsail}/venv/bin/python";
    let script = format!("exec \"{python}\" '{root}/scripts/deploying.py' invoke cloudsail-local-object-clean-up \"$1\"");
    let output = Command::new("bash").args(["-c", &script, "invoke", &payload.to_string()]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout).unwrap();
    serde_json::from_str(said.split_once(": ").unwrap().1).unwrap()
}

#[tokio::test]
async fn the_deployed_function_may_do_what_it_does() {
    if variable("CLOUDSAIL_LOCAL_CLOUD").is_none_or(|mode| mode == "no-platform") {
        return notice("the deployed function needs the platform");
    }
    let account = variable("CLOUDSAIL_CONTROL_ACCOUNT_ID").unwrap();
    let media = Seen::of(format!("cloudsail-local-media-{account}"), MEDIA_REGION).await;
    let inbox = Seen::of(format!("cloudsail-local-mail-{account}"), MAIL_REGION).await;
    let mine = UNIX_EPOCH.elapsed().unwrap().as_nanos().to_string();
    let (upload, kept) = (format!("tmp/{mine}"), format!("users/{mine}"));
    let (mail, waits, marker) = (format!("incoming/{mine}"), format!("incoming/waits-{mine}"), format!("delivered/{mine}"));
    let put = media.put(&upload).await;
    media.put(&kept).await;
    for key in [&mail, &waits, &marker] {
        inbox.put(key).await;
    }

    let answer = invoke(&event(put + AGE).payload);
    assert_eq!((&answer["tmp"]["failed"], &answer["mail"]["failed"]), (&json!(0), &json!(0)), "{answer}");
    let (uploads, mails) = (media.left().await, inbox.left().await);
    assert!(!uploads.contains(&upload) && uploads.contains(&kept), "{uploads:?}");
    assert!(!mails.contains(&mail) && !mails.contains(&marker) && mails.contains(&waits), "{mails:?}");

    assert_eq!(media.handlers.delete(&[kept]).await, []);
    assert_eq!(inbox.handlers.delete(&[waits]).await, []);
}
