//! Answers that outlive a restart: warm when nothing happened meanwhile, and never stale whatever did.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};

use crate::support::{Person, TestApp};
use crate::trade::House;

/// What is asked for: the menu, the settings, a report that is over, one that is not.
const PATHS: &[&str] =
    &["/menu", "", "/reports/summary?from=2026-01-01&to=2026-01-07", "/reports/days?from=2026-01-01&to=2026-01-31"];

/// A house on the clock as it runs.
async fn house() -> House {
    let app = TestApp::start().await;
    let owner = app.set_up().await;
    House::with(app, owner).await
}

impl House {
    /// Stops, lets `meanwhile` do something to the folder, starts again.
    async fn again_after(self, meanwhile: impl FnOnce(&Path)) -> House {
        let folder = self.app.stop_and_keep().await;
        meanwhile(folder.path());
        let app = TestApp::start_in(folder).await;
        let owner = app.again(&self.owner);
        settled(&owner).await;
        House { app, owner, ..self }
    }

    fn file(&self) -> PathBuf {
        self.app
            .running
            .app()
            .restaurant_path(comanda_engine::kernel::ids::RestaurantId(self.owner.restaurant_id().parse().unwrap()))
    }
}

async fn figures(owner: &Person) -> Value {
    owner.get("~/cache").await.ok()
}

