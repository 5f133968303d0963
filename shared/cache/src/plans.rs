//! The first page of a user's plans, which a dashboard asks for again and again.

use crate::Cache;
use domain::UserId;

/// How far behind a list may be.
const SECONDS: u64 = 5;

fn key(user: &UserId) -> String {
    format!("plans:{}", user.as_str())
}

impl Cache {
    /// The page as it was answered a moment ago.
    pub async fn plans(&self, user: &UserId, limit: u32) -> Option<String> {
        let (key, field) = (key(user), limit);
        let found =
            self.ask(async |mut connection| redis::cmd("HGET").arg(key).arg(field).query_async::<Option<String>>(&mut connection).await);
        found.await.flatten()
    }

    /// Keeps the page for a few seconds.
    pub async fn keep_plans(&self, user: &UserId, limit: u32, page: &str) {
        let key = key(user);
        let kept = self.ask(async |mut connection| {
            let mut both = redis::pipe();
            both.atomic().hset(&key, limit, page).ignore().expire(&key, i64::try_from(SECONDS).unwrap_or(1)).ignore();
            both.query_async::<()>(&mut connection).await
        });
        // What is not kept is read from the database next time.
        let _ = kept.await;
    }

    /// A plan of the user's, or its deployment, has changed.
    pub async fn forget_plans(&self, user: &UserId) {
        let key = key(user);
        let _ = self.ask(async |mut connection| redis::cmd("DEL").arg(key).query_async::<()>(&mut connection).await).await;
    }
}
