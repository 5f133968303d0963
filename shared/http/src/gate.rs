//! What stands between API Gateway and a handler: the user's rate limit, and answers that were given before.

use crate::{Error, Request, Response, log, once};
use cache::{Cache, Rate, Taken};
use std::future::Future;
use store::Store;

/// What a route asks for before its handler runs.
#[derive(Clone, Default)]
pub struct Gate {
    limit: Option<(Cache, Rate)>,
    answers: Option<Store>,
}

impl Gate {
    /// Lets everything through, as for a route that only reads and that anybody may call.
    #[must_use]
    pub fn open() -> Self {
        Self::default()
    }

    /// Each user may ask only so often.
    #[must_use]
    pub fn limited(mut self, cache: Cache, rate: Rate) -> Self {
        self.limit = Some((cache, rate));
        self
    }

    /// A request with an `Idempotency-Key` is carried out once.
    #[must_use]
    pub fn once(mut self, store: Store) -> Self {
        self.answers = Some(store);
        self
    }

    /// Runs the handler, if the request may pass and was not answered before.
    ///
    /// # Errors
    /// Those of the handler; `TooMany`, `Running`, `OtherRequest`.
    pub async fn pass<F>(&self, request: Request, handle: impl FnOnce(Request) -> F) -> Result<Response, Error>
    where
        F: Future<Output = Result<Response, Error>>,
    {
        if let (Some((cache, rate)), Ok(user)) = (&self.limit, request.user()) {
            if let Some(wait) = cache.refused(&user) {
                return Err(Error::TooMany(wait));
            }
            // What only reads is read while the token is asked for: one wait instead of two. The handler goes first, as the database
            // takes longer than Redis. Without a token its answer is dropped, and until there is one the user is refused above, so
            // that a refusal costs the database one read at most.
            if request.method() == "GET" {
                let (answer, taken) = tokio::join!(handle(request), cache.take(&user, *rate));
                return allowed(taken).and(answer);
            }
            allowed(cache.take(&user, *rate).await)?;
        }
        match &self.answers {
            Some(store) if request.method() == "POST" => {
                let again = request.clone();
                once::once(store, &again, || handle(request)).await
            }
            _ => handle(request).await,
        }
    }
}

fn allowed(taken: Taken) -> Result<(), Error> {
    match taken {
        Taken::Yes => Ok(()),
        Taken::NotBefore(wait) => Err(Error::TooMany(wait)),
        Taken::Unknown => {
            log::count("CacheUnavailable");
            Ok(())
        }
    }
}
