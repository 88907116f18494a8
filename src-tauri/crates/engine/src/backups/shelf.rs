//! What is known of what lies in each target: read from the target, kept up with what is put there.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};

use uuid::Uuid;

use super::Failure;
use super::manifest::{self, Manifest, Verdict};
use super::seal::DataKey;
use super::segment::{self, Segment};
use super::target::{Target, TargetError};
use super::unit::Unit;

/// A base and what its test restore said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shelved {
    pub manifest: Manifest,
    pub verdict: Option<Verdict>,
}

impl Shelved {
    pub fn is_verified(&self) -> bool {
        self.verdict.as_ref().is_some_and(Verdict::is_good)
    }

    /// It did not come back in its test. Where only the journal after it did not, it was followed from the base on.
    pub fn is_bad(&self) -> bool {
        self.verdict.as_ref().is_some_and(|verdict| !verdict.is_good() && verdict.entry < self.manifest.entry)
    }
}

/// One unit in one target.
#[derive(Debug, Clone, Default)]
pub struct Shelf {
    /// In the order they were made.
    pub bases: Vec<Shelved>,
    pub segments: Vec<Segment>,
    pub images: BTreeSet<String>,
    pub bytes: u64,
    /// What lies there and cannot be believed.
    pub findings: Vec<String>,
}

impl Shelf {
    pub fn base(&self, id: Uuid) -> Option<&Shelved> {
        self.bases.iter().find(|base| base.manifest.id == id)
    }

    /// The newest base of an epoch.
    pub fn newest(&self, epoch: u64) -> Option<&Shelved> {
        self.bases.iter().filter(|base| base.manifest.epoch == epoch).max_by_key(|base| base.manifest.entry)
    }

    /// Bases that were not found bad.
    pub fn sound(&self) -> impl Iterator<Item = &Shelved> {
        self.bases.iter().filter(|base| !base.is_bad())
    }

    /// The newest of them in an epoch.
    pub fn newest_sound(&self, epoch: u64) -> Option<&Shelved> {
        self.sound().filter(|base| base.manifest.epoch == epoch).max_by_key(|base| base.manifest.entry)
    }

    /// The last entry of an epoch that can be gone back to.
    pub fn reach(&self, epoch: u64) -> Option<u64> {
        let base = self.newest_sound(epoch)?;
        Some(segment::reached_from(base.manifest.entry, &self.of_epoch(epoch)))
    }

    pub fn of_epoch(&self, epoch: u64) -> Vec<Segment> {
        self.segments.iter().filter(|segment| segment.epoch == epoch).cloned().collect()
    }

    pub fn epoch_max(&self) -> u64 {
        let bases = self.bases.iter().map(|base| base.manifest.epoch);
        bases.chain(self.segments.iter().map(|segment| segment.epoch)).max().unwrap_or(0)
    }
}

/// Reads what a target holds of a unit. A base whose manifest is not believed is a finding and no base.
pub async fn look(target: &Target, unit: Unit, key: &DataKey) -> Result<Shelf, Failure> {
    let failed = |source| Failure::Target { target: target.name.clone(), source };
    let name = unit.name();
    let mut shelf = Shelf::default();
    let (mut manifests, mut verdicts) = (Vec::new(), Vec::new());
    for object in target.list(&name).await.map_err(failed)? {
        shelf.bytes += object.bytes;
        if let Some(segment) = Segment::parse(&object.path) {
            shelf.segments.push(segment);
        } else if object.path.ends_with("/manifest.json") {
            manifests.extend(segment::base_of(&object.path));
        } else if object.path.ends_with("/verdict.json") {
            verdicts.extend(segment::base_of(&object.path));
        } else if let Some(hash) = object.path.strip_prefix(&segment::image_path(&name, "")) {
            shelf.images.insert(hash.to_owned());
        }
    }
    for id in manifests {
        let path = segment::manifest_path(&name, id);
        let read = manifest::read::<Manifest>(key, &path, &target.get(&path).await.map_err(failed)?);
        match read {
            Ok(manifest) if manifest.id == id && manifest.unit == name => {
                let verdict = if verdicts.contains(&id) { verdict(target, &name, id, key).await } else { None };
                shelf.bases.push(Shelved { manifest, verdict });
            }
            Ok(_) => shelf.findings.push(format!("the manifest of base {id} is of another one")),
            Err(error) => shelf.findings.push(format!("the manifest of base {id}: {error}")),
        }
    }
    shelf.bases.sort_by_key(|base| (base.manifest.made_ms, base.manifest.id));
    shelf.segments.sort();
    Ok(shelf)
}

