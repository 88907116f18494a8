//! A run from its first look at the target to its summary. Blocking; one at a time calls it on a thread of its own.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use tokio::sync::watch;
use tokio::task::LocalSet;

use crate::arrivals::Arrivals;
use crate::book::Book;
use crate::consent::{self, Caps};
use crate::figures::{Summary, Window};
use crate::lines::Lines;
use crate::plan::{Plan, Protocol, Step};
use crate::pointer;
use crate::script::{Known, Rows, Script, World, ready};
use crate::tally::ErrorKind;
use crate::walk::{Dice, Walk, rows};
use crate::wire::{Broken, Dial, Target};
use crate::worker::{Counted, Job, work};

/// A thread that has not counted by then is not waited for.
const LATE_MAX: Duration = Duration::from_secs(3);
/// Setup answers are looked into as far as this.
const FEED_ROWS_MAX: usize = 10_000;

/// What is given when a run begins.
#[derive(Default)]
pub struct Given {
    /// Values of the plan's secrets.
    pub secrets: BTreeMap<String, String>,
    /// 0: as many as this machine has processors, at most 8.
    pub threads: usize,
    /// Certificates (PEM) trusted besides the machine's.
    pub trusted_pem: Option<Vec<u8>>,
    /// The host a person typed. Not needed for this machine's own addresses.
    pub agreed_host: Option<String>,
    /// Unix milliseconds now: for the report, and to say how late events were. 0: nobody knows.
    pub began_ms: i64,
}

/// Ends a run from anywhere.
#[derive(Clone)]
pub struct Stop(Arc<watch::Sender<bool>>);

impl Default for Stop {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }
}

impl Stop {
    pub fn stop(&self) {
        self.0.send_replace(true);
    }

    pub fn is_stopped(&self) -> bool {
        *self.0.borrow()
    }
}

/// A run that may begin: the target was looked up, answered, and allows it.
pub struct Prepared {
    plan: Plan,
    dial: Dial,
    script: Script,
    threads: usize,
    began_ms: i64,
    wall: Option<(i64, Instant)>,
    stop: Stop,
}

/// Everything before the first arrival: looks up, connects, asks for consent, does the setup. The text says why not.
pub fn prepare(plan: Plan, given: &Given, stop: Stop) -> Result<Prepared, String> {
    let wall = (given.began_ms > 0).then(|| (given.began_ms, Instant::now()));
    if let Some(problem) = crate::plan::check(&plan).first() {
        return Err(problem.to_string());
    }
    let target = Target::parse(&plan.target)?;
    let trusted = match &given.trusted_pem {
        None => Vec::new(),
        Some(pem) => CertificateDer::pem_slice_iter(pem)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| "The trusted certificates are no PEM file.".to_owned())?,
    };
    let dial = Dial::new(target.clone(), plan.protocol, target.addresses()?, &trusted)?;
    let mut world = World::of(&plan, &given.secrets).map_err(|problem| problem.to_string())?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|e| e.to_string())?;
    let before = LocalSet::new().block_on(&runtime, async {
        let mut stopped = stop.0.subscribe();
        tokio::select! {
            biased;
            _ = stopped.wait_for(|stop| *stop) => Err("The run was stopped before it began.".to_owned()),
            done = before_the_first(&plan, &dial, given, &mut world) => done,
        }
    });
    drop(runtime);
    before?;
    let script = Script::of(&plan, &target, &world).map_err(|problem| problem.to_string())?;
    let cores = std::thread::available_parallelism().map_or(1, usize::from).min(8);
    let threads = if given.threads == 0 { cores } else { given.threads.min(64) };
    Ok(Prepared { plan, dial, script, threads, began_ms: given.began_ms, wall, stop })
}

async fn before_the_first(plan: &Plan, dial: &Dial, given: &Given, world: &mut World) -> Result<(), String> {
    dial.connect().await.map_err(|broken| broken.text)?;
    let lines = Lines::new(dial.clone(), 1);
    if dial.is_loopback() {
        Caps::HERE.allow(plan)?;
    } else {
        let host = &dial.target.host;
        if given.agreed_host.as_deref().map(str::to_ascii_lowercase).as_deref() != Some(host) {
            return Err(format!("{host} is not this machine: type its name to say that it may be tested."));
        }
        let step =
            Step { name: "consent".into(), method: "GET".into(), path: consent::PLACE.into(), ..Step::default() };
        let none = World::default();
        let bare = Plan { headers: BTreeMap::new(), ..plan.clone() };
        let at_root = Target { base: String::new(), ..dial.target.clone() };
        let answer = ask_once(&bare, dial, &at_root, &lines, &step, &none, consent::TIME_MAX).await;
        let caps = answer.ok().and_then(|(status, body)| consent::heard(status, &body));
        let caps = caps.ok_or_else(|| {
            format!("{host} does not say that it may be load-tested. Whoever runs it can serve {}.", consent::PLACE)
        })?;
        caps.and(Caps::ELSEWHERE).allow(plan)?;
    }
    for step in &plan.setup {
        set_up(plan, dial, &lines, step, world).await.map_err(|text| format!("Setup, {}: {text}", step.name))?;
    }
    Ok(())
}

