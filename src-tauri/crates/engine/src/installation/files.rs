//! The restaurants' files as they are found at start: which open, which do not, which belong to nobody.
//!
//! A file that cannot be opened harms its own restaurant only. A file that no restaurant of this
//! installation refers to (setting up ended half-way) is moved aside and never deleted.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock};

use comanda_db::OpenError;
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::{ApiError, Code, Refusal};
use crate::kernel::ids::RestaurantId;

/// Why a restaurant's file cannot be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// The file is not there.
    Missing,
    /// It is no database any more, or not a whole one.
    Damaged,
    /// A newer version of the program made it.
    Newer,
    /// The disk or its permissions do not let it be read.
    Inaccessible,
    /// An older version of the program made it, and it could not be copied before it is changed.
    Uncopied,
}

impl Trouble {
    pub fn of(error: &OpenError) -> Self {
        use rusqlite::ErrorCode::{
            CannotOpen, DatabaseBusy, DatabaseLocked, PermissionDenied, ReadOnly, SystemIoFailure,
        };
        match error {
            OpenError::Newer { .. } => Self::Newer,
            OpenError::Thread(_) => Self::Inaccessible,
            OpenError::Uncopied { .. } => Self::Uncopied,
            OpenError::Sqlite { source, .. } => match source.sqlite_error_code() {
                Some(CannotOpen | DatabaseBusy | DatabaseLocked | PermissionDenied | ReadOnly | SystemIoFailure) => {
                    Self::Inaccessible
                }
                _ => Self::Damaged,
            },
        }
    }

    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Missing => "This restaurant's file is not there. Put it back, or restore a backup.",
            Self::Damaged => "This restaurant's file is damaged and was left as it is. Restore a backup.",
            Self::Newer => "This restaurant's file was made by a newer version of Comanda. Update to open it.",
            Self::Inaccessible => {
                "This restaurant's file cannot be read from the disk. See to the disk and start again."
            }
            Self::Uncopied => {
                "This restaurant's file is of an older version and could not be copied before it is changed, so it was left as it is. Make room on the disk and start again."
            }
        }
    }
}

/// The restaurants of this installation that are not open.
#[derive(Default)]
pub struct Unreadable(RwLock<BTreeMap<RestaurantId, Trouble>>);

impl Unreadable {
    pub fn note(&self, id: RestaurantId, trouble: Trouble) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(id, trouble);
    }

    /// It is open again.
    pub fn clear(&self, id: RestaurantId) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).remove(&id);
    }

    pub fn all(&self) -> Vec<(RestaurantId, Trouble)> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).iter().map(|(id, trouble)| (*id, *trouble)).collect()
    }

    /// What somebody is told who asks for this restaurant, if it is one of these.
    pub fn refusal(&self, id: RestaurantId) -> Option<ApiError> {
        let trouble = self.0.read().unwrap_or_else(PoisonError::into_inner).get(&id).copied()?;
        let refusal = Refusal::new(Code::RestaurantUnreadable, trouble.sentence());
        Some(refusal.with_details(serde_json::json!({ "reason": trouble })).into())
    }
}

/// What is wrong with a file before anything is opened: opening makes what is not there.
pub fn look(path: &Path) -> Option<Trouble> {
    match std::fs::metadata(path) {
        Ok(file) if file.is_file() && file.len() > 0 => None,
        Ok(_) => Some(Trouble::Damaged),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Some(Trouble::Missing),
        Err(_) => Some(Trouble::Inaccessible),
    }
}

/// Where files go that belong to no restaurant.
const ASIDE: &str = "set-aside";

/// Moves files out of `restaurants` that none of `known` refers to. Returns where they went.
pub fn set_aside(data_dir: &Path, known: &[RestaurantId]) -> std::io::Result<Vec<PathBuf>> {
    let mut moved = Vec::new();
    for entry in std::fs::read_dir(data_dir.join("restaurants"))? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        // Only what this program itself would have made: an id, and SQLite's own files beside it.
        let Some((id, kind)) = name.split_once('.') else { continue };
        let Ok(id) = id.parse().map(RestaurantId) else { continue };
        if !matches!(kind, "db" | "db-wal" | "db-shm") || known.contains(&id) {
            continue;
        }
        let aside = data_dir.join(ASIDE);
        std::fs::create_dir_all(&aside)?;
        let to = free_name(&aside, &name);
        std::fs::rename(&path, &to)?;
        moved.push(to);
    }
    Ok(moved)
}

/// Nothing that was set aside before is written over.
fn free_name(folder: &Path, name: &str) -> PathBuf {
    let mut to = folder.join(name);
    let mut n = 1;
    while to.exists() {
        n += 1;
        to = folder.join(format!("{n}-{name}"));
    }
    to
}