/// One that cannot be believed is none: the base is tested again.
async fn verdict(target: &Target, unit: &str, id: Uuid, key: &DataKey) -> Option<Verdict> {
    let path = segment::verdict_path(unit, id);
    let bytes = target.get(&path).await.ok()?;
    manifest::read::<Verdict>(key, &path, &bytes).ok().filter(|verdict| verdict.base == id)
}

/// The units a target holds something of.
pub async fn units(target: &Target) -> Result<Vec<Unit>, TargetError> {
    let listed = target.list("").await?;
    let units: BTreeSet<_> = listed.iter().filter_map(|object| Unit::parse(object.path.split_once('/')?.0)).collect();
    Ok(units.into_iter().collect())
}

/// How far the journal is in a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shipped {
    pub entry: u64,
    pub at_ms: i64,
}

/// What keeps a target from being up to date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    pub why: String,
    pub since_ms: i64,
    /// Tries since.
    pub tries: u32,
    /// Not tried again before.
    pub next_ms: i64,
}

/// A test that failed, until a newer one went well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    pub why: String,
    pub since_ms: i64,
    /// When a new base was begun because of it.
    pub tried_ms: Option<i64>,
}

#[derive(Debug, Clone, Default)]
pub struct Place {
    pub target: Option<Target>,
    /// None: not looked at since the engine started, or since something went wrong.
    pub shelf: Option<Shelf>,
    /// Where shipping goes on; None: to be read from the target.
    pub shipped: Option<Shipped>,
    /// What was there for certain, also while the target cannot be asked.
    pub confirmed: Option<Shipped>,
    pub trouble: Option<Trouble>,
    pub broken: Option<Broken>,
    /// Another computer goes on with what this place holds: what is written here goes nowhere.
    pub fenced: bool,
    /// Goes up when what was known of what lies there is no longer so.
    pub history: u64,
}

/// All of them, by unit and target.
#[derive(Debug, Default)]
pub struct Shelves(Mutex<HashMap<(Unit, Uuid), Place>>);

impl Shelves {
    pub fn place(&self, unit: Unit, target: Uuid) -> Place {
        self.all().get(&(unit, target)).cloned().unwrap_or_default()
    }

    pub fn with<T>(&self, unit: Unit, target: Uuid, change: impl FnOnce(&mut Place) -> T) -> T {
        change(self.all().entry((unit, target)).or_default())
    }

    /// What is known of a unit is looked at anew.
    pub fn forget(&self, unit: Unit) {
        self.all().retain(|(known, _), _| *known != unit);
    }

    pub fn forget_target(&self, target: Uuid) {
        self.all().retain(|(_, known), _| *known != target);
    }

    /// The highest epoch any target holds of a unit, as far as is known.
    pub fn epoch_max(&self, unit: Unit) -> u64 {
        let all = self.all();
        let of_unit = all.iter().filter(|((known, _), _)| *known == unit);
        of_unit.filter_map(|(_, place)| place.shelf.as_ref()).map(Shelf::epoch_max).max().unwrap_or(0)
    }

    fn all(&self) -> std::sync::MutexGuard<'_, HashMap<(Unit, Uuid), Place>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
