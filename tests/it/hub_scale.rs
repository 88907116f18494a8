//! A hub of several processes over PostgreSQL: whatever dies, every acknowledged command stands once, in one line.
//!
//! The processes are the real program. `COMANDA_HUB_DEVICES` says how many devices push; `kill -9` and PostgreSQL's
//! immediate stop show the death of processes, not the loss of power.

mod device;
mod process;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use comanda_db::upstream::Upstream as _;
use comanda_engine::hub::line::Line;
use comanda_engine::hub::{self, Wanted, connect, store};
use serde_json::{Value, json};
use tokio::sync::Mutex;
use uuid::Uuid;

use self::device::{Device, Told, read_all};
use self::process::{Process, migrate, serve_says};
use crate::support::postgres::Postgres;
use crate::support::redis::Redis;
use crate::support::{Person, setup_request};

const PROCESSES: usize = 3;
/// How long a test waits for something that happens by itself.
const PATIENCE: Duration = Duration::from_secs(20);
/// Snapshots come often, so that a cold start meets one.
const SNAPSHOT_EVERY: u64 = 150;

fn devices() -> usize {
    std::env::var("COMANDA_HUB_DEVICES").ok().and_then(|n| n.parse().ok()).unwrap_or(6)
}

/// A hub, its owner at the first process, and who pushes.
struct Hub {
    redis: Option<Redis>,
    postgres: Postgres,
    processes: Vec<Process>,
    owner: Person,
    devices: Vec<Device>,
}

