//! A place as it is typed: a folder, or a store with what opens it.

use clap::Args;
use comanda_engine::backups::settings::{Place, S3, Target as Saved};

use super::Failure;

/// How a store that speaks S3 is reached.
#[derive(Args)]
pub struct StoreArgs {
    /// Its address, like https://s3.example.com [default: Amazon's]
    #[arg(long, value_name = "URL", env = "AWS_ENDPOINT_URL")]
    endpoint: Option<String>,
    /// Its region
    #[arg(long, value_name = "NAME", env = "AWS_REGION", default_value = "us-east-1")]
    region: String,
    /// What opens it
    #[arg(long, value_name = "KEY", env = "AWS_ACCESS_KEY_ID")]
    access_key: Option<String>,
    /// And its secret
    #[arg(long, value_name = "KEY", env = "AWS_SECRET_ACCESS_KEY", hide_env_values = true)]
    secret_key: Option<String>,
}

/// A folder, or `s3://bucket/prefix`.
pub fn place(text: &str, store: &StoreArgs, name: &str) -> Result<Saved, Failure> {
    let place = match text.strip_prefix("s3://") {
        Some(rest) => {
            let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
            let (Some(access_key), Some(secret_key)) = (&store.access_key, &store.secret_key) else {
                return Err(Failure("a store is opened with --access-key and --secret-key".into()));
            };
            Place::S3(S3 {
                endpoint: store.endpoint.clone(),
                region: store.region.clone(),
                bucket: bucket.to_owned(),
                prefix: prefix.trim_matches('/').to_owned(),
                access_key: access_key.clone(),
                secret_key: secret_key.clone(),
            })
        }
        None => {
            let path = std::path::absolute(text)?;
            let path = path.to_str().ok_or_else(|| Failure("the folder's name is no text".into()))?.to_owned();
            Place::Folder { path }
        }
    };
    Ok(Saved { id: uuid::Uuid::now_v7(), name: name.to_owned(), place })
}
