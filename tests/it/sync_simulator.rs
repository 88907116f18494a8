//! Sync under whatever a network and a kitchen do, in one process and from a seed: five devices and a sequencer; links
//! that lose, double, delay and reorder; disks that are closed and opened in between; clocks that are a day off; devices
//! that take over while the former sequencer goes on, until they meet.
//!
//! `SYNC_SCHEDULES=5000` runs more of them, `SYNC_FROM=1234` from another seed on. What a schedule found is said with
//! its seed: the same seed tells the same story. Controls that break one rule each are seen to be caught.

use std::collections::BTreeSet;
use std::path::Path;

use comanda_db::joining;
use comanda_db::rebase::{Page, Pushed, SyncError};
use comanda_engine::sync::model;
use comanda_engine::sync::store::spare::fork_since;
use comanda_engine::tables;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use uuid::Uuid;

use serde_json::json;

use crate::records::{Disk, act, command, furnish, open};

const DEVICES: usize = 5;
const LETTERS: [&str; DEVICES] = ["B", "C", "D", "E", "F"];
const STEPS: usize = 70;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Rounds without trouble after which everything is in step, or never will be.
const ROUNDS_MAX: usize = 60;

/// A rule that is broken on purpose.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Control {
    None,
    /// A device takes its commands off its queue when they are sent, not when they have come down.
    EarlyAck,
    /// Now and then a page is noted and not applied.
    ForgottenPage,
    /// A device places its own commands for a while.
    TwoSequencers,
    /// After a take-over nobody is fenced: who followed the former sequencer goes on with its rows.
    NobodyFenced,
}

/// On its way.
#[derive(Clone)]
enum Message {
    Up(u64, Vec<Pushed>),
    Ask(usize, u64, u64, usize),
    Down(usize, u64, Page),
}

struct World {
    sequencer: Disk,
    devices: Vec<Disk>,
    /// The former sequencer, among the devices, which does not know yet.
    former: Option<usize>,
    /// What people were told is done, on files that are no more.
    told: BTreeSet<Uuid>,
    letters: u64,
    under_way: Vec<Message>,
    rng: StdRng,
    control: Control,
    /// What happened, one word each.
    story: Vec<u8>,
}

/// A furnished restaurant to copy: migrating a file six times for each schedule would be most of the work.
fn model() -> Disk {
    let model = Disk::new("A", true);
    furnish(&model);
    model
}

/// In memory where there is such a place: nothing here is about power failures.
fn room() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

fn copy_of(model: &Disk, letters: &'static str, device: bool) -> Disk {
    let folder = room();
    let path = folder.path().join("restaurant.db");
    model.db.snapshot(&path).unwrap();
    if device {
        joining::strip(&path, &tables::RESTAURANT, &[]).unwrap();
        joining::settle(&path, Uuid::now_v7(), &tables::RESTAURANT, None).unwrap();
    }
    Disk { db: open(&path, !device), letters, cursor: 0, at_ms: model.at_ms, folder }
}

fn reopen(disk: &mut Disk, sequencer: bool) {
    disk.db.close();
    let path = disk.folder.path().join("restaurant.db");
    disk.db = open(Path::new(&path), sequencer);
}

impl World {
    fn new(model: &Disk, seed: u64, control: Control) -> Self {
        let mut rng = StdRng::seed_from_u64(seed);
        let sequencer = copy_of(model, "A", false);
        let devices = LETTERS.map(|letters| {
            let mut device = copy_of(model, letters, true);
            device.at_ms += rng.random_range(-DAY_MS..DAY_MS);
            device
        });
        let (under_way, story, told) = (Vec::new(), Vec::new(), BTreeSet::new());
        Self { sequencer, devices: devices.into(), former: None, told, letters: 7, under_way, rng, control, story }
    }

