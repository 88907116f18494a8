//! Keeps the door as it is wanted: opens and shuts it, renews what it shows, tells the house its name.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::sync::{mpsc, watch};

use super::authority::Shown;
use super::door::{Door, Shows};
use super::model::Wanted;
use super::names::Called;
use super::voice::Voice;
use super::{Ask, store};
use crate::app::App;

/// How often it is looked at whether addresses changed, the certificate is old, or the door can be opened after all.
const LOOKS_EVERY: Duration = Duration::from_secs(15);
/// Running requests get this long when the door is shut.
const SHUT_TIME_MAX: Duration = Duration::from_secs(2);

/// What is there while the door is open.
struct Open {
    door: Door,
    shows: Arc<Shows>,
    shown: Shown,
    voice: Option<Voice>,
}

struct Keeper<F> {
    app: App,
    /// Makes what answers behind the door.
    router: F,
    open: Option<Open>,
}

/// Until the engine stops.
pub async fn keep(
    app: App,
    mut asks: mpsc::Receiver<Ask>,
    router: impl Fn() -> Router,
    mut stopped: watch::Receiver<bool>,
) {
    let mut keeper = Keeper { router, open: None, app: app.clone() };
    let mut wanted = match app.installation.read(store::wanted) {
        Ok(wanted) => wanted.unwrap_or_default(),
        Err(error) => {
            tracing::error!(%error, "whether the house's door is to be open is not known: it stays shut");
            Wanted::default()
        }
    };
    loop {
        if let Err(trouble) = keeper.bring(wanted).await {
            tracing::warn!(port = wanted.port, trouble, "the door of the house stays shut");
        }
        tokio::select! {
            () = async { drop(stopped.wait_for(|stop| *stop).await) } => break,
            () = tokio::time::sleep(LOOKS_EVERY), if wanted.is_open => {}
            ask = asks.recv() => {
                let Some((next, answer)) = ask else { break };
                let came = keeper.change(wanted, next).await;
                if came.is_ok() {
                    wanted = next;
                }
                drop(answer.send(came));
            }
        }
    }
    keeper.shut().await;
}

impl<F: Fn() -> Router> Keeper<F> {
    /// Another wish. One that cannot be had changes nothing.
    async fn change(&mut self, before: Wanted, next: Wanted) -> Result<(), String> {
        if let Err(trouble) = self.bring(next).await {
            drop(self.bring(before).await);
            return Err(trouble);
        }
        let kept = self.app.installation.local(move |tx| store::set_wanted(tx, next)).await;
        kept.map_err(|error| format!("It could not be written down: {error}."))
    }

    /// Makes it so.
    async fn bring(&mut self, wanted: Wanted) -> Result<(), String> {
        if self.open.as_ref().is_some_and(|open| !wanted.is_open || open.door.port != wanted.port) {
            self.shut().await;
        }
        if !wanted.is_open {
            self.app.house.stands(|standing| standing.trouble = None);
            return Ok(());
        }
        let done = if self.open.is_some() { self.renew().await } else { self.unlock(wanted.port).await };
        let trouble = done.err().map(|error| said(wanted.port, &error));
        let (is_open, ends_ms) = (self.open.is_some(), self.open.as_ref().map(|open| open.shown.ends_ms));
        let unheard = self.unheard();
        self.app.house.stands(|standing| {
            (standing.is_open, standing.certificate_ends_ms) = (is_open, ends_ms);
            (standing.trouble, standing.unheard) = (trouble.clone(), unheard);
        });
        trouble.map_or(Ok(()), Err)
    }

    async fn unlock(&mut self, port: u16) -> io::Result<()> {
        let authority = self.app.house.authority_or_new()?;
        let called = Called::now(&authority.name);
        let shown = authority.show(&called.certified(), self.app.clock.now_ms())?;
        let shows = Shows::new(shown.key.clone());
        self.app.house.names.set(called.clone());
        let door = Door::open(port, shows.clone(), self.app.house.names.clone(), (self.router)()).await?;
        tracing::info!(port = door.port, name = called.name, "the door of the house is open");
        let voice = self.speak(&called, door.port);
        self.open = Some(Open { door, shows, shown, voice });
        Ok(())
    }

    /// Addresses change, and certificates end.
    async fn renew(&mut self) -> io::Result<()> {
        let authority = self.app.house.authority_or_new()?;
        let (called, now_ms) = (Called::now(&authority.name), self.app.clock.now_ms());
        let names = called.certified();
        let Some(open) = &mut self.open else { return Ok(()) };
        if open.shown.is_over(&names, now_ms) {
            open.shown = authority.show(&names, now_ms)?;
            open.shows.set(open.shown.key.clone());
            tracing::info!(?names, "the door of the house shows a new certificate");
        }
        if self.app.house.names.called() != called {
            let (port, before) = (open.door.port, open.voice.take());
            self.app.house.names.set(called.clone());
            if let Some(voice) = before {
                voice.end().await;
            }
            let voice = self.speak(&called, port);
            if let Some(open) = &mut self.open {
                open.voice = voice;
            }
        }
        Ok(())
    }

    /// Not being heard is a pity, and no reason to stay shut.
    fn speak(&self, called: &Called, port: u16) -> Option<Voice> {
        let begun = Voice::begin(called, port);
        begun.inspect_err(|error| tracing::warn!(%error, "the house is not told how this computer is called")).ok()
    }

    fn unheard(&mut self) -> Option<String> {
        let open = self.open.as_mut()?;
        let Some(voice) = &mut open.voice else { return Some("No multicast on this computer.".to_owned()) };
        voice.look();
        voice.trouble.as_ref().map(|trouble| format!("Nobody may find this computer by its name: {trouble}."))
    }

    async fn shut(&mut self) {
        let Some(Open { door, voice, .. }) = self.open.take() else { return };
        if let Some(voice) = voice {
            voice.end().await;
        }
        door.close(SHUT_TIME_MAX).await;
        self.app.house.stands(|standing| *standing = super::Standing::default());
        tracing::info!("the door of the house is shut");
    }
}

fn said(port: u16, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::AddrInUse => {
            format!("Another program uses port {port}. Choose another one, or end that program.")
        }
        io::ErrorKind::PermissionDenied => {
            format!("This computer does not let Comanda use port {port}. Choose another one.")
        }
        _ => format!("The door could not be opened on port {port}: {error}."),
    }
}
