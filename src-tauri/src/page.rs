//! What the shell asks of its page: to show another one. A link, the tray and a clicked notification all come here.

use std::sync::{Mutex, PoisonError};

use tauri::{AppHandle, Manager, State, ipc::Channel};

use crate::{tray, window, words};

/// Who listens, and what was asked for before anybody did. Only the last wish counts.
#[derive(Default)]
pub struct Page(Mutex<Wishes>);

#[derive(Default)]
struct Wishes {
    listens: Option<Channel<String>>,
    waiting: Option<String>,
}

impl Page {
    /// Asks for the page of a path; when none listens yet, as soon as one does.
    pub fn open(&self, path: String) {
        let mut wishes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        wishes.waiting = match &wishes.listens {
            Some(channel) => channel.send(path.clone()).err().map(|_| path),
            None => Some(path),
        };
    }
}

/// Brings the window to the front, on a page.
pub fn show(app: &AppHandle, path: &str) {
    app.state::<Page>().open(path.to_owned());
    window::to_front(app);
}

/// The page says that it is there and which language it speaks, and hears from then on which page to show. A page that
/// is loaded again takes the place of the one before.
#[tauri::command]
pub fn hear(app: AppHandle, page: State<'_, Page>, language: String, open: Channel<String>) {
    words::speak(&language);
    tray::refresh(&app);
    let mut wishes = page.0.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(path) = wishes.waiting.take() {
        // A page that is gone again says so the next time.
        _ = open.send(path);
    }
    wishes.listens = Some(open);
}
