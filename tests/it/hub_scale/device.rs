//! A device without an engine around it: it pushes to whichever process answers, and reads from any.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use comanda_db::Database;
use comanda_db::rebase::{Page, Placed, Pushed};
use comanda_engine::command::Book;
use comanda_engine::sync::codes::Code;
use comanda_engine::sync::handover::Handover;
use comanda_engine::sync::wire::{self, Batch};
use comanda_engine::{commands, tables};
use rand::RngExt;
use serde_json::json;
use tokio::sync::Mutex;
use uuid::Uuid;

use super::PATIENCE;
use super::process::Process;
use crate::support::Person;

/// A request to a process that is gone or busy ends.
const ANSWER_TIME_MAX: Duration = Duration::from_secs(15);

#[derive(Clone)]
pub struct Device {
    http: reqwest::Client,
    handover: Arc<Handover>,
}

/// What devices were told.
#[derive(Default)]
pub struct Told {
    /// Positions of acknowledged commands.
    pub placed: BTreeMap<Uuid, u64>,
    /// Batches that were sent more than once.
    pub again: usize,
}

impl Told {
    pub fn last_position(&self) -> u64 {
        self.placed.values().copied().max().unwrap_or_default()
    }
}

/// The whole line as one process gives it, and the state of a file it was applied to.
pub struct Line {
    pub placed: Vec<Placed>,
    pub state: Vec<String>,
}

impl Device {
    pub async fn linked(process: &Process, code: &str) -> Self {
        let code = Code::read(code).unwrap();
        let wanted = json!({ "proof": code.proof(), "name": "Bar" });
        let sealed = Person::stranger(&process.root).post("/sync/link", wanted).await.created();
        let handover = Handover::open(sealed["sealed"].as_str().unwrap(), &code).unwrap();
        assert!(handover.people.iter().any(|person| person.password.is_some()), "people can log in on the device");
        let http = reqwest::Client::builder().timeout(ANSWER_TIME_MAX).build().unwrap();
        Self { http, handover: Arc::new(handover) }
    }

    fn command(&self, device_seq: u64) -> Pushed {
        let args = json!({ "id": Uuid::now_v7(), "name": format!("{} {device_seq}", self.handover.letters) });
        Pushed {
            device: self.handover.device_id,
            device_seq,
            id: Uuid::now_v7(),
            actor: Uuid::from_u128(7),
            name: "add_category".into(),
            version: 1,
            at_ms: 1_781_283_600_000,
            request: [0; 8],
            args: serde_json::to_vec(&args).unwrap(),
        }
    }

    /// Pushes batch after batch, each until it is answered, now to one process and now to another.
    pub async fn push_until(self, roots: Arc<Mutex<Vec<String>>>, stop: Arc<AtomicBool>, told: Arc<Mutex<Told>>) {
        let mut heard = 0;
        while !stop.load(Ordering::SeqCst) {
            let count = rand::rng().random_range(1..=3);
            let commands: Vec<_> = (1..=count).map(|n| self.command(heard + n)).collect();
            let body = wire::batch(&Batch { epoch: 1, schema: 1, commands: commands.clone() }).unwrap();
            let began = Instant::now();
            let placements = loop {
                let root = {
                    let roots = roots.lock().await;
                    roots[rand::rng().random_range(0..roots.len())].clone()
                };
                if let Some(placements) = self.push(&root, body.clone()).await {
                    break placements;
                }
                told.lock().await.again += 1;
                assert!(began.elapsed() < PATIENCE, "a batch is not taken");
                tokio::time::sleep(Duration::from_millis(20)).await;
            };
            assert_eq!(placements.len(), commands.len());
            let mut told = told.lock().await;
            for (command, placement) in commands.iter().zip(&placements) {
                assert_eq!(command.device_seq, placement.device_seq);
                assert_eq!(told.placed.insert(command.id, placement.position), None);
            }
            heard += count;
        }
    }

    /// Pushes its n-th command; where it was placed.
    pub async fn push_one(&self, root: &str, n: u64) -> u64 {
        let body = wire::batch(&Batch { epoch: 1, schema: 1, commands: vec![self.command(n)] }).unwrap();
        self.push(root, body).await.unwrap()[0].position
    }

    /// Asks again of a process that makes its copy anew, which says so.
    pub async fn pull(&self, root: &str, after: u64) -> Page {
        let address = format!("{root}/sync/{}/effects?after={after}&epoch=1&schema=1", self.handover.restaurant_id);
        let began = Instant::now();
        loop {
            let answer = self.http.get(&address).bearer_auth(&self.handover.key).send().await.unwrap();
            if answer.status() == 503 && answer.headers().contains_key("retry-after") && began.elapsed() < PATIENCE {
                tokio::time::sleep(Duration::from_millis(20)).await;
                continue;
            }
            assert_eq!(answer.status(), 200, "{}", answer.text().await.unwrap());
            return wire::read_page(&answer.bytes().await.unwrap()).unwrap().1;
        }
    }

    /// What it is told that asks for the effects of a restaurant, its own or another.
    pub async fn pulled_at(&self, root: &str, restaurant: &str) -> u16 {
        let address = format!("{root}/sync/{restaurant}/effects?after=0&epoch=1&schema=1");
        self.http.get(address).bearer_auth(&self.handover.key).send().await.unwrap().status().as_u16()
    }

    /// None: there was no answer, or it said "come back".
    async fn push(&self, root: &str, body: Vec<u8>) -> Option<Vec<comanda_db::rebase::Placement>> {
        let address = format!("{root}/sync/{}/commands", self.handover.restaurant_id);
        let sent = self.http.post(address).bearer_auth(&self.handover.key).body(body).send().await.ok()?;
        let (status, body) = (sent.status(), sent.bytes().await.ok()?);
        match status.as_u16() {
            200 => Some(wire::read_placements(&body).unwrap()),
            503 => None,
            _ => panic!("{status}: {}", String::from_utf8_lossy(&body)),
        }
    }
}

/// Everything a process has, once it has what was acknowledged.
pub async fn read_all(device: &Device, root: &str, up_to: u64) -> Line {
    let folder = tempfile::tempdir().unwrap();
    let options = comanda_db::Options { sequencer: false, ..comanda_db::Options::default() };
    let book = Book::new(commands::RESTAURANT);
    let db = Database::open(&folder.path().join("reader.db"), tables::RESTAURANT, book, options).unwrap();
    let (mut placed, mut after, began) = (Vec::new(), 0, Instant::now());
    loop {
        let page = device.pull(root, after).await;
        let more = page.more;
        after = page.next;
        placed.extend(page.placed.iter().cloned());
        let taking = db.clone();
        tokio::task::spawn_blocking(move || taking.rebase(page)).await.unwrap().unwrap();
        if !more && placed.last().is_some_and(|last| last.position >= up_to) {
            break;
        }
        assert!(began.elapsed() < PATIENCE, "{root} has {} of {up_to}", placed.len());
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let state = db.read(comanda_db::state::kept).unwrap();
    Line { placed, state: state.iter().map(|(table, state)| format!("{table} {state:?}")).collect() }
}