/// The folder on disk is opened beside everything else.
async fn settled(owner: &Person) -> Value {
    let began = Instant::now();
    loop {
        let figures = figures(owner).await;
        if figures["disk"]["state"] != "opening" {
            return figures;
        }
        assert!(began.elapsed() < Duration::from_secs(30), "answers on disk stay at {figures}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

async fn read_all(owner: &Person) -> Vec<String> {
    let mut texts = Vec::new();
    for path in PATHS {
        let answer = owner.get(path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        texts.push(answer.text);
    }
    texts
}

async fn rename(house: &House, name: &str) {
    house.owner.patch(&format!("/menu/items/{}", house.pizza), json!({ "name": name })).await.ok();
}

async fn pizza(owner: &Person) -> String {
    let menu = owner.get("/menu").await.ok();
    let items = menu["categories"][0]["items"].as_array().unwrap();
    items.iter().map(|item| item["name"].as_str().unwrap()).find(|name| name.starts_with("Mar")).unwrap().to_owned()
}

#[tokio::test]
async fn a_restart_starts_warm() {
    let house = house().await;
    settled(&house.owner).await;
    let before = read_all(&house.owner).await;
    // Twice: what came from the disk is there for the start after the next one too.
    let mut house = house;
    for _ in 0..2 {
        house = house.again_after(|_| ()).await;
        assert_eq!(read_all(&house.owner).await, before);
        let figures = figures(&house.owner).await;
        assert_eq!((&figures["made"], &figures["disk"]["given"]), (&json!(0), &json!(PATHS.len())), "{figures}");
        let part = house.owner.get("~/health/cache").await.ok();
        assert!(part["figures"].as_array().unwrap().iter().any(|figure| figure["name"] == "disk_given"), "{part}");
    }
    // Then on from memory, and what is written next drops just what it touches.
    rename(&house, "Marinara").await;
    assert_eq!(pizza(&house.owner).await, "Marinara");
    assert_eq!(read_all(&house.owner).await[1..], before[1..]);
    // The menu, and both reports, which name what was sold.
    assert_eq!(figures(&house.owner).await["made"], 3);
}

#[tokio::test]
async fn a_file_that_was_put_back_is_answered_as_it_is() {
    let house = house().await;
    settled(&house.owner).await;
    let kept = tempfile::tempdir().unwrap();
    let file = house.file();
    let wal = file.with_extension("db-wal");
    assert_eq!(pizza(&house.owner).await, "Margherita");
    let house = house
        .again_after(|_| {
            // With its times, as a careful person copies.
            for from in [&file, &wal] {
                std::process::Command::new("cp").arg("-p").arg(from).arg(kept.path()).output().unwrap();
            }
        })
        .await;
    rename(&house, "Marinara").await;
    assert_eq!(pizza(&house.owner).await, "Marinara");
    let house = house
        .again_after(|_| {
            for to in [&file, &wal] {
                std::fs::remove_file(to).ok();
                let from = kept.path().join(to.file_name().unwrap());
                if from.exists() {
                    std::process::Command::new("cp").arg("-p").arg(from).arg(to).output().unwrap();
                }
            }
        })
        .await;
    assert_eq!(pizza(&house.owner).await, "Margherita");
    // Another change brings it to the same entry as then, and to another state.
    rename(&house, "Marechiaro").await;
    assert_eq!(pizza(&house.owner).await, "Marechiaro");
    let house = house.again_after(|_| ()).await;
    assert_eq!(pizza(&house.owner).await, "Marechiaro");
}

#[tokio::test]
async fn what_another_program_wrote_past_the_records_is_seen() {
    let house = house().await;
    settled(&house.owner).await;
    assert_eq!(house.owner.get("").await.ok()["name"], "Trattoria da Lucia");
    let file = house.file();
    let house = house
        .again_after(|_| {
            let conn = rusqlite::Connection::open(&file).unwrap();
            assert_eq!(conn.execute("UPDATE restaurant SET name = 'By hand'", []).unwrap(), 1);
        })
        .await;
    assert_eq!(house.owner.get("").await.ok()["name"], "By hand");
}

#[tokio::test]
async fn practice_and_the_past_leave_nothing_there() {
    let house = house().await;
    settled(&house.owner).await;
    house.owner.get("/menu").await.ok();
    let written = |figures: &Value| figures["disk"]["entries"].as_u64().unwrap();
    let house = house.again_after(|_| ()).await;
    let before = written(&figures(&house.owner).await);
    // What nobody asks for during a whole run lapses with it.
    house.owner.get("/menu").await.ok();
    house.owner.post("/practice", json!({})).await.created();
    let request = house.owner.request(reqwest::Method::GET, "/reports/hours?from=2026-01-01&to=2026-01-02");
    assert_eq!(request.header("x-practice", "1").send().await.unwrap().status(), 200);
    let house = house.again_after(|_| ()).await;
    assert_eq!(written(&figures(&house.owner).await), before);
}

/// Something bad happens to the folder.
fn harm(random: &mut StdRng, data: &Path) -> Option<std::fs::File> {
    let root = data.join("cache");
    let files = || {
        let mut files = Vec::new();
        let mut folders = vec![root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
                match entry.file_type().unwrap() {
                    kind if kind.is_dir() => folders.push(entry.path()),
                    kind if kind.is_file() => files.push(entry.path()),
                    // A link to what is always full.
                    _ => {}
                }
            }
        }
        files.sort();
        files
    };
    match random.random_range(0..8) {
        0 => drop(std::fs::remove_dir_all(&root).or_else(|_| std::fs::remove_file(&root))),
        1 => {
            drop(std::fs::remove_dir_all(&root).or_else(|_| std::fs::remove_file(&root)));
            std::fs::write(&root, "a file where a folder should be").unwrap();
        }
        2 | 3 => {
            for file in files() {
                let mut bytes = std::fs::read(&file).unwrap();
                for _ in 0..random.random_range(1..200) {
                    let Some(last) = bytes.len().checked_sub(1) else { break };
                    let at = random.random_range(0..=last.min(40_000));
                    bytes[at] = random.random();
                }
                std::fs::write(&file, bytes).unwrap();
            }
        }
        4 => {
            for file in files() {
                let about = std::fs::OpenOptions::new().write(true).open(&file).unwrap();
                about.set_len(random.random_range(0..=about.metadata().unwrap().len())).unwrap();
            }
        }
        5 => {
            // Nothing can be made in there.
            drop(std::fs::remove_dir_all(&root).or_else(|_| std::fs::remove_file(&root)));
            #[cfg(unix)]
            std::os::unix::fs::symlink("/dev/full", &root).unwrap();
        }
        6 => {
            let lock = files().into_iter().find(|file| file.ends_with("db"));
            let lock = lock.and_then(|file| std::fs::OpenOptions::new().write(true).open(file).ok());
            drop(lock.as_ref().map(std::fs::File::try_lock));
            return lock;
        }
        _ => {}
    }
    None
}

#[tokio::test]
async fn whatever_happens_to_the_folder_no_answer_is_wrong_or_missing() {
    let mut random = StdRng::seed_from_u64(26);
    let mut house = house().await;
    let (mut name, mut shop) = ("Margherita".to_owned(), "Trattoria da Lucia".to_owned());
    let (mut warm, mut harmed, mut round, mut held) = (0, 0, 0, None);
    while harmed < 200 {
        round += 1;
        for _ in 0..random.random_range(1..7) {
            match random.random_range(0..5) {
                0 => {
                    name = format!("Mar {round}");
                    rename(&house, &name).await;
                }
                1 => {
                    shop = format!("Trattoria {round}");
                    house.owner.patch("", json!({ "name": shop })).await.ok();
                }
                2 | 3 => {
                    harmed += 1;
                    drop(harm(&mut random, house.app.folder.path()));
                }
                _ => {}
            }
            assert_eq!(pizza(&house.owner).await, name, "round {round}");
            assert_eq!(house.owner.get("").await.ok()["name"], shop.as_str(), "round {round}");
            read_all(&house.owner).await;
        }
        let is_harmed = random.random_bool(0.5);
        house = house
            .again_after(|data| {
                drop(held.take());
                if is_harmed {
                    harmed += 1;
                    held = harm(&mut random, data);
                }
            })
            .await;
        assert_eq!(pizza(&house.owner).await, name, "after restart {round}");
        assert_eq!(house.owner.get("").await.ok()["name"], shop.as_str(), "after restart {round}");
        warm += figures(&house.owner).await["disk"]["given"].as_u64().unwrap();
    }
    assert!(warm >= 10, "nothing was ever warm, so nothing was shown: {warm}");
}

#[tokio::test]
async fn readers_beside_writers_and_restarts_never_see_what_was() {
    let mut house = house().await;
    let mut last = 0;
    for round in 0..6 {
        let reader = house.owner.clone();
        let (told, heard) = tokio::sync::watch::channel(last);
        let readers: Vec<_> = (0..4)
            .map(|_| {
                let (reader, heard) = (reader.clone(), heard.clone());
                tokio::spawn(async move {
                    while heard.has_changed().is_ok() {
                        let known = *heard.borrow();
                        let name = pizza(&reader).await;
                        let seen: u32 = name.trim_start_matches("Mar").trim().parse().unwrap_or(0);
                        assert!(seen >= known, "{seen} was read after {known} had been answered");
                    }
                })
            })
            .collect();
        for _ in 0..10 {
            last += 1;
            rename(&house, &format!("Mar {last}")).await;
            told.send_replace(last);
        }
        drop(told);
        for reader in readers {
            reader.await.unwrap();
        }
        house = house.again_after(|_| ()).await;
        assert_eq!(pizza(&house.owner).await, format!("Mar {last}"), "round {round}");
    }
}

#[tokio::test]
async fn who_may_lets_go_of_what_is_kept() {
    let house = House::open().await;
    let owner = &house.owner;
    for _ in 0..2 {
        owner.get("/menu").await.ok();
        owner.get("/today").await.ok();
    }
    let entries = |figures: &Value, tag: &str| {
        let tags = figures["tags"].as_array().unwrap().iter();
        tags.clone().find(|one| one["tag"] == tag).unwrap()["entries"].as_u64().unwrap()
    };
    let all = figures(owner).await;
    assert_eq!((entries(&all, "menu"), entries(&all, "dashboard")), (1, 1), "{all}");
    owner.delete("~/cache?tag=menu").await.gone();
    let all = figures(owner).await;
    assert_eq!((entries(&all, "menu"), entries(&all, "dashboard")), (0, 1), "{all}");
    owner.delete("~/cache").await.gone();
    assert_eq!(entries(&figures(owner).await, "dashboard"), 0);
    owner.delete("~/cache?tag=kettle").await.invalid("tag");
    owner.delete("~/cache?colour=red").await.invalid("colour");
    let (waiter, manager) = (house.app.staff(owner, "waiter").await, house.app.staff(owner, "manager").await);
    waiter.get("~/cache").await.refused("forbidden");
    figures(&manager).await;
    manager.delete("~/cache").await.refused("forbidden");
    assert_eq!(pizza(owner).await, "Margherita");
}