impl Hub {
    async fn open(postgres: &'static [&'static str], redis: Option<Redis>, processes: usize) -> Self {
        let postgres = Postgres::start(postgres);
        migrate(&postgres.url());
        let mut all = Vec::new();
        for _ in 0..processes {
            all.push(Process::start(&postgres.url(), redis.as_ref().map(Redis::url)));
        }
        let owner = all[0].set_up(setup_request()).await;
        let hub = Self { redis, postgres, processes: all, owner, devices: Vec::new() };
        for process in &hub.processes {
            hub.knows(process).await;
        }
        hub
    }

    /// Waits until a process knows the restaurant and who is logged in.
    async fn knows(&self, process: &Process) {
        let (owner, began) = (process.person(&self.owner), Instant::now());
        while owner.get("/sync").await.status != 200 {
            assert!(began.elapsed() < PATIENCE, "{}", owner.get("/sync").await.text);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Links devices with codes of one process used at another.
    async fn link(&mut self, count: usize) {
        for n in 0..count {
            let (here, there) = (
                &self.processes[n % PROCESSES.min(self.processes.len())],
                &self.processes[(n + 1) % self.processes.len()],
            );
            let code = here.person(&self.owner).post("/sync/codes", json!({})).await.created();
            self.devices.push(Device::linked(there, code["code"].as_str().unwrap()).await);
        }
    }

    fn roots(&self) -> Vec<String> {
        self.processes.iter().map(|process| process.root.clone()).collect()
    }
}

/// Every command that was acknowledged stands at the position that was told, once; positions are dense; and who reads
/// from any process has the same rows.
async fn one_line(hub: &Hub, told: &Told) {
    let mut states = Vec::new();
    for process in &hub.processes {
        let line = read_all(&hub.devices[0], &process.root, told.last_position()).await;
        let positions: Vec<u64> = line.placed.iter().map(|placed| placed.position).collect();
        assert_eq!(positions, (1..=positions.len() as u64).collect::<Vec<_>>(), "positions are dense");
        let mut places = BTreeMap::new();
        for placed in &line.placed {
            let before = places.insert(placed.command.id, placed.position);
            assert_eq!(before, None, "{} stands twice", placed.command.id);
        }
        for (id, position) in &told.placed {
            assert_eq!(places.get(id), Some(position), "an acknowledged command is not where it was told");
        }
        states.push((positions.len(), line.state));
    }
    assert!(states.windows(2).all(|pair| pair[0] == pair[1]), "readers of different processes differ: {states:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_or_doubled_when_processes_redis_and_postgres_die() {
    let mut hub = Hub::open(&[], Some(Redis::start()), PROCESSES).await;
    hub.link(devices()).await;
    let roots = Arc::new(Mutex::new(hub.roots()));
    let (stop, told) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Told::default())));
    let pushing: Vec<_> = hub
        .devices
        .iter()
        .map(|device| tokio::spawn(device.clone().push_until(roots.clone(), stop.clone(), told.clone())))
        .collect();
    let more = async |what: &str| {
        let (before, began) = (told.lock().await.placed.len(), Instant::now());
        while told.lock().await.placed.len() < before + 60 {
            assert!(began.elapsed() < PATIENCE, "nothing more is acknowledged {what}");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    more("at first").await;
    hub.processes[1].kill();
    more("without the second process").await;
    hub.processes[1].again();
    roots.lock().await[1] = hub.processes[1].root.clone();
    hub.knows(&hub.processes[1]).await;
    more("with it again").await;
    hub.redis.as_mut().unwrap().kill();
    more("without Redis").await;
    hub.postgres.crash();
    tokio::time::sleep(Duration::from_millis(300)).await;
    hub.postgres.again();
    more("after PostgreSQL").await;
    // On an empty disk: everything is in the ledger.
    hub.processes[2].kill();
    hub.processes[2].again_from_nothing();
    roots.lock().await[2] = hub.processes[2].root.clone();
    hub.knows(&hub.processes[2]).await;
    more("from nothing").await;
    stop.store(true, Ordering::SeqCst);
    for one in pushing {
        one.await.unwrap();
    }
    let told = told.lock().await;
    eprintln!("{} commands acknowledged, {} answers given again", told.placed.len(), told.again);
    one_line(&hub, &told).await;
    hub.copies_are_sound();
}

impl Hub {
    /// Stops the processes and checks what is on their disks.
    fn copies_are_sound(self) {
        let restaurant = self.owner.restaurant_id().to_owned();
        for process in self.processes {
            process.stop_and_check(&restaurant);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_process_took_the_next_request_finds_at_another() {
    let mut hub = Hub::open(&[], None, 2).await;
    hub.link(1).await;
    let (device, roots) = (&hub.devices[0], hub.roots());
    let mut after = [0, 0];
    for n in 1..=20 {
        let (here, there) = (n % 2, (n + 1) % 2);
        let placed = device.push_one(&roots[here], n as u64).await;
        let mut last = 0;
        while last != placed {
            let page = device.pull(&roots[there], after[there]).await;
            let newest = page.placed.last().map(|newest| newest.position);
            last = newest.expect("a page says that there is nothing more, and there is");
            after[there] = page.next;
        }
    }
}

/// A chain: a restaurant that is added at one process is served at all of them, and its devices reach no other's line.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hub_holds_several_restaurants_and_the_devices_of_one_reach_no_other() {
    let mut hub = Hub::open(&[], Some(Redis::start()), 2).await;
    hub.link(1).await;
    let mut restaurant = setup_request()["restaurant"].clone();
    restaurant["name"] = json!("Al Porto");
    let made = hub.owner.post("~/restaurants", json!({ "restaurant": restaurant })).await.created();
    let porto = hub.owner.at(made["restaurant_id"].as_str().unwrap());
    let first = std::mem::replace(&mut hub.owner, porto);
    hub.knows(&hub.processes[1]).await;
    hub.link(1).await;
    let (lucia, porto) = (&hub.devices[0], &hub.devices[1]);
    for n in 1..=5 {
        for (device, root) in [(lucia, &hub.processes[0].root), (porto, &hub.processes[1].root)] {
            device.push_one(root, n).await;
        }
    }
    for process in &hub.processes {
        assert_eq!(lucia.pulled_at(&process.root, first.restaurant_id()).await, 200);
        assert_eq!(porto.pulled_at(&process.root, hub.owner.restaurant_id()).await, 200);
        assert_eq!(lucia.pulled_at(&process.root, hub.owner.restaurant_id()).await, 404);
        assert_eq!(porto.pulled_at(&process.root, first.restaurant_id()).await, 404);
    }
    // One that begins from nothing has both.
    hub.processes[0].kill();
    hub.processes[0].again_from_nothing();
    let again = hub.processes[0].person(&hub.owner);
    let names = |menu: Value| menu["categories"].as_array().unwrap().len();
    assert_eq!(names(again.get("/menu").await.ok()), 5);
    assert_eq!(names(again.at(first.restaurant_id()).get("/menu").await.ok()), 5);
}

/// Two processes take orders of one restaurant as fast as they can.
async fn race(postgres: &'static [&'static str]) {
    let mut hub = Hub::open(postgres, None, 2).await;
    hub.link(2).await;
    let category = hub.owner.post("/menu/categories", json!({ "name": "All" })).await.created();
    let item = json!({ "category_id": category["id"], "name": "Margherita", "price_minor": 950 });
    let item = hub.owner.post("/menu/items", item).await.created()["id"].clone();
    let other = hub.processes[1].person(&hub.owner);
    let began = Instant::now();
    while other.get("/menu").await.ok()["categories"].as_array().unwrap().is_empty() {
        assert!(began.elapsed() < PATIENCE, "the other process hears nothing");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let orders = |person: Person| {
        let new = json!({ "service": "takeaway", "lines": [{ "item_id": item }] });
        async move {
            let mut numbers = Vec::new();
            for _ in 0..40 {
                let made = person.post("/orders", new.clone()).await.created();
                numbers.push(made["number"].as_str().unwrap().to_owned());
            }
            numbers
        }
    };
    let (stop, told) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Told::default())));
    let roots = Arc::new(Mutex::new(hub.roots()));
    let pushing: Vec<_> = hub
        .devices
        .iter()
        .map(|device| tokio::spawn(device.clone().push_until(roots.clone(), stop.clone(), told.clone())))
        .collect();
    let four =
        [hub.owner.clone(), other.clone(), hub.owner.clone(), other.clone()].map(|person| tokio::spawn(orders(person)));
    let mut numbers = Vec::new();
    for one in four {
        numbers.extend(one.await.unwrap());
    }
    stop.store(true, Ordering::SeqCst);
    for one in pushing {
        one.await.unwrap();
    }
    let count = numbers.len();
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!((count, numbers.len()), (160, 160), "no printed number is given twice");
    let told = told.lock().await;
    assert!(told.placed.len() > 20, "the devices came through as well: {}", told.placed.len());
    one_line(&hub, &told).await;
    hub.copies_are_sound();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_that_race_on_one_restaurant_stay_in_one_line() {
    race(&[]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn they_stay_in_it_where_every_transaction_is_serializable() {
    race(&["default_transaction_isolation=serializable"]).await;
}

#[tokio::test]
async fn a_process_that_stops_while_it_holds_a_line_holds_it_for_two_seconds_and_no_longer() {
    let postgres = Postgres::start(&["fsync=off"]);
    migrate(&postgres.url());
    let pool = connect::pool(&postgres.url()).unwrap();
    let (stopped, late) = (connect::client(&pool).await.unwrap(), connect::client(&pool).await.unwrap());
    let line = Uuid::now_v7();
    store::begin(&late, line, 1, 1).await.unwrap();
    store::hold(&stopped, line).await.unwrap();
    let began = Instant::now();
    store::hold(&late, line).await.unwrap();
    let waited = began.elapsed();
    assert!(waited > Duration::from_millis(1_500), "it was never held: {waited:?}");
    store::let_go(&late).await.unwrap();
    assert!(store::let_go(&stopped).await.is_err(), "its transaction is over");
}

/// The writer's thread is none of the runtime's, and lets go of what it held when the ledger dies under it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_that_was_held_is_let_go_from_the_writers_thread_whatever_became_of_the_ledger() {
    let mut postgres = Postgres::start(&["fsync=off"]);
    migrate(&postgres.url());
    let folder = tempfile::tempdir().unwrap();
    let wanted = Wanted { ledger: postgres.url(), redis: None, snapshot_every: SNAPSHOT_EVERY };
    let hub = hub::Hub::open(&wanted, folder.path()).await.unwrap();
    let line = hub.installation();
    let asked = async |what: fn(&Line) -> Result<(), String>| {
        let line = line.clone();
        tokio::task::spawn_blocking(move || std::thread::spawn(move || what(&line)).join().unwrap()).await.unwrap()
    };
    store::begin(&hub.client().await.unwrap(), hub::INSTALLATION, 1, 1).await.unwrap();
    let let_go: fn(&Line) -> Result<(), String> = |line| {
        line.let_go();
        Ok(())
    };
    asked(|line| line.hold()).await.unwrap();
    asked(let_go).await.unwrap();
    let began = Instant::now();
    asked(|line| line.hold()).await.unwrap();
    assert!(began.elapsed() < Duration::from_millis(1_500), "it was not let go");
    postgres.crash();
    asked(let_go).await.unwrap();
    postgres.again();
    asked(|line| line.hold()).await.unwrap();
}

#[test]
fn a_process_refuses_a_ledger_it_does_not_know_and_a_folder_that_is_no_copy() {
    let postgres = Postgres::start(&["fsync=off"]);
    let says = |folder: &std::path::Path, url: &str| {
        let said = serve_says(folder, url);
        assert!(!said.contains("geheim"), "{said}");
        said
    };
    let folder = tempfile::tempdir().unwrap();
    assert!(says(folder.path(), &postgres.url()).contains("run comanda hub migrate first"));
    assert!(says(folder.path(), "http://comanda:geheim@127.0.0.1/x").contains("an address is like postgres://"));
    assert!(says(folder.path(), "postgres://comanda:geheim@127.0.0.1:1/x").contains("cannot be reached"));
    migrate(&postgres.url());
    postgres.sql("UPDATE hub SET version = version + 1");
    assert!(says(folder.path(), &postgres.url()).contains("update Comanda"));
    postgres.sql("UPDATE hub SET version = 1");
    std::fs::write(folder.path().join("installation.db"), "a house of its own").unwrap();
    assert!(says(folder.path(), &postgres.url()).contains("give an empty one"));
}
