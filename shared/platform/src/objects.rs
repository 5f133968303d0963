//! What lies in a bucket: putting it there, lending it, finding it and deleting it.

use aws_sdk_s3::Client;
use aws_sdk_s3::config::{Builder, Region};
use aws_sdk_s3::error::ProvideErrorMetadata;
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::types::{Delete, EncodingType, ObjectIdentifier};
use std::time::{Duration, SystemTime};

/// As many as S3 deletes by one call.
const BATCH: usize = 1000;

/// The bucket did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
#[error("the bucket {bucket} did not answer: {reason}")]
pub struct Error {
    /// Its name.
    pub bucket: String,
    /// S3's own code, such as `AccessDenied`.
    pub reason: String,
}

/// One object, as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// Its name.
    pub key: String,
    /// When it was put.
    pub modified: SystemTime,
}

/// A part of a list, 1000 objects at most.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// By their names.
    pub objects: Vec<Object>,
    /// What to ask for the next page with.
    pub next: Option<String>,
}

/// An object that is still there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Its name.
    pub key: String,
    /// S3's own code, such as `AccessDenied`.
    pub reason: String,
}

/// A bucket, in whatever region it is.
#[derive(Debug, Clone)]
pub struct Bucket {
    client: Client,
    name: String,
}

impl Bucket {
    /// The bucket of that name. `region` is the bucket's own, which need not be the function's.
    #[must_use]
    pub fn new(aws: &aws_config::SdkConfig, name: String, region: String) -> Self {
        // Another endpoint than AWS's has no host name for each bucket.
        let config = Builder::from(aws).region(Region::new(region)).force_path_style(aws.endpoint_url().is_some());
        Self { client: Client::from_conf(config.build()), name }
    }

    /// What lies under the prefix, after the page that named `after`.
    ///
    /// # Errors
    /// If the bucket can't be listed.
    pub async fn page(&self, prefix: &str, after: Option<&str>) -> Result<Page, Error> {
        let call = self.client.list_objects_v2().bucket(&self.name).prefix(prefix).set_continuation_token(after.map(str::to_owned));
        // XML can't hold all that a name may: one such name would make the whole page unreadable.
        let answer = call.encoding_type(EncodingType::Url).send().await;
        let answer = answer.map_err(|error| self.error(&error))?;
        let encoded = answer.encoding_type() == Some(&EncodingType::Url);
        let objects = answer.contents().iter().filter_map(|object| {
            let key = object.key()?;
            let key = if encoded { decoded(key) } else { key.to_owned() };
            Some(Object { key, modified: SystemTime::try_from(*object.last_modified()?).ok()? })
        });
        Ok(Page { objects: objects.collect(), next: answer.next_continuation_token().map(str::to_owned) })
    }

    /// Puts it there.
    ///
    /// # Errors
    /// If it was not taken.
    pub async fn put(&self, key: &str, content_type: &str, body: Vec<u8>) -> Result<(), Error> {
        let call = self.client.put_object().bucket(&self.name).key(key).content_type(content_type).body(body.into());
        call.send().await.map(drop).map_err(|error| self.error(&error))
    }

    /// An address at which whoever has it can read the object for so long, as far as the function's own session lasts.
    ///
    /// # Errors
    /// If it could not be signed.
    pub async fn readable(&self, key: &str, time: Duration) -> Result<String, Error> {
        let unsigned = |_| Error { bucket: self.name.clone(), reason: "no address could be signed for so long".to_owned() };
        let for_so_long = PresigningConfig::expires_in(time).map_err(unsigned)?;
        let signed = self.client.get_object().bucket(&self.name).key(key).presigned(for_so_long).await;
        signed.map(|signed| signed.uri().to_owned()).map_err(|error| self.error(&error))
    }

    fn error(&self, error: &impl ProvideErrorMetadata) -> Error {
        Error { bucket: self.name.clone(), reason: reason(error) }
    }

    /// Deletes them, and answers those that are still there. One that was not there is fine.
    pub async fn delete(&self, keys: &[String]) -> Vec<Refused> {
        let (plain, odd): (Vec<_>, Vec<_>) = keys.iter().partition(|key| fits_xml(key));
        let mut refused = Vec::new();
        for batch in plain.chunks(BATCH) {
            refused.extend(self.delete_batch(batch).await);
        }
        for key in odd {
            if let Err(error) = self.client.delete_object().bucket(&self.name).key(key).send().await {
                refused.push(Refused { key: key.clone(), reason: reason(&error) });
            }
        }
        refused
    }

    async fn delete_batch(&self, keys: &[&String]) -> Vec<Refused> {
        // Both are built of all that they need, which is all that could fail.
        let objects = keys.iter().filter_map(|key| ObjectIdentifier::builder().key(*key).build().ok()).collect();
        let asked = Delete::builder().set_objects(Some(objects)).quiet(true).build();
        let answer = self.client.delete_objects().bucket(&self.name).set_delete(asked.ok()).send().await;
        match answer {
            Ok(answer) => {
                let text = |value: Option<&str>| value.unwrap_or_default().to_owned();
                answer.errors().iter().map(|error| Refused { key: text(error.key()), reason: text(error.code()) }).collect()
            }
            Err(error) => keys.iter().map(|key| Refused { key: (*key).clone(), reason: reason(&error) }).collect(),
        }
    }
}

fn reason(error: &impl ProvideErrorMetadata) -> String {
    error.code().unwrap_or("no answer").to_owned()
}

/// A batch's names are sent as XML, which has no way to write most control characters.
fn fits_xml(key: &str) -> bool {
    !key.chars().any(|letter| letter.is_control() || matches!(letter, '\u{fffe}' | '\u{ffff}'))
}

/// A name of a list, which is encoded as in a form: `+` is a space.
fn decoded(key: &str) -> String {
    percent_encoding::percent_decode_str(&key.replace('+', " ")).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_a_list_come_as_they_were_put() {
        assert_eq!(decoded("tmp/a+b%2Bc%20d%26e%3D%01%C3%A9"), "tmp/a b+c d&e=\u{1}\u{e9}");
    }

    #[test]
    fn only_what_xml_can_write_goes_into_a_batch() {
        for plain in ["tmp/a", "tmp/<&>\"'", "tmp/\u{e9}\u{1f418}", ""] {
            assert!(fits_xml(plain), "{plain}");
        }
        for odd in ["tmp/\u{1}", "tmp/\n", "tmp/\u{7f}", "tmp/\u{ffff}"] {
            assert!(!fits_xml(odd), "{odd:?}");
        }
    }
}
