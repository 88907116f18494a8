//! What befalls the files of a target: all of it is found, and brings nothing back.

use std::path::Path;

use comanda_engine::backups::elsewhere;
use comanda_engine::backups::plan::Wanted;
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

#[tokio::test]
async fn whatever_befalls_a_file_in_a_target_is_found_and_brings_nothing_back() {
    let safe = Safe::open().await;
    for step in 0..4 {
        safe.house.app.pass_ms(60_000);
        safe.house.finished(["cash", "card"][step % 2]).await;
        safe.shipped().await;
    }
    assert_eq!(safe.back_up().await["state"], "done");
    safe.house.finished("card").await;
    safe.shipped().await;
    let (key, restaurant) = (safe.key(), safe.house.owner.restaurant_id().to_owned());
    let whole = tempfile::tempdir().unwrap();
    let Safe { house, folder } = safe;
    let expected = state(&live_file(&house));
    drop(house.app.stop_and_keep().await);
    copy_folder(&folder.path().join(&restaurant), &whole.path().join(&restaurant));
    std::fs::copy(folder.path().join("comanda.json"), whole.path().join("comanda.json")).unwrap();
    let brought = async |folder: &Path, wanted| {
        let fresh = tempfile::tempdir().unwrap();
        let outcome = elsewhere::bring_back(fresh.path(), &target(folder), key.clone(), wanted, 1).await;
        let file = fresh.path().join("restaurants").join(format!("{restaurant}.db"));
        assert_eq!(outcome.is_ok(), file.exists());
        outcome.map(|_| state(&file)).map_err(|failure| failure.to_string())
    };
    // Nothing befell it: this is what is not brought back below.
    assert_eq!(brought(whole.path(), Wanted::Latest).await.as_ref(), Ok(&expected));
    let oldest = |folder: &Path| {
        let mut bases = files(folder, "/base");
        bases.retain(|path| path.ends_with("base"));
        bases[0].parent().unwrap().to_owned()
    };
    let first = oldest(whole.path());
    let base_id = first.file_name().unwrap().to_str().unwrap().parse().unwrap();
    let segments = files(&whole.path().join(&restaurant).join("journal"), "");
    assert!(segments.len() >= 4, "{segments:?}");
    let mut bases = files(whole.path(), "/bases/");
    bases.retain(|path| path.ends_with("base") || path.ends_with("manifest.json"));
    assert_eq!(bases.len(), 4);
    let mut tried = 0;
    for (fault, befall) in FAULTS {
        for (at, file) in bases.iter().enumerate() {
            let (hit, other) = (file, &bases[(at + 2) % 4]);
            let copy = tempfile::tempdir().unwrap();
            copy_folder(whole.path(), copy.path());
            let moved = |path: &Path| copy.path().join(path.strip_prefix(whole.path()).unwrap());
            befall(&moved(hit), &moved(other));
            let id = hit.parent().unwrap().file_name().unwrap().to_str().unwrap().parse().unwrap();
            let outcome = brought(copy.path(), Wanted::Base(id)).await;
            assert!(outcome.is_err(), "{} {fault}: {outcome:?}", hit.display());
            tried += 1;
        }
        // The way from the first base leads over every segment.
        for (at, file) in segments.iter().enumerate().take(segments.len() - 1) {
            let copy = tempfile::tempdir().unwrap();
            copy_folder(whole.path(), copy.path());
            let moved = |path: &Path| copy.path().join(path.strip_prefix(whole.path()).unwrap());
            // Without the later base there is no way around it.
            for base in files(copy.path(), "/bases/").iter().filter(|path| !path.starts_with(moved(&first))) {
                std::fs::remove_file(base).unwrap();
            }
            befall(&moved(file), &moved(&segments[at + 1]));
            let outcome = brought(copy.path(), Wanted::Latest).await;
            assert!(outcome.is_err(), "{} {fault}: {outcome:?}", file.display());
            tried += 1;
        }
    }
    assert!(tried >= FAULTS.len() * 7, "{tried}");
    // Shipped twice is no fault.
    let copy = tempfile::tempdir().unwrap();
    copy_folder(whole.path(), copy.path());
    assert_eq!(brought(copy.path(), Wanted::Latest).await.as_ref(), Ok(&expected));
    assert!(brought(copy.path(), Wanted::Base(base_id)).await.is_ok());
    assert!(
        brought(copy.path(), Wanted::At(instant("2020-01-01T00:00:00Z"))).await.unwrap_err().contains("begin later")
    );
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
    let backups = until(owner, "/backups", |b| b["bases"][0]["targets"][0]["state"] == "failed").await;
    let finding = backups["bases"][0]["targets"][0]["findings"][0].as_str().unwrap();
    assert!(finding.contains("altered"), "{finding}");
    until(owner, "/backups", |b| b["runs"][0]["what"] == "verify" && b["runs"][0]["state"] == "failed").await;
    let restore = safe.prepare(json!({ "base_id": base })).await;
    assert_eq!(restore["state"], "failed");
    owner
        .post(&format!("/backups/restores/{}/confirm", id(&restore)), json!({ "name": "Trattoria da Lucia" }))
        .await
        .refused("conflict");
}
