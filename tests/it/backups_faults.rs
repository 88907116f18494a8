//! What befalls the files of a target: all of it is found, and brings nothing back.

use std::path::{Path, PathBuf};

use comanda_engine::backups::plan::Wanted;
use comanda_engine::backups::seal::DataKey;
use comanda_engine::backups::unit::Unit;
use comanda_engine::backups::{compact, elsewhere};
use serde_json::json;

use crate::backups::{Safe, files, live_file, state, target, until};
use crate::support::instant;
use crate::trade::id;

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (entry, to) = (entry.as_ref().unwrap(), to.join(entry.as_ref().unwrap().file_name()));
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// What befalls a file of a target.
type Fault = fn(&Path, &Path);

const FAULTS: &[(&str, Fault)] = &[
    ("dropped", |file, _| std::fs::remove_file(file).unwrap()),
    ("flipped at the beginning", |file, _| flip(file, 0)),
    ("flipped in its head", |file, _| flip(file, 20)),
    ("flipped in the middle", |file, _| flip(file, usize::MAX / 2)),
    ("flipped at the end", |file, _| flip(file, usize::MAX)),
    ("cut by a byte", |file, _| cut(file, |length| length - 1)),
    ("cut by half", |file, _| cut(file, |length| length / 2)),
    ("emptied", |file, _| cut(file, |_| 0)),
    ("another one in its place", |file, other| assert!(std::fs::copy(other, file).unwrap() > 0)),
    ("swapped with another", |file, other| {
        let (one, two) = (std::fs::read(file).unwrap(), std::fs::read(other).unwrap());
        std::fs::write(file, two).unwrap();
        std::fs::write(other, one).unwrap();
    }),
    ("written twice over", |file, _| {
        let bytes = std::fs::read(file).unwrap();
        std::fs::write(file, [&*bytes, &*bytes].concat()).unwrap();
    }),
];

fn flip(file: &Path, at: usize) {
    let mut bytes = std::fs::read(file).unwrap();
    let at = if at == usize::MAX / 2 { bytes.len() / 2 } else { at.min(bytes.len() - 1) };
    bytes[at] ^= 0x10;
    std::fs::write(file, bytes).unwrap();
}

fn cut(file: &Path, to: fn(usize) -> usize) {
    let bytes = std::fs::read(file).unwrap();
    std::fs::write(file, &bytes[..to(bytes.len())]).unwrap();
}

/// A target as it was left, and what it brings back.
struct Left {
    whole: tempfile::TempDir,
    restaurant: String,
    key: DataKey,
    expected: (u64, Vec<u8>),
}

impl Left {
    /// Stops the engine and keeps a copy of what it put away.
    async fn by(safe: Safe) -> Self {
        let (key, restaurant) = (safe.key(), safe.house.owner.restaurant_id().to_owned());
        let whole = tempfile::tempdir().unwrap();
        let Safe { house, folder } = safe;
        let expected = state(&live_file(&house));
        drop(house.app.stop_and_keep().await);
        copy_folder(&folder.path().join(&restaurant), &whole.path().join(&restaurant));
        std::fs::copy(folder.path().join("comanda.json"), whole.path().join("comanda.json")).unwrap();
        let left = Self { whole, restaurant, key, expected };
        // Nothing befell it: this is what is not brought back below.
        assert_eq!(left.brought(left.whole.path(), Wanted::Latest).await.as_ref(), Ok(&left.expected));
        left
    }

    async fn brought(&self, folder: &Path, wanted: Wanted) -> Result<(u64, Vec<u8>), String> {
        let fresh = tempfile::tempdir().unwrap();
        let outcome = elsewhere::bring_back(fresh.path(), &target(folder), self.key.clone(), wanted, 1).await;
        let file = fresh.path().join("restaurants").join(format!("{}.db", self.restaurant));
        assert_eq!(outcome.is_ok(), file.exists());
        outcome.map(|_| state(&file)).map_err(|failure| failure.to_string())
    }

    fn segments(&self) -> Vec<PathBuf> {
        files(&self.whole.path().join(&self.restaurant).join("journal"), "")
    }

    fn copy(&self) -> tempfile::TempDir {
        let copy = tempfile::tempdir().unwrap();
        copy_folder(self.whole.path(), copy.path());
        copy
    }

    fn moved(&self, path: &Path, copy: &tempfile::TempDir) -> PathBuf {
        copy.path().join(path.strip_prefix(self.whole.path()).unwrap())
    }

    /// Every fault on every segment but the last, on a way that begins at the first base and leads over all of them.
    async fn every_segment_is_needed_whole(&self) -> usize {
        let (mut tried, segments) = (0, self.segments());
        let first = self.first_base();
        for (fault, befall) in FAULTS {
            for pair in segments.windows(2) {
                let copy = self.copy();
                // Without the later base there is no way around it.
                let kept = self.moved(&first, &copy);
                for base in files(copy.path(), "/bases/").iter().filter(|path| !path.starts_with(&kept)) {
                    std::fs::remove_file(base).unwrap();
                }
                befall(&self.moved(&pair[0], &copy), &self.moved(&pair[1], &copy));
                let outcome = self.brought(copy.path(), Wanted::Latest).await;
                assert!(outcome.is_err(), "{} {fault}: {outcome:?}", pair[0].display());
                tried += 1;
            }
        }
        tried
    }

    fn first_base(&self) -> PathBuf {
        let mut bases = files(self.whole.path(), "/base");
        bases.retain(|path| path.ends_with("base"));
        bases[0].parent().unwrap().to_owned()
    }
}

