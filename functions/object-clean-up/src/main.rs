//! Event source: a schedule, every day.

use lambda_runtime::{Error, run, service_fn};
use object_clean_up::{Deps, handle};
use platform::objects::Bucket;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    http_api::log::start();
    let aws = aws_config::load_defaults(aws_config::BehaviorVersion::latest()).await;
    let config = config::CleanUp::from_env()?;
    let bucket = |place: config::Bucket| Bucket::new(&aws, place.name, place.region);
    let deps = Deps { media: bucket(config.media), mail: config.mail.map(bucket), tmp_age: config.tmp_age };
    let deps = &deps;
    run(service_fn(async move |event| handle(deps, event).await)).await
}
