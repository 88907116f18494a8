//! How the processes of a hub hear of each other: by Redis at once, where there is one, and by looking every second.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use comanda_db::OpenError;
use futures::StreamExt;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{AsyncCommands, Client, RedisResult};
use tokio::runtime::Handle;
use tokio::time::Instant;
use uuid::Uuid;

use super::connect::Trouble;
use super::{APART_INSTALLATION, APART_RESTAURANT, Hub, INSTALLATION, copies, store};
use crate::app::App;
use crate::installation;
use crate::kernel::ids::RestaurantId;
use crate::tables;

/// All lines are looked at this often.
const LOOK: Duration = Duration::from_secs(1);
const CHANNEL: &str = "comanda:moved";
const ANSWER_TIME_MAX: Duration = Duration::from_millis(200);
/// Copies that take something in at the same time.
const AT_ONCE: usize = 8;

/// Redis, which carries "this line moved".
pub struct Bell {
    client: Client,
    redis: ConnectionManager,
    /// Of this process, which needs not hear itself.
    own: Uuid,
}

impl Bell {
    pub fn at(url: &str) -> RedisResult<Self> {
        let client = Client::open(url)?;
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(0)
            .set_connection_timeout(Some(ANSWER_TIME_MAX))
            .set_response_timeout(Some(ANSWER_TIME_MAX));
        let redis = ConnectionManager::new_lazy_with_config(client.clone(), config)?;
        Ok(Self { client, redis, own: Uuid::now_v7() })
    }

    /// Says that a line moved. Nobody waits for it, and nothing is lost when nobody hears it.
    pub fn ring(&self, runtime: &Handle, line: Uuid) {
        let (mut redis, word) = (self.redis.clone(), format!("{line} {}", self.own));
        runtime.spawn(async move {
            if let Err(error) = redis.publish::<_, _, ()>(CHANNEL, word).await {
                tracing::debug!(%error, "Redis carries no news");
            }
        });
    }

    async fn listen(&self, heard: impl Fn(Uuid)) -> RedisResult<()> {
        let mut listening = self.client.get_async_pubsub().await?;
        listening.subscribe(CHANNEL).await?;
        let mut words = listening.on_message();
        while let Some(word) = words.next().await {
            let word: String = word.get_payload()?;
            if let Some((line, by)) = word.split_once(' ')
                && by != self.own.to_string()
                && let Ok(line) = line.parse()
            {
                heard(line);
            }
        }
        Ok(())
    }
}

/// Runs for as long as the engine does; at once where there is no hub.
pub async fn keep_looking(app: App) {
    let Some(hub) = app.hub.clone() else { return };
    tokio::join!(look_again_and_again(&app, &hub), listen(&hub));
}

async fn listen(hub: &Hub) {
    let Some(bell) = &hub.bell else { return };
    loop {
        if let Err(error) = bell.listen(|line| hub.note_moved(line)).await {
            tracing::debug!(%error, "Redis brings no news");
        }
        tokio::time::sleep(LOOK).await;
    }
}

async fn look_again_and_again(app: &App, hub: &Arc<Hub>) {
    let (mut was_well, mut whole) = (true, Instant::now());
    loop {
        let looked = if Instant::now() >= whole {
            whole = Instant::now() + LOOK;
            look(app, hub).await
        } else {
            let moved = hub.take_moved();
            take_in(app, moved.into_iter().collect()).await;
            Ok(())
        };
        let is_well = looked.is_ok();
        if let (Err(trouble), true) = (looked, was_well) {
            tracing::warn!(%trouble, "the ledger is not reached; nothing is lost, and nothing is taken");
        }
        was_well = is_well;
        for line in hub.take_misfits() {
            make_again(app, line).await;
        }
        tokio::select! {
            () = hub.look.notified() => {}
            () = tokio::time::sleep_until(whole) => {}
        }
    }
}

