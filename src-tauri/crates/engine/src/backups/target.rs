//! A place that backups go to: an object store, reached by names.
//!
//! A target is made once and marked; without its mark it is not there (a disk that is not mounted is an empty
//! folder) and nothing is written. Every call ends: a store that does not answer is an error.

use std::path::Path as File;
use std::sync::Arc;
use std::time::Duration;

use futures::{StreamExt, TryStreamExt};
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{BackoffConfig, ClientOptions, ObjectStore, ObjectStoreExt, RetryConfig, WriteMultipart};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

pub use super::refused::TargetError;
use super::settings::{self, Place};

/// For one answer.
const ANSWER_MAX: Duration = Duration::from_secs(30);
/// For a whole file, each way.
const FILE_MAX: Duration = Duration::from_secs(60 * 60);
/// S3 wants parts of at least 5 MB.
const PART_BYTES: usize = 8 * 1024 * 1024;
/// Objects listed at most: more than a year of seconds.
const LISTED_MAX: usize = 40_000_000;
const MARK: &str = "comanda.json";

/// A target that is open; cloning it is cheap.
#[derive(Debug, Clone)]
pub struct Target {
    pub id: uuid::Uuid,
    pub name: String,
    store: Arc<dyn ObjectStore>,
    prefix: Path,
    is_folder: bool,
}

/// What a list says of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub path: String,
    pub bytes: u64,
}

impl Target {
    /// Reaches a target that was made before.
    pub async fn reach(settings: &settings::Target) -> Result<Self, TargetError> {
        let target = Self::connect(settings)?;
        match target.get(MARK).await {
            Ok(_) => Ok(target),
            Err(TargetError::Missing(_)) => Err(target.gone()),
            Err(error) => Err(error),
        }
    }

    /// Its mark is not there.
    pub const fn gone(&self) -> TargetError {
        if self.is_folder { TargetError::Unplugged } else { TargetError::Emptied }
    }

    /// Whether its mark is there.
    pub async fn is_marked(&self) -> Result<bool, TargetError> {
        self.has(MARK).await
    }

    /// Makes a target, or takes one over that has its mark already.
    pub async fn make(settings: &settings::Target) -> Result<Self, TargetError> {
        if let Place::Folder { path } = &settings.place {
            // A disk that is not plugged in leaves no folder behind on the one the restaurant is on.
            match tokio::fs::create_dir(path).await {
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(TargetError::Nowhere),
                Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => return Err(error.into()),
                _ => {}
            }
        }
        let target = Self::connect(settings)?;
        if !target.has(MARK).await? {
            target.put(MARK, mark()).await?;
        }
        // What cannot be read back is no place for a backup.
        target.get(MARK).await?;
        Ok(target)
    }

    /// The same for a folder that a backup was unpacked into. Blocking.
    pub fn mark_folder(folder: &File) -> std::io::Result<()> {
        std::fs::write(folder.join(MARK), mark())
    }

    /// Whether a folder is inside the data directory, however it is spelled.
    pub fn is_inside(settings: &settings::Target, data_dir: &File) -> bool {
        let Place::Folder { path } = &settings.place else { return false };
        let Ok(data_dir) = data_dir.canonicalize() else { return false };
        // It may not be there yet.
        let there = File::new(path).ancestors().find_map(|folder| folder.canonicalize().ok());
        there.is_some_and(|there| there.starts_with(&data_dir))
    }

    fn connect(settings: &settings::Target) -> Result<Self, TargetError> {
        let (store, prefix): (Arc<dyn ObjectStore>, _) = match &settings.place {
            Place::Folder { path } => {
                if !File::new(path).is_dir() {
                    return Err(TargetError::Unplugged);
                }
                (Arc::new(LocalFileSystem::new_with_prefix(path)?.with_fsync(true)), Path::default())
            }
            Place::S3(s3) => {
                let retry = RetryConfig {
                    backoff: BackoffConfig { init_backoff: Duration::from_millis(200), ..Default::default() },
                    max_retries: 2,
                    retry_timeout: ANSWER_MAX,
                };
                let mut builder = AmazonS3Builder::new()
                    .with_region(&s3.region)
                    .with_bucket_name(&s3.bucket)
                    .with_access_key_id(&s3.access_key)
                    .with_secret_access_key(&s3.secret_key)
                    .with_client_options(ClientOptions::new().with_timeout(ANSWER_MAX).with_allow_http(true))
                    .with_allow_http(true)
                    .with_retry(retry);
                if let Some(endpoint) = &s3.endpoint {
                    builder = builder.with_endpoint(endpoint);
                }
                (Arc::new(builder.build()?), Path::from(&*s3.prefix))
            }
        };
        let is_folder = matches!(settings.place, Place::Folder { .. });
        Ok(Self { id: settings.id, name: settings.name.clone(), store, prefix, is_folder })
    }