async fn four_evenings(safe: &Safe) {
    for step in 0..4 {
        safe.house.app.pass_ms(60_000);
        safe.house.finished(["cash", "card"][step % 2]).await;
        safe.shipped().await;
    }
}

#[tokio::test]
async fn whatever_befalls_a_file_in_a_target_is_found_and_brings_nothing_back() {
    let safe = Safe::open().await;
    four_evenings(&safe).await;
    assert_eq!(safe.back_up().await["state"], "done");
    safe.house.finished("card").await;
    safe.shipped().await;
    let left = Left::by(safe).await;
    assert!(left.segments().len() >= 4, "{:?}", left.segments());
    let mut bases = files(left.whole.path(), "/bases/");
    bases.retain(|path| path.ends_with("base") || path.ends_with("manifest.json"));
    assert_eq!(bases.len(), 4);
    let mut tried = 0;
    for (fault, befall) in FAULTS {
        for (at, hit) in bases.iter().enumerate() {
            let copy = left.copy();
            befall(&left.moved(hit, &copy), &left.moved(&bases[(at + 2) % 4], &copy));
            let id = hit.parent().unwrap().file_name().unwrap().to_str().unwrap().parse().unwrap();
            let outcome = left.brought(copy.path(), Wanted::Base(id)).await;
            assert!(outcome.is_err(), "{} {fault}: {outcome:?}", hit.display());
            tried += 1;
        }
    }
    tried += left.every_segment_is_needed_whole().await;
    assert!(tried >= FAULTS.len() * 7, "{tried}");
    // Shipped twice is no fault.
    let copy = left.copy();
    assert_eq!(left.brought(copy.path(), Wanted::Latest).await.as_ref(), Ok(&left.expected));
    let base_id = left.first_base().file_name().unwrap().to_str().unwrap().parse().unwrap();
    assert!(left.brought(copy.path(), Wanted::Base(base_id)).await.is_ok());
    let before = Wanted::At(instant("2020-01-01T00:00:00Z"));
    assert!(left.brought(copy.path(), before).await.unwrap_err().contains("begin later"));
}

/// A merged segment, with young ones behind it.
#[tokio::test]
async fn whatever_befalls_a_merged_segment_is_found_and_brings_nothing_back() {
    let safe = Safe::open().await;
    for _ in 0..3 {
        four_evenings(&safe).await;
    }
    let journal = safe.unit().join("journal");
    let small: Vec<_> = files(&journal, "").into_iter().map(|path| (std::fs::read(&path).unwrap(), path)).collect();
    safe.house.app.pass_ms(2 * compact::AGE_MIN_MS);
    let app = safe.house.app.running.app();
    let unit = Unit::Restaurant(app.restaurants()[0].id);
    compact::compact(app, unit, &app.backups.settings().targets[0]).await.unwrap();
    assert_eq!(files(&journal, "").len(), 1);
    safe.house.finished("card").await;
    safe.shipped().await;
    safe.house.app.pass_ms(60_000);
    safe.house.finished("cash").await;
    safe.shipped().await;
    let left = Left::by(safe).await;
    let large = left.segments()[0].clone();
    assert!(small.iter().all(|(_, path)| path.file_name() != large.file_name()));
    assert!(left.every_segment_is_needed_whole().await >= FAULTS.len() * 2);
    // Merging was cut off: an altered one beside those it holds brings back what was there, or nothing.
    for (fault, befall) in FAULTS {
        let copy = left.copy();
        for (bytes, path) in &small {
            let beside = left.moved(&large, &copy).with_file_name(path.file_name().unwrap());
            std::fs::write(beside, bytes).unwrap();
        }
        befall(&left.moved(&large, &copy), &left.moved(&left.segments()[1], &copy));
        if let Ok(state) = left.brought(copy.path(), Wanted::Latest).await {
            assert_eq!(state, left.expected, "{fault}");
        }
    }
}

#[tokio::test]
async fn a_backup_that_was_altered_is_found_by_its_test_and_stays_on_the_list() {
    let safe = Safe::open().await;
    let owner = &safe.house.owner;
    let base = owner.get("/backups").await.ok()["bases"][0]["id"].clone();
    let file = safe.unit().join("bases").join(base.as_str().unwrap()).join("base");
    flip(&file, usize::MAX / 2);
    let test = json!({ "base_id": base });
    assert_eq!(owner.post("/backups/tests", test).await.status, 202);
    let of = |b: &serde_json::Value| b["bases"].as_array().unwrap().iter().find(|known| known["id"] == base).cloned();
    let has_failed = |b: &serde_json::Value| of(b).is_some_and(|base| base["targets"][0]["state"] == "failed");
    let backups = until(owner, "/backups", has_failed).await;
    let failed = of(&backups).unwrap();
    let finding = failed["targets"][0]["findings"][0].as_str().unwrap();
    assert!(finding.contains("altered"), "{finding}");
    let is_told =
        |run: &serde_json::Value| run["what"] == "verify" && run["state"] == "failed" && run["place"] == "Pantry";
    until(owner, "/backups", |b| b["runs"].as_array().unwrap().iter().any(is_told)).await;
    let restore = safe.prepare(json!({ "base_id": base })).await;
    assert_eq!(restore["state"], "failed");
    owner
        .post(&format!("/backups/restores/{}/confirm", id(&restore)), json!({ "name": "Trattoria da Lucia" }))
        .await
        .refused("conflict");
}
