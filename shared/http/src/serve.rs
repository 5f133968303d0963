use crate::{Error, Gate, Request, Response};
use lambda_http::{Body, service_fn};
use std::future::Future;
use std::sync::Arc;
use tracing::Instrument;

/// Runs a handler behind its gate, as a Lambda, until the runtime ends it. Every log line of a request carries its id.
///
/// # Errors
/// If the runtime can't be reached.
pub async fn serve<D, H, F>(gate: Gate, deps: D, handler: H) -> Result<(), lambda_http::Error>
where
    D: Send + Sync,
    H: Fn(Arc<D>, Request) -> F + Sync,
    F: Future<Output = Result<Response, Error>> + Send,
{
    let (gate, deps, handler) = (&gate, Arc::new(deps), &handler);
    lambda_http::run(service_fn(move |request: lambda_http::Request| {
        let request = Request::from(request);
        let id = request.id();
        let span = tracing::info_span!("request", request_id = id);
        let deps = Arc::clone(&deps);
        async move {
            let answer = gate.pass(request, |request| handler(deps, request)).await;
            Ok::<_, lambda_http::Error>(bytes(finish(answer, id)))
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

fn bytes(response: Response) -> lambda_http::Response<Body> {
    let mut builder = lambda_http::Response::builder().status(response.status);
    for (name, value) in response.headers {
        builder = builder.header(name.as_ref(), value);
    }
    let body = match response.body {
        Some((kind, text)) => {
            builder = builder.header("content-type", kind.as_ref());
            Body::Text(text)
        }
        None => Body::Empty,
    };
    // A header that can't stand in HTTP is a defect; an empty 500 is what is left to say.
    builder.body(body).unwrap_or_else(|_| {
        let mut failed = lambda_http::Response::new(Body::Empty);
        *failed.status_mut() = lambda_http::http::StatusCode::INTERNAL_SERVER_ERROR;
        failed
    })
}