    /// One thing that happens somewhere.
    fn step(&mut self) -> Result<(), String> {
        let device = self.rng.random_range(0..DEVICES);
        let what = self.rng.random_range(0..22u8);
        self.story.push(what);
        match what {
            0..7 => act(&self.devices[device], &mut self.rng),
            7 => act(&self.sequencer, &mut self.rng),
            8..11 => self.send_up(device),
            11..14 => self.ask_down(device),
            14..18 => return self.arrive(),
            18 => {
                let second = self.control == Control::TwoSequencers && device == 0 || self.former == Some(device);
                reopen(&mut self.devices[device], second);
            }
            19 => reopen(&mut self.sequencer, true),
            20 if device < 2 && matches!(self.control, Control::None | Control::NobodyFenced) => self.take_over(device),
            _ => self.meet(device),
        }
        Ok(())
    }

    /// A device that follows takes over. The former sequencer has its place, and goes on.
    fn take_over(&mut self, device: usize) {
        let (spare, epoch) = (&self.devices[device], self.sequencer.db.epoch() + 1);
        if self.former.is_some() || spare.db.epoch() + 1 != epoch {
            return;
        }
        let position = spare.db.position().unwrap();
        let args =
            json!({ "epoch": epoch, "position": position, "device": spare.db.device(), "letters": spare.letters });
        spare.db.promote(epoch, command("take_over_sequencer", args)).unwrap();
        reopen(&mut self.devices[device], true);
        std::mem::swap(&mut self.sequencer, &mut self.devices[device]);
        self.former = Some(device);
    }

    /// One that is of an earlier epoch hears of the new sequencer and begins again, under other letters.
    fn meet(&mut self, device: usize) {
        let disk = &self.devices[device];
        if disk.db.epoch() == self.sequencer.db.epoch() || self.control == Control::NobodyFenced {
            return;
        }
        let done = "SELECT id FROM ledger WHERE device_seq IS NOT NULL AND outcome = 0
                    AND seq NOT IN (SELECT seq FROM inbox WHERE kind = 'refused')";
        self.told.extend(disk.ids(done));
        let fork = self.sequencer.db.read(|conn| fork_since(conn, disk.db.epoch())).unwrap().unwrap();
        let mut unplaced = disk.db.above(fork).unwrap();
        unplaced.extend(disk.db.unplaced(i64::MAX as usize).unwrap());
        disk.db.close();
        let folder = room();
        let path = folder.path().join("restaurant.db");
        self.sequencer.db.snapshot(&path).unwrap();
        joining::strip(&path, &tables::RESTAURANT, &[]).unwrap();
        let former = disk.folder.path().join("restaurant.db");
        joining::settle(&path, Uuid::now_v7(), &tables::RESTAURANT, Some(former.as_path())).unwrap();
        let db = open(&path, false);
        db.resubmit(disk.db.device(), unplaced).unwrap();
        self.letters += 1;
        let letters = model::letters(self.letters).leak();
        self.devices[device] = Disk { db, letters, cursor: 0, at_ms: disk.at_ms, folder };
        if self.former == Some(device) {
            self.former = None;
        }
    }

    /// Whoever places what is of that epoch.
    fn sequencer_of(&self, epoch: u64) -> Option<&Disk> {
        let former = self.former.map(|device| &self.devices[device]);
        former.into_iter().chain([&self.sequencer]).find(|disk| disk.db.epoch() == epoch)
    }

    fn send_up(&mut self, device: usize) {
        let limit = self.rng.random_range(1..9);
        let batch = self.devices[device].db.pending(limit).unwrap();
        if let (Control::EarlyAck, Some(last)) = (self.control, batch.last().map(|command| command.device_seq)) {
            let gone = self.devices[device]
                .db
                .local_blocking(move |tx| tx.execute("DELETE FROM outbox WHERE device_seq <= ?1", [last]));
            gone.unwrap();
        }
        if !batch.is_empty() {
            self.under_way.push(Message::Up(self.devices[device].db.epoch(), batch));
        }
    }

