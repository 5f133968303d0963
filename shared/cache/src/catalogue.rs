//! What there is to choose from, as a web form asks for it each time that it opens. It is the same for everybody.

use crate::Cache;

/// How long an answer is kept. New knowledge has another key; a new build that shapes the answer otherwise has not, and waits this long.
const SECONDS: u64 = 300;

fn key(version: &str, provider: &str, region: Option<&str>) -> String {
    format!("catalogue:{version}:{provider}:{}", region.unwrap_or_default())
}

impl Cache {
    /// The answer as it was given a while ago. `version` is the catalogue's.
    pub async fn catalogue(&self, version: &str, provider: &str, region: Option<&str>) -> Option<String> {
        let key = key(version, provider, region);
        self.ask(async |mut connection| redis::cmd("GET").arg(key).query_async::<Option<String>>(&mut connection).await).await.flatten()
    }

    /// Keeps the answer. The region must be one of those that the catalogue knows, or keys would have no end.
    pub async fn keep_catalogue(&self, version: &str, provider: &str, region: Option<&str>, answer: &str) {
        let key = key(version, provider, region);
        let kept = self.ask(async |mut connection| {
            redis::cmd("SET").arg(key).arg(answer).arg("EX").arg(SECONDS).query_async::<()>(&mut connection).await
        });
        // What is not kept is derived again next time.
        let _ = kept.await;
    }
}
