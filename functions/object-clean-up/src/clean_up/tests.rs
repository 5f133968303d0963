//! On a bucket in memory, which refuses what it is told to.

use super::*;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::time::UNIX_EPOCH;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const AGE: Duration = Duration::from_secs(3 * 24 * 60 * 60);
const PAGE: usize = 1000;

#[derive(Default)]
struct Memory {
    objects: RefCell<BTreeMap<String, SystemTime>>,
    /// Objects that can't be deleted.
    stuck: BTreeSet<String>,
    /// The page that does not come, counted from 0.
    broken: Option<usize>,
    pages: RefCell<usize>,
}

impl Memory {
    fn with<K: Into<String>>(objects: impl IntoIterator<Item = (K, SystemTime)>) -> Self {
        let objects = objects.into_iter().map(|(key, modified)| (key.into(), modified)).collect();
        Self { objects: RefCell::new(objects), ..Self::default() }
    }

    fn stuck(self, key: &str) -> Self {
        Self { stuck: [key.to_owned()].into(), ..self }
    }

    fn left(&self) -> Vec<String> {
        self.objects.borrow().keys().cloned().collect()
    }
}

impl Objects for Memory {
    async fn page(&self, prefix: &str, after: Option<&str>) -> Result<Page, Error> {
        let number = self.pages.replace_with(|number| *number + 1);
        if self.broken == Some(number) {
            return Err(Error { bucket: "memory".to_owned(), reason: "SlowDown".to_owned() });
        }
        let objects = self.objects.borrow();
        let later = objects.iter().filter(|(key, _)| key.starts_with(prefix) && after.is_none_or(|after| key.as_str() > after));
        let mut found: Vec<_> = later.map(|(key, modified)| Object { key: key.clone(), modified: *modified }).take(PAGE + 1).collect();
        let more = found.len() > PAGE;
        found.truncate(PAGE);
        let next = found.last().filter(|_| more).map(|last| last.key.clone());
        Ok(Page { objects: found, next })
    }

    async fn delete(&self, keys: &[String]) -> Vec<Refused> {
        let (stuck, gone): (Vec<_>, Vec<_>) = keys.iter().partition(|key| self.stuck.contains(*key));
        for key in gone {
            self.objects.borrow_mut().remove(key);
        }
        stuck.into_iter().map(|key| Refused { key: key.clone(), reason: "AccessDenied".to_owned() }).collect()
    }
}

fn now() -> SystemTime {
    UNIX_EPOCH + 20_000 * DAY
}

/// A run at that time with all the time it needs.
fn clock() -> Clock {
    Clock { now: now(), until: SystemTime::now() + DAY }
}

fn tally(removed: usize, kept: usize, failed: usize) -> Tally {
    Tally { removed, kept, failed, unfinished: false }
}

#[tokio::test]
async fn uploads_go_when_they_are_three_days_old_and_nothing_else_does() {
    let second = Duration::from_secs(1);
    let bucket = Memory::with([
        ("media/old", now() - 100 * DAY),
        ("tmp", now() - 100 * DAY),
        ("tmp-2026/old", now() - 100 * DAY),
        ("tmp/exactly", now() - AGE),
        ("tmp/from-tomorrow", now() + DAY),
        ("tmp/nearly", now() - AGE + second),
        ("tmp/old", now() - 100 * DAY),
        ("tmp/young", now()),
        ("users/old", now() - 100 * DAY),
    ]);
    assert_eq!(tmp(&bucket, AGE, &clock()).await, tally(2, 3, 0));
    assert_eq!(bucket.left(), ["media/old", "tmp", "tmp-2026/old", "tmp/from-tomorrow", "tmp/nearly", "tmp/young", "users/old"]);
    assert_eq!(tmp(&bucket, AGE, &clock()).await, tally(0, 3, 0), "a second run finds nothing more to do");
}

#[tokio::test]
async fn more_than_a_page_goes_in_one_run() {
    let old = (0..2 * PAGE + 1).map(|number| (format!("tmp/{number:05}"), now() - AGE));
    let bucket = Memory::with(old.chain([("tmp/young".to_owned(), now())]));
    assert_eq!(tmp(&bucket, AGE, &clock()).await, tally(2 * PAGE + 1, 1, 0));
    assert_eq!(bucket.left(), ["tmp/young"]);
}

#[tokio::test]
async fn one_object_that_stays_is_counted_and_stops_no_other() {
    let old = (0..PAGE + 2).map(|number| (format!("tmp/{number:05}"), now() - AGE));
    let bucket = Memory::with(old).stuck("tmp/00000");
    assert_eq!(tmp(&bucket, AGE, &clock()).await, tally(PAGE + 1, 0, 1));
    assert_eq!(bucket.left(), ["tmp/00000"]);
    assert_eq!(tmp(&bucket, AGE, &clock()).await, tally(0, 0, 1), "it is tried, and told of, each time");
}

#[tokio::test]
async fn a_list_that_does_not_come_fails_the_run_and_keeps_what_was_done() {
    let old = (0..2 * PAGE).map(|number| (format!("tmp/{number:05}"), now() - AGE));
    let bucket = Memory { broken: Some(1), ..Memory::with(old) };
    assert_eq!(tmp(&bucket, AGE, &clock()).await, tally(PAGE, 0, 1));
    assert_eq!(bucket.left().len(), PAGE);
    assert_eq!(tmp(&bucket, AGE, &clock()).await, tally(PAGE, 0, 0), "the next run goes on");
}

#[tokio::test]
async fn without_time_nothing_is_begun_and_nothing_has_failed() {
    let bucket = Memory::with([("tmp/old", now() - AGE), ("delivered/1", now()), ("incoming/1", now())]);
    let late = Clock { now: now(), until: UNIX_EPOCH };
    let unfinished = Tally { unfinished: true, ..Tally::default() };
    assert_eq!((tmp(&bucket, AGE, &late).await, mail(&bucket, &late).await), (unfinished, unfinished));
    assert_eq!(bucket.left().len(), 3);
}

#[tokio::test]
async fn mail_goes_when_it_was_delivered_and_its_marker_with_it() {
    let bucket = Memory::with([
        ("delivered/", now()),
        ("delivered/gone-already", now()),
        ("delivered/one", now()),
        ("incoming/AMAZON_SES_SETUP_NOTIFICATION", now() - 100 * DAY),
        ("incoming/one", now()),
        ("incoming/waits", now() - 100 * DAY),
    ]);
    assert_eq!(mail(&bucket, &clock()).await, tally(2, 0, 0));
    assert_eq!(bucket.left(), ["delivered/", "incoming/AMAZON_SES_SETUP_NOTIFICATION", "incoming/waits"]);
    assert_eq!(mail(&bucket, &clock()).await, tally(0, 0, 0), "a second run finds nothing more to do");
}

#[tokio::test]
async fn a_mail_that_stays_keeps_its_marker() {
    let mails = ["incoming/1", "incoming/2", "delivered/1", "delivered/2"].map(|key| (key, now()));
    let bucket = Memory::with(mails).stuck("incoming/1");
    assert_eq!(mail(&bucket, &clock()).await, tally(1, 0, 1));
    assert_eq!(bucket.left(), ["delivered/1", "incoming/1"]);
}

#[tokio::test]
async fn a_marker_that_stays_fails_the_run() {
    let mails = ["incoming/1", "delivered/1"].map(|key| (key, now()));
    let bucket = Memory::with(mails).stuck("delivered/1");
    assert_eq!(mail(&bucket, &clock()).await, tally(1, 0, 1));
    assert_eq!(bucket.left(), ["delivered/1"]);
}
