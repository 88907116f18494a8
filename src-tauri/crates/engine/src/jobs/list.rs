//! Every job, by name: when it runs, how often it is tried, what it does.

use std::fmt;
use std::sync::Arc;

use futures::future::BoxFuture;

use super::{Stop, store};
use crate::app::App;
use crate::{audit, upkeep};

/// How many things a run did (rows, files, restaurants), or why it could not, as a sentence.
pub type Outcome = Result<u64, String>;

#[derive(Clone)]
pub struct Kind {
    pub name: &'static str,
    /// When it runs unless somebody says otherwise: a cron pattern on the restaurant's clock.
    pub pattern: &'static str,
    /// So many tries a run, then it is dead.
    pub tries: u32,
    run: Arc<dyn Fn(App, Stop) -> BoxFuture<'static, Outcome> + Send + Sync>,
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kind").field("name", &self.name).field("pattern", &self.pattern).finish_non_exhaustive()
    }
}

impl Kind {
    /// A job whose work blocks: it gets a thread.
    pub fn blocking(
        name: &'static str,
        pattern: &'static str,
        tries: u32,
        work: impl Fn(&App, &Stop) -> Outcome + Send + Sync + 'static,
    ) -> Self {
        let work = Arc::new(work);
        let run = move |app: App, stop: Stop| -> BoxFuture<'static, Outcome> {
            let work = work.clone();
            Box::pin(async move {
                let done = tokio::task::spawn_blocking(move || work(&app, &stop)).await;
                done.unwrap_or_else(|error| Err(format!("it broke: {error}")))
            })
        };
        Self { name, pattern, tries, run: Arc::new(run) }
    }

    pub fn run(&self, app: App, stop: Stop) -> BoxFuture<'static, Outcome> {
        (self.run)(app, stop)
    }
}

/// What every engine does.
pub fn known() -> Vec<Kind> {
    vec![
        Kind::blocking("pack_records", "25 */6 * * *", 3, |app, stop| {
            upkeep::pack_old(app, stop).map_err(|error| error.to_string())
        }),
        Kind::blocking("check_records", "10 4 * * *", 2, check_records),
        Kind::blocking("tend_indexes", "40 4 * * SUN", 3, |app, stop| {
            upkeep::tend_indexes(app, stop).map_err(|error| error.to_string())
        }),
        Kind::blocking("clean_up", "5 3 * * *", 3, |app, _| {
            let now_ms = app.clock.now_ms();
            let gone = app.installation.local_blocking(move |tx| store::clean_up(tx, now_ms));
            gone.map_err(|error| error.to_string())
        }),
    ]
}

fn check_records(app: &App, stop: &Stop) -> Outcome {
    let (mut checked, mut bad) = (0, Vec::new());
    for restaurant in app.restaurants() {
        if stop.is_asked() {
            break;
        }
        let findings = audit::chain::check_here(&restaurant, &app.clock).map_err(|error| error.to_string())?;
        checked += 1;
        if findings > 0 {
            bad.push(restaurant.id.to_string());
        }
    }
    if bad.is_empty() { Ok(checked) } else { Err(format!("not as it was: {}", bad.join(", "))) }
}