/// One step of the setup; what it extracts goes into the world.
async fn set_up(plan: &Plan, dial: &Dial, lines: &Lines, step: &Step, world: &mut World) -> Result<(), String> {
    let time = Duration::from_secs_f64(plan.timeout_s);
    let (_, body) = ask_once(plan, dial, &dial.target, lines, step, world, time).await.map_err(|broken| broken.text)?;
    if step.extract.is_empty() && step.gather.is_empty() {
        return Ok(());
    }
    let value: serde_json::Value = serde_json::from_slice(&body).map_err(|_| "the answer is no JSON.".to_owned())?;
    for (name, pointer) in &step.extract {
        let found = value.pointer(pointer).filter(|value| !value.is_null());
        let found = found.ok_or_else(|| format!("the answer has nothing at {pointer} for {name}."))?;
        world.values.insert(name.clone(), Known::of(found));
    }
    for (name, gather) in &step.gather {
        let found = pointer::rows(&value, gather);
        if found.is_empty() {
            return Err(format!("the answer has no rows at {} for {name}.", gather.rows));
        }
        let pick = plan.feeds.get(name).map(|feed| feed.pick).unwrap_or_default();
        world.feeds.retain(|(known, _)| known != name);
        world.feeds.push((name.clone(), Rows::of(pick, found.into_iter().take(FEED_ROWS_MAX))));
    }
    Ok(())
}

async fn ask_once(
    plan: &Plan,
    dial: &Dial,
    target: &Target,
    lines: &Lines,
    step: &Step,
    world: &World,
    time: Duration,
) -> Result<(u16, Vec<u8>), Broken> {
    let mut slots = Vec::new();
    let wrong = |problem: crate::plan::Problem| Broken::new(ErrorKind::Check, problem.to_string());
    let mut ready = ready(plan, target, step, 0, world, &mut slots, "setup").map_err(wrong)?;
    ready.extract.clear();
    let feeds: Vec<Rows> = world.feeds.iter().map(|(_, rows)| rows.clone()).collect();
    let mut dice = Dice::new(plan.seed, 0);
    let mut walk = Walk {
        target,
        protocol: dial.protocol,
        feeds: &feeds,
        slots: vec![None; slots.len()],
        rows: rows(&feeds, 0, &mut dice),
        number: 0,
        dice,
        began: Instant::now(),
    };
    let request = walk.request(&ready)?;
    let answer = walk.ask(lines, request, true, time).await?;
    walk.take(&ready, &answer)?;
    Ok((answer.status, answer.body))
}

impl Prepared {
    /// Runs to the end, or until it is stopped. `each` hears of every second.
    pub fn run(self, mut each: impl FnMut(&Window)) -> Summary {
        let Self { plan, dial, script, threads, began_ms, wall, stop } = self;
        let arrivals = Arrivals::of(&plan);
        let names = script.names.clone();
        // Lines for HTTP/2 are one a thread; the target was asked once, so nothing here is the first.
        let connections_max = if plan.protocol == Protocol::Http2 { threads } else { plan.connections_max as usize };
        let job = Arc::new(Job {
            script,
            arrivals: arrivals.clone(),
            is_closed: plan.is_closed(),
            dial,
            began: Instant::now(),
            timeout: Duration::from_secs_f64(plan.timeout_s),
            seed: plan.seed,
            workers: threads,
            connections_max,
            phase_ends: plan
                .phases
                .iter()
                .scan(0.0, |end, phase| {
                    *end += phase.for_s();
                    Some(*end)
                })
                .collect(),
            wall,
        });
        let (counted, hear) = channel();
        let mut going = 0;
        for index in 0..threads {
            let (job, counted, stopped) = (job.clone(), counted.clone(), stop.0.subscribe());
            let named = std::thread::Builder::new().name(format!("load-{index}"));
            let begun = named.spawn(move || work(job, index, &counted, stopped));
            going += usize::from(begun.is_ok());
        }
        drop(counted);
        let mut book = Book::new(&plan, arrivals, threads, names.len());
        let mut last_heard = Instant::now();
        while going > 0 {
            match hear.recv_timeout(Duration::from_millis(100)) {
                Ok(Counted { second, tally, is_last }) => {
                    last_heard = Instant::now();
                    going -= usize::from(is_last);
                    book.add(second, &tally);
                }
                Err(RecvTimeoutError::Timeout) if stop.is_stopped() && last_heard.elapsed() > LATE_MAX => break,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            for window in book.complete(job.began.elapsed()) {
                each(&window);
                if book.keep(window, plan.stop_at_errors_percent) && !stop.is_stopped() {
                    book.stopped_itself = true;
                    stop.stop();
                }
            }
        }
        let for_s = job.began.elapsed().as_secs_f64();
        for window in book.complete(Duration::MAX) {
            each(&window);
            book.keep(window, 100.0);
        }
        book.summary(&plan, &job.dial.target, &names, began_ms, for_s, stop.is_stopped())
    }
}
