//! What goes, and in which order.

use platform::objects::{Bucket, Error, Object, Page, Refused};
use serde::Serialize;
use std::collections::HashSet;
use std::time::{Duration, SystemTime};

/// What was uploaded and not used yet.
const TMP: &str = "tmp/";
/// Mail as it came.
const INCOMING: &str = "incoming/";
/// An empty object for each mail that was delivered, named as the mail is: S3 lists names and dates, and neither tags nor content.
const DELIVERED: &str = "delivered/";

/// How many failures of one page are named in the log; the others are counted.
const NAMED: usize = 10;

/// When the run is, and how long it may take.
pub(crate) struct Clock {
    /// Ages are counted up to here.
    pub now: SystemTime,
    /// No page is begun after this.
    pub until: SystemTime,
}

/// What became of one kind of objects.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) struct Tally {
    /// Gone now.
    pub removed: usize,
    /// Seen, and not due.
    pub kept: usize,
    /// Due and still there, and lists that did not come.
    pub failed: usize,
    /// Whether time was up before the end.
    pub unfinished: bool,
}

/// A bucket, or what stands for one in tests.
pub(crate) trait Objects {
    async fn page(&self, prefix: &str, after: Option<&str>) -> Result<Page, Error>;
    async fn delete(&self, keys: &[String]) -> Vec<Refused>;
}

impl Objects for Bucket {
    async fn page(&self, prefix: &str, after: Option<&str>) -> Result<Page, Error> {
        Bucket::page(self, prefix, after).await
    }

    async fn delete(&self, keys: &[String]) -> Vec<Refused> {
        Bucket::delete(self, keys).await
    }
}

/// Uploads that lay unused for `age`.
pub(crate) async fn tmp(bucket: &impl Objects, age: Duration, clock: &Clock) -> Tally {
    each_page(bucket, TMP, clock, async |objects, tally| {
        let (due, young): (Vec<_>, Vec<_>) = objects.into_iter().partition(|object| is_due(object, age, clock.now));
        tally.kept += young.len();
        let due: Vec<_> = due.into_iter().map(|object| object.key).collect();
        remove(bucket, &due, tally).await;
    })
    .await
}

/// Mail whose marker says that it was delivered.
pub(crate) async fn mail(bucket: &impl Objects, clock: &Clock) -> Tally {
    each_page(bucket, DELIVERED, clock, async |markers, tally| {
        let pairs: Vec<_> = markers.into_iter().filter_map(|marker| Some((mail_of(&marker.key)?, marker.key))).collect();
        let mails: Vec<_> = pairs.iter().map(|(mail, _)| mail.clone()).collect();
        let stay = remove(bucket, &mails, tally).await;
        // The marker goes after its mail: a run that is cut off between the two leaves what the next one begins with.
        let spent: Vec<_> = pairs.into_iter().filter(|(mail, _)| !stay.contains(mail)).map(|(_, marker)| marker).collect();
        let mut markers = Tally::default();
        remove(bucket, &spent, &mut markers).await;
        tally.failed += markers.failed;
    })
    .await
}

/// Whether an upload has lain for `age`, to the second. One from a time to come has not.
fn is_due(object: &Object, age: Duration, now: SystemTime) -> bool {
    now.duration_since(object.modified).is_ok_and(|lain| lain >= age)
}

/// The mail that a marker stands for. The bare prefix, which S3's console makes for a folder, stands for none.
fn mail_of(marker: &str) -> Option<String> {
    marker.strip_prefix(DELIVERED).filter(|name| !name.is_empty()).map(|name| format!("{INCOMING}{name}"))
}

/// Goes through all under the prefix. Where a list does not come, the rest is unknown, and left to the next run.
async fn each_page(bucket: &impl Objects, prefix: &str, clock: &Clock, mut each: impl AsyncFnMut(Vec<Object>, &mut Tally)) -> Tally {
    let (mut tally, mut after) = (Tally::default(), None);
    loop {
        if SystemTime::now() >= clock.until {
            tracing::warn!(prefix, "time is up; the next run goes on");
            return Tally { unfinished: true, ..tally };
        }
        match bucket.page(prefix, after.as_deref()).await {
            Ok(page) => {
                each(page.objects, &mut tally).await;
                after = page.next;
            }
            Err(error) => {
                tracing::error!(prefix, %error, "the list did not come");
                tally.failed += 1;
                return tally;
            }
        }
        if after.is_none() {
            return tally;
        }
    }
}

/// Deletes, counts, and answers the keys that are still there.
async fn remove(bucket: &impl Objects, keys: &[String], tally: &mut Tally) -> HashSet<String> {
    let refused = bucket.delete(keys).await;
    for one in refused.iter().take(NAMED) {
        tracing::error!(key = one.key, reason = one.reason, "an object was not removed");
    }
    tally.failed += refused.len();
    tally.removed += keys.len().saturating_sub(refused.len());
    refused.into_iter().map(|one| one.key).collect()
}

#[cfg(test)]
mod tests;
