//! One thread of the generator: its own runtime, connections and counters. Nothing is shared on the way of a request.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio::task::LocalSet;

use crate::arrivals::Arrivals;
use crate::lines::Lines;
use crate::listen::Listener;
use crate::script::{ReadyListen, ReadyStep, Script};
use crate::tally::{ErrorKind, Tally};
use crate::timer::{Timer, thread_cpu};
use crate::walk::{Dice, Walk, choose, rows};
use crate::wire::{Broken, Dial};

/// Walks under way in one thread at most: beyond, arrivals are counted as dropped instead of filling the memory.
const WALKS_MAX: u64 = 50_000;
/// Users look this often whether it is their turn.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// What every thread is given.
pub struct Job {
    pub script: Script,
    pub arrivals: Arrivals,
    pub is_closed: bool,
    pub dial: Dial,
    pub began: Instant,
    pub timeout: Duration,
    pub seed: u64,
    pub workers: usize,
    pub connections_max: usize,
    /// Seconds from the start.
    pub phase_ends: Vec<f64>,
    /// Unix milliseconds at a moment; none: nobody said them.
    pub wall: Option<(i64, Instant)>,
}

/// One second of one thread.
pub struct Counted {
    pub second: u64,
    pub tally: Tally,
    /// The thread has nothing more to do.
    pub is_last: bool,
}

impl Job {
    /// How long somebody who came now stays: never longer than the plan.
    fn stays_until(&self, now: Instant, for_s: Option<f64>) -> Instant {
        let s = now.duration_since(self.began).as_secs_f64();
        let phase_end = self.phase_ends.iter().copied().find(|end| *end > s).unwrap_or(s);
        let end = for_s.map_or(phase_end, |for_s| (s + for_s).min(self.arrivals.for_s()));
        self.began + Duration::from_secs_f64(end.max(s))
    }

    fn now_ms(&self) -> Option<i64> {
        let (then_ms, then) = self.wall?;
        Some(then_ms + i64::try_from(then.elapsed().as_millis()).unwrap_or(i64::MAX))
    }
}

struct Thread {
    job: Arc<Job>,
    index: u64,
    lines: Lines,
    tally: RefCell<Tally>,
    in_flight: Cell<u64>,
    /// Connections made by listeners.
    listeners: Cell<u64>,
    cpu_before: Cell<Duration>,
}

/// Runs until the arrivals are through or `stop` says so; then every connection is closed at once.
pub fn work(job: Arc<Job>, index: usize, counted: &Sender<Counted>, mut stop: watch::Receiver<bool>) {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
        drop(counted.send(Counted { second: 0, tally: Tally::new(job.script.names.len()), is_last: true }));
        return;
    };
    let lines = Lines::new(job.dial.clone(), job.connections_max.div_ceil(job.workers));
    let tally = RefCell::new(Tally::new(job.script.names.len()));
    let thread = Rc::new(Thread {
        lines,
        tally,
        index: index as u64,
        in_flight: Cell::new(0),
        listeners: Cell::new(0),
        cpu_before: Cell::new(thread_cpu().unwrap_or_default()),
        job,
    });
    let tasks = LocalSet::new();
    tasks.block_on(&runtime, async {
        tokio::select! {
            biased;
            _ = stop.wait_for(|stop| *stop) => {}
            () = tell(&thread, counted) => {}
            () = drive(&thread) => {}
        }
    });
    // Whoever is on the way is dropped with its connection: nothing more is sent.
    drop(tasks);
    drop(runtime);
    drop(counted.send(Counted { second: thread.second(), tally: thread.cut(), is_last: true }));
}