/// Takes in everything other processes placed.
pub async fn look(app: &App, hub: &Arc<Hub>) -> Result<(), Trouble> {
    let turns = store::turns(&hub.client().await?).await?;
    hub.take_moved();
    let missing = |(line, turn): &(Uuid, i64)| Some((*line, (*turn as u64).saturating_sub(here(app, *line)?)));
    let behind: Vec<_> = turns.iter().filter_map(missing).filter(|(_, turns)| *turns > 0).collect();
    let most = behind.iter().map(|(_, turns)| *turns).max().unwrap_or_default();
    hub.counted.behind.store(most, Ordering::Relaxed);
    take_in(app, behind.into_iter().map(|(line, _)| line).collect()).await;
    for (line, turn) in turns {
        if hub.is_snapshot_due(line, turn as u64) {
            keep_snapshot(app, hub, line).await;
        }
    }
    Ok(())
}

fn here(app: &App, line: Uuid) -> Option<u64> {
    database(app, line)?.turn().ok()
}

fn database(app: &App, line: Uuid) -> Option<comanda_db::Database> {
    if line == INSTALLATION {
        return Some(app.installation.clone());
    }
    app.restaurant(RestaurantId(line)).map(|restaurant| restaurant.db.clone())
}

async fn take_in(app: &App, mut lines: Vec<Uuid>) {
    // The installation first: it says which restaurants there are.
    lines.sort_unstable();
    if lines.first() == Some(&INSTALLATION) {
        lines.remove(0);
        take_in_installation(app).await;
    }
    futures::stream::iter(lines)
        .for_each_concurrent(AT_ONCE, |line| async move {
            if let Some(db) = database(app, line) {
                catch_up(db, line).await;
            }
        })
        .await;
}

async fn catch_up(db: comanda_db::Database, line: Uuid) {
    match tokio::task::spawn_blocking(move || db.catch_up()).await {
        Ok(Ok(_)) => {}
        Ok(Err(error)) => tracing::warn!(%line, %error, "a copy stays behind"),
        Err(error) => tracing::error!(%line, %error, "taking in broke"),
    }
}

/// Who may log in, which restaurants there are, which devices are linked: as it is now, not a second ago.
pub async fn take_in_installation(app: &App) {
    catch_up(app.installation.clone(), INSTALLATION).await;
    app.sessions.forget_all();
    let known = app.installation.read(installation::store::restaurants).unwrap_or_default();
    for id in known.into_iter().filter(|id| app.restaurant(*id).is_none()) {
        let opening = app.clone();
        let opened = tokio::task::spawn_blocking(move || opening.open_restaurant(id).map(drop)).await;
        match opened {
            Ok(Ok(())) => tracing::info!(restaurant = %id, "a restaurant came to the hub"),
            Ok(Err(error)) => tracing::warn!(restaurant = %id, %error, "a restaurant stays closed"),
            Err(error) => tracing::error!(restaurant = %id, %error, "opening broke"),
        }
    }
}

async fn keep_snapshot(app: &App, hub: &Arc<Hub>, line: Uuid) {
    let Some(db) = database(app, line) else { return };
    let (schema, apart) = match line {
        INSTALLATION => (tables::INSTALLATION, APART_INSTALLATION),
        _ => (tables::RESTAURANT, APART_RESTAURANT),
    };
    match copies::keep(hub, line, &db, schema, apart).await {
        Ok(turn) => hub.note_snapshot(line, turn),
        Err(trouble) => tracing::warn!(%line, %trouble, "no snapshot was kept"),
    }
}

/// A copy that does not fit is thrown away and made again.
async fn make_again(app: &App, line: Uuid) {
    if line == INSTALLATION {
        tracing::error!("the copy of the installation does not fit the ledger: start this process on an empty folder");
        return;
    }
    let (app, id) = (app.clone(), RestaurantId(line));
    let made = tokio::task::spawn_blocking(move || {
        let busy = OpenError::Thread(std::io::Error::other("somebody reads for too long"));
        app.exchange(id, busy, || copies::throw_away(&app.restaurant_path(id)).map_err(OpenError::from))
    });
    match made.await {
        Ok(Ok(())) => tracing::warn!(restaurant = %id, "a copy was made again"),
        Ok(Err(error)) => tracing::error!(restaurant = %id, %error, "a copy could not be made again"),
        Err(error) => tracing::error!(restaurant = %id, %error, "making a copy again broke"),
    }
}
