use crate::event::Answer;
use crate::{Error, Gate, Request, Response};
use lambda_runtime::{LambdaEvent, service_fn};
use std::future::Future;
use std::sync::Arc;
use tracing::Instrument;

/// Runs a handler behind its gate, as a Lambda, until the runtime ends it. Every log line of a request carries its id.
///
/// # Errors
/// If the runtime can't be reached.
pub async fn serve<D, H, F>(gate: Gate, deps: D, handler: H) -> Result<(), lambda_runtime::Error>
where
    D: Send + Sync,
    H: Fn(Arc<D>, Request) -> F + Sync,
    F: Future<Output = Result<Response, Error>> + Send,
{
    let (gate, deps, handler) = (&gate, Arc::new(deps), &handler);
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Request>| {
        let request = event.payload;
        let id = request.id();
        let span = tracing::info_span!("request", request_id = id);
        let deps = Arc::clone(&deps);
        async move {
            // Boxed: a handler's future holds whole SDK calls, and the gate keeps one for each way through it.
            let answer = gate.pass(request, |request| Box::pin(handler(deps, request))).await;
            Ok::<_, lambda_runtime::Error>(Answer::from(finish(answer, id)))
        }
        .instrument(span)
    }))
    .await
}

/// What the caller gets for a handler's result.
#[must_use]
pub fn finish(result: Result<Response, Error>, request_id: String) -> Response {
    result.unwrap_or_else(|error| error.into_response(&request_id)).with("x-request-id", request_id)
}