async fn drive(thread: &Rc<Thread>) {
    if thread.job.is_closed {
        users(thread).await
    } else {
        arrivals(thread).await
    }
    // Who is on the way may finish; each request has its own time-out.
    while thread.in_flight.get() > 0 {
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

/// Arrivals come when they come, whether or not there are answers.
async fn arrivals(thread: &Rc<Thread>) {
    let timer = Timer::new();
    let (mut k, workers) = (thread.index, thread.job.workers as u64);
    let mut since_pause = 0_u32;
    while let Some(at_s) = thread.job.arrivals.at_s(k) {
        let intended = thread.job.began + Duration::from_secs_f64(at_s);
        if intended > Instant::now() {
            timer.until(intended).await;
            since_pause = 0;
        } else {
            // Behind: the walks that are begun get their turn too.
            since_pause += 1;
            if since_pause.is_multiple_of(16) {
                tokio::task::yield_now().await;
            }
        }
        thread.begin(k, intended);
        k += workers;
    }
}

/// So many users, each waiting for its answers.
async fn users(thread: &Rc<Thread>) {
    let most = thread.job.arrivals.peak().ceil() as u64;
    let mut all = Vec::new();
    let mut user = thread.index;
    while user < most {
        all.push(tokio::task::spawn_local(be_a_user(thread.clone(), user)));
        user += thread.job.workers as u64;
    }
    for one in all {
        drop(one.await);
    }
}

async fn be_a_user(thread: Rc<Thread>, user: u64) {
    let mut walks = 0_u64;
    loop {
        let s = thread.job.began.elapsed().as_secs_f64();
        if s >= thread.job.arrivals.for_s() {
            return;
        }
        if (user as f64) < thread.job.arrivals.rate_at(s).round() {
            let now = Instant::now();
            thread.tally.borrow_mut().begun += 1;
            let failed = OnTheWay::new(&thread).0.walk(user + walks * 1_000_003, now).await;
            walks += 1;
            if failed {
                // A target that refuses at once is not asked in a tight circle.
                tokio::time::sleep(LOOK_AGAIN).await;
            }
        } else {
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }
}

/// Hands the counters over once a second.
async fn tell(thread: &Thread, counted: &Sender<Counted>) {
    loop {
        let next = thread.second() + 1;
        tokio::time::sleep_until((thread.job.began + Duration::from_secs(next)).into()).await;
        let tally = thread.cut();
        if counted.send(Counted { second: next - 1, tally, is_last: false }).is_err() {
            return;
        }
    }
}

impl Thread {
    fn second(&self) -> u64 {
        self.job.began.elapsed().as_secs()
    }

    fn cut(&self) -> Tally {
        let cpu = thread_cpu().unwrap_or_default();
        let mut tally = self.tally.replace(Tally::new(self.job.script.names.len()));
        tally.cpu = cpu.saturating_sub(self.cpu_before.replace(cpu));
        tally.in_flight = self.in_flight.get();
        tally.connections = self.lines.made() + self.listeners.get();
        tally
    }

    fn begin(self: &Rc<Self>, k: u64, intended: Instant) {
        let lag = intended.elapsed().as_micros().try_into().unwrap_or(u64::MAX);
        let mut tally = self.tally.borrow_mut();
        tally.begun += 1;
        tally.lag.saturating_record(std::cmp::max(lag, 1));
        drop(tally);
        if self.in_flight.get() >= WALKS_MAX {
            let first = self.job.script.scenarios[0].steps[0].counted;
            let text = format!("More than {WALKS_MAX} arrivals waited in one thread: this one was not asked.");
            self.tally.borrow_mut().failed(first, Broken::new(ErrorKind::Dropped, text));
            return;
        }
        let on_the_way = OnTheWay::new(self);
        tokio::task::spawn_local(async move { on_the_way.0.walk(k, intended).await });
    }

    /// True: a step failed.
    async fn walk(&self, number: u64, intended: Instant) -> bool {
        let job = &*self.job;
        let mut dice = Dice::new(job.seed, number);
        let scenario = &job.script.scenarios[choose(&job.script.scenarios, &mut dice)];
        let mut walk = Walk {
            target: &job.dial.target,
            protocol: job.dial.protocol,
            feeds: &job.script.feeds,
            slots: vec![None; scenario.slots],
            rows: rows(&job.script.feeds, number, &mut dice),
            number,
            dice,
            began: job.began,
        };
        let mut meant = intended;
        for step in &scenario.steps {
            if let Some(listen) = &step.listen {
                if let Err(broken) = self.listen(&mut walk, step, listen, meant).await {
                    self.tally.borrow_mut().failed(step.counted, broken);
                    return true;
                }
                meant = self.pause(&mut walk, step, Instant::now()).await;
                continue;
            }
            let request = match walk.request(step) {
                Ok(request) => request,
                Err(broken) => {
                    self.tally.borrow_mut().failed(step.counted, broken);
                    return true;
                }
            };
            let sent = Instant::now();
            let answer = walk.ask(&self.lines, request, step.keeps_body(), job.timeout).await;
            let now = Instant::now();
            // What got no answer waited all the same: leaving it out would make a bad server look quick.
            self.tally.borrow_mut().answered(step.counted, now.duration_since(meant), now.duration_since(sent));
            if let Err(broken) = answer.and_then(|answer| walk.take(step, &answer)) {
                self.tally.borrow_mut().failed(step.counted, broken);
                return true;
            }
            meant = self.pause(&mut walk, step, now).await;
        }
        false
    }

    /// Waits as long as the step says, and when the next one is meant to begin.
    async fn pause(&self, walk: &mut Walk<'_>, step: &ReadyStep, answered: Instant) -> Instant {
        let pause = walk.pause(step.think);
        if pause.is_zero() {
            return answered;
        }
        tokio::time::sleep(pause).await;
        Instant::now()
    }

    /// Connects, stays, and counts what it is told.
    async fn listen(
        &self,
        walk: &mut Walk<'_>,
        step: &ReadyStep,
        listen: &ReadyListen,
        meant: Instant,
    ) -> Result<(), Broken> {
        let job = &*self.job;
        let (path, headers, auth) = walk.opening(step, &listen.auth)?;
        let sent = Instant::now();
        self.listeners.set(self.listeners.get() + 1);
        let come = tokio::time::timeout(job.timeout, Listener::connect(&job.dial, &path, headers, auth)).await;
        let now = Instant::now();
        self.tally.borrow_mut().answered(step.counted, now.duration_since(meant), now.duration_since(sent));
        let timed_out =
            || Broken::new(ErrorKind::Timeout, format!("Not let in within {} s.", job.timeout.as_secs_f64()));
        let mut listener = come.map_err(|_| timed_out())??;
        let until = job.stays_until(now, listen.for_s);
        while let Some(says) = listener.event(until.into()).await? {
            let happened_ms = listen.time.as_ref().and_then(|pointer| says.pointer(pointer)?.as_i64());
            let delay = happened_ms
                .zip(job.now_ms())
                .map(|(then, now)| Duration::from_millis((now - then).max(0).unsigned_abs()));
            self.tally.borrow_mut().told(step.counted, delay);
        }
        listener.leave().await;
        Ok(())
    }
}

/// Counted from when it is meant to begin, not from when its turn comes.
struct OnTheWay(Rc<Thread>);

impl OnTheWay {
    fn new(thread: &Rc<Thread>) -> Self {
        thread.in_flight.set(thread.in_flight.get() + 1);
        Self(thread.clone())
    }
}

impl Drop for OnTheWay {
    fn drop(&mut self) {
        self.0.in_flight.set(self.0.in_flight.get() - 1);
    }
}