    fn path(&self, name: &str) -> Path {
        Path::from(format!("{}/{name}", self.prefix))
    }

    pub async fn put(&self, name: &str, bytes: Vec<u8>) -> Result<(), TargetError> {
        in_time(ANSWER_MAX, self.store.put(&self.path(name), bytes.into())).await.map(drop)
    }

    pub async fn get(&self, name: &str) -> Result<Vec<u8>, TargetError> {
        let (store, path) = (&self.store, self.path(name));
        let bytes = in_time(ANSWER_MAX, async { store.get(&path).await?.bytes().await }).await?;
        Ok(bytes.to_vec())
    }

    pub async fn has(&self, name: &str) -> Result<bool, TargetError> {
        match in_time(ANSWER_MAX, self.store.head(&self.path(name))).await {
            Ok(_) => Ok(true),
            Err(TargetError::Missing(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Whole or not at all: a file that is half up is not there.
    pub async fn put_file(&self, name: &str, file: &File, mut went: impl FnMut(u64)) -> Result<(), TargetError> {
        let path = self.path(name);
        let work = async {
            let mut from = tokio::fs::File::open(file).await?;
            let mut up = WriteMultipart::new_with_chunk_size(self.store.put_multipart(&path).await?, PART_BYTES);
            let mut part = vec![0; 1024 * 1024];
            loop {
                let read = from.read(&mut part).await?;
                if read == 0 {
                    break;
                }
                if let Err(error) = up.wait_for_capacity(2).await {
                    drop(up.abort().await);
                    return Err(TargetError::from(error));
                }
                up.write(&part[..read]);
                went(read as u64);
            }
            up.finish().await?;
            Ok(())
        };
        tokio::time::timeout(FILE_MAX, work).await.map_err(|_| TargetError::Slow)?
    }

    pub async fn get_file(&self, name: &str, to: &File, mut came: impl FnMut(u64)) -> Result<(), TargetError> {
        let path = self.path(name);
        let work = async {
            let mut bytes = self.store.get(&path).await?.into_stream();
            let mut file = tokio::fs::File::create(to).await?;
            while let Some(part) = bytes.next().await {
                let part = part?;
                file.write_all(&part).await?;
                came(part.len() as u64);
            }
            file.flush().await?;
            Ok(())
        };
        tokio::time::timeout(FILE_MAX, work).await.map_err(|_| TargetError::Slow)?
    }

    /// Everything below a name.
    pub async fn list(&self, below: &str) -> Result<Vec<Listed>, TargetError> {
        let (below, own) = (self.path(below), self.prefix.as_ref().len());
        let own = own + usize::from(own > 0);
        let listed = self.store.list(Some(&below)).take(LISTED_MAX).map_ok(|object| Listed {
            path: object.location.as_ref().get(own..).unwrap_or_default().to_owned(),
            bytes: object.size,
        });
        in_time(ANSWER_MAX * 4, listed.try_collect()).await
    }

    /// Moves an object; what is gone already is gone.
    pub async fn set_aside(&self, name: &str, to: &str) -> Result<(), TargetError> {
        match self.get(name).await {
            Ok(bytes) => self.put(to, bytes).await?,
            Err(TargetError::Missing(_)) => {}
            Err(error) => return Err(error),
        }
        self.delete(name).await
    }

    /// What is gone already is gone.
    pub async fn delete(&self, name: &str) -> Result<(), TargetError> {
        match in_time(ANSWER_MAX, self.store.delete(&self.path(name))).await {
            Err(TargetError::Missing(_)) => Ok(()),
            other => other,
        }
    }
}

fn mark() -> Vec<u8> {
    let mark = serde_json::json!({ "what": "backups of Comanda", "format": super::manifest::FORMAT });
    mark.to_string().into_bytes()
}

async fn in_time<T>(
    most: Duration,
    work: impl Future<Output = Result<T, object_store::Error>>,
) -> Result<T, TargetError> {
    Ok(tokio::time::timeout(most, work).await.map_err(|_| TargetError::Slow)??)
}
