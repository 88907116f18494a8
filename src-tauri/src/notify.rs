//! Notifications of the desktop: an alert that fires, and what came of a backup the tray was asked for.
//!
//! Invariants: an alert is told once, when it fires; one that was on at the last start and still is, is not told
//! again. A desktop without notifications costs a line in the log and nothing else.

use comanda_engine::alerts::model::{Event, Severity};
use comanda_engine::alerts::store::Alert;
use notify_rust::Notification;
use tauri::AppHandle;

use crate::{page, tray, words};

const ALERTS: &str = "/alerts";
const BACKUPS: &str = "/backups";
/// As the icon is called where the program is installed.
const ICON: &str = "comanda-desktop";

/// Hears of alerts from the engine.
pub fn alert(app: &AppHandle, event: Event, alert: &Alert) {
    tray::refresh(app);
    if event == Event::Fired {
        let (what, todo) = words::alert(alert.rule.as_str());
        let what = alert.subject.as_ref().map_or(what.clone(), |of| format!("{what}: {}", of.name));
        show(app, what, todo, ALERTS, alert.severity == Severity::Critical);
    }
}

/// What came of a backup; `Err` is a sentence.
pub fn backed_up(app: &AppHandle, outcome: Result<(), String>) {
    match outcome {
        Ok(()) => show(app, words::word("backUp.done"), words::word("backUp.doneWhy"), BACKUPS, false),
        Err(why) => show(app, words::word("backUp.failed"), why, BACKUPS, true),
    }
}

/// Clicking it opens the page, where the desktop tells of clicks. A thread waits for that.
fn show(app: &AppHandle, title: String, text: String, path: &'static str, is_urgent: bool) {
    let app = app.clone();
    std::thread::spawn(move || {
        let mut notification = Notification::new();
        notification.appname("Comanda").summary(&title).body(&text).icon(ICON);
        notification.action("default", &words::word("notice.open"));
        if is_urgent {
            urgent(&mut notification);
        }
        match notification.show() {
            Ok(shown) => when_clicked(shown, &|| page::show(&app, path)),
            Err(error) => tracing::warn!(%error, title, "the desktop shows no notifications"),
        }
    });
}

#[cfg(all(unix, not(target_os = "macos")))]
fn urgent(notification: &mut Notification) {
    notification.urgency(notify_rust::Urgency::Critical);
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn urgent(_: &mut Notification) {}

#[cfg(all(unix, not(target_os = "macos")))]
fn when_clicked(shown: notify_rust::NotificationHandle, act: &dyn Fn()) {
    shown.wait_for_action(|action| {
        if action == "default" {
            act();
        }
    });
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn when_clicked<T>(_: T, _: &dyn Fn()) {}