    fn ask_down(&mut self, device: usize) {
        let (after, epoch) = (self.devices[device].db.cursor().unwrap(), self.devices[device].db.epoch());
        self.under_way.push(Message::Ask(device, epoch, after, self.rng.random_range(1..9)));
    }

    /// Some message arrives: any of those under way, perhaps twice, perhaps never.
    fn arrive(&mut self) -> Result<(), String> {
        if self.under_way.is_empty() {
            return Ok(());
        }
        let at = self.rng.random_range(0..self.under_way.len());
        let message = match self.rng.random_range(0..10) {
            0 => {
                self.under_way.swap_remove(at);
                return Ok(());
            }
            1 | 2 => self.under_way[at].clone(),
            _ => self.under_way.swap_remove(at),
        };
        self.deliver(message)
    }

    fn deliver(&mut self, message: Message) -> Result<(), String> {
        match message {
            Message::Up(epoch, batch) => match self.sequencer_of(epoch).map(|sequencer| sequencer.db.place(batch)) {
                // What came too early comes again; what is of an epoch nobody is in any more is refused.
                None | Some(Ok(_) | Err(SyncError::Gap { .. })) => Ok(()),
                Some(Err(error)) => Err(format!("a batch: {error}")),
            },
            Message::Ask(device, epoch, after, limit) => {
                if let Some(sequencer) = self.sequencer_of(epoch) {
                    let page = sequencer.db.placed_after(after, limit).unwrap();
                    self.under_way.push(Message::Down(device, epoch, page));
                }
                Ok(())
            }
            Message::Down(device, epoch, mut page) => {
                if self.devices[device].db.epoch() != epoch || self.former == Some(device) {
                    return Ok(());
                }
                if self.control == Control::ForgottenPage && self.rng.random_range(0..2) == 0 {
                    page.placed.clear();
                }
                match self.devices[device].db.rebase(page) {
                    Ok(()) | Err(SyncError::Missed { .. }) => Ok(()),
                    Err(error) => Err(format!("device {}: {error}", LETTERS[device])),
                }
            }
        }
    }

    /// The links hold and nobody does anything any more.
    fn settle(&mut self) -> Result<(), String> {
        self.under_way.clear();
        (0..DEVICES).for_each(|device| self.meet(device));
        if let Some(former) = self.former.take() {
            reopen(&mut self.devices[former], false);
        }
        for _ in 0..ROUNDS_MAX {
            let mut moved = false;
            for (device, letters) in LETTERS.iter().enumerate() {
                let batch = self.devices[device].db.pending(50).unwrap();
                moved |= !batch.is_empty();
                self.deliver(Message::Up(self.sequencer.db.epoch(), batch))?;
                let cursor = self.devices[device].db.cursor().unwrap();
                let page = self.sequencer.db.placed_after(cursor, 50).unwrap();
                moved |= page.next > cursor;
                let taken = self.devices[device].db.rebase(page);
                taken.map_err(|error| format!("device {letters}: {error}"))?;
            }
            if !moved {
                return Ok(());
            }
        }
        Err("it does not come to rest".into())
    }

    /// What must hold whatever happened.
    fn judge(&self) -> Result<(), String> {
        let (state, rollups) = (self.sequencer.state(), self.sequencer.rollups());
        let there: BTreeSet<Uuid> =
            self.sequencer.ids("SELECT id FROM ledger WHERE position IS NOT NULL").into_iter().collect();
        if !self.told.is_subset(&there) {
            return Err("a command of before a take-over is nowhere".into());
        }
        for disk in &self.devices {
            let who = disk.letters;
            let check = |holds: bool, what: &str| if holds { Ok(()) } else { Err(format!("{who}: {what}")) };
            check(disk.state() == state, "other rows")?;
            check(disk.rollups() == rollups, "other roll-ups")?;
            check(disk.number("SELECT count(*) FROM outbox") == 0, "something waits for ever")?;
            let done = disk.ids("SELECT id FROM ledger WHERE device_seq IS NOT NULL");
            check(done.iter().all(|id| there.contains(id)), "an acknowledged command is nowhere")?;
            check(disk.db.check().unwrap().is_clean(), "its records do not hold")?;
        }
        let books = &self.sequencer;
        let same = |what: &str, left: &str, right: &str| {
            let (left, right) = (books.number(left), books.number(right));
            if left == right { Ok(()) } else { Err(format!("{what}: {left} and {right}")) }
        };
        same("numbers printed twice", "SELECT count(*) FROM orders", "SELECT count(DISTINCT number) FROM orders")?;
        same(
            "sales",
            "SELECT coalesce(sum(total_minor), 0) FROM orders WHERE closed_ms IS NOT NULL AND cancel_reason IS NULL",
            "SELECT coalesce(sum(gross_minor), 0) FROM day_total",
        )?;
        same(
            "money",
            "SELECT coalesce(sum(amount_minor), 0) FROM payment",
            "SELECT coalesce(sum(cash_minor + card_minor), 0) FROM day_total",
        )?;
        let positions = "SELECT count(*) FROM ledger WHERE position IS NOT NULL";
        same("positions", positions, "SELECT max(position) FROM ledger")?;
        if books.db.check().unwrap().is_clean() { Ok(()) } else { Err("the sequencer's records do not hold".into()) }
    }
}

/// A whole schedule: what happened, or what broke.
fn run(model: &Disk, seed: u64, control: Control) -> Result<World, String> {
    let mut world = World::new(model, seed, control);
    for _ in 0..STEPS {
        world.step()?;
    }
    if control == Control::TwoSequencers {
        reopen(&mut world.devices[0], false);
    }
    world.settle()?;
    world.judge()?;
    Ok(world)
}

fn wanted(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|number| number.parse().ok()).unwrap_or(usual)
}

#[test]
fn whatever_links_and_disks_do_all_end_with_the_same_books() {
    let (model, from) = (model(), wanted("SYNC_FROM", 0));
    let (mut orders, mut flags, mut refused, mut takeovers) = (0, 0, 0, 0);
    for seed in from..from + wanted("SYNC_SCHEDULES", 100) {
        let world = run(&model, seed, Control::None).unwrap_or_else(|why| panic!("seed {seed}: {why}"));
        orders += world.sequencer.number("SELECT count(*) FROM orders");
        takeovers += world.sequencer.number("SELECT count(*) FROM take_over");
        flags += world.sequencer.number("SELECT count(*) FROM flag");
        let seen = |disk: &Disk| disk.number("SELECT count(*) FROM inbox");
        refused += world.devices.iter().map(seen).sum::<i64>();
    }
    assert!(
        orders > 50 && flags + refused > 0 && takeovers > 0,
        "{orders} orders, {flags} flags, {refused} outcomes, {takeovers} take-overs: these shifts were idle"
    );
}

#[test]
fn the_same_seed_tells_the_same_story() {
    let model = model();
    let told = |seed| {
        let world = run(&model, seed, Control::None).unwrap();
        let lines = world.sequencer.number("SELECT count(*) FROM order_line");
        let placed = world.sequencer.number("SELECT max(position) FROM ledger");
        (world.story, lines, placed)
    };
    assert_eq!(told(7), told(7));
    assert_ne!(told(7).0, told(8).0);
}

#[test]
fn a_rule_that_is_broken_is_noticed() {
    let model = model();
    for control in [Control::EarlyAck, Control::ForgottenPage, Control::TwoSequencers, Control::NobodyFenced] {
        let noticed = (0..12).filter(|seed| run(&model, *seed, control).is_err()).count();
        assert!(noticed >= 4, "{control:?} was noticed in {noticed} of 12 schedules");
    }
}
