//! The icon in the tray: how the restaurant's computer is, by colour and in words, and a few quick ways.
//!
//! On Linux it needs a library that is loaded when the program runs. Without it there is no icon and one line in the
//! log; everything else works.

use comanda_engine::alerts::model::Severity;
use comanda_engine::alerts::store;
use tauri::image::Image;
use tauri::menu::{Menu, MenuBuilder, MenuEvent, MenuItemBuilder};
use tauri::tray::TrayIconBuilder;
use tauri::{AppHandle, Manager, Wry};

use crate::{engine, notify, page, window, words};

const ID: &str = "comanda";
/// What tray-icon loads, in its order.
#[cfg(target_os = "linux")]
const LIBRARIES: [&str; 2] = ["libayatana-appindicator3.so.1", "libappindicator3.so.1"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Well,
    Warning,
    Critical,
}

impl Standing {
    const fn word(self) -> &'static str {
        match self {
            Self::Well => "tray.well",
            Self::Warning => "tray.warning",
            Self::Critical => "tray.critical",
        }
    }

    /// The tokens `ok`, `warn` and `bad` of the pages, each of the scheme in which it is easier to tell.
    const fn colour(self) -> [u8; 3] {
        match self {
            Self::Well => [0x1c, 0x7a, 0x45],
            Self::Warning => [0xe0, 0xa9, 0x4a],
            Self::Critical => [0xb3, 0x26, 0x1e],
        }
    }
}

/// Puts the icon into the tray, if there can be one.
pub fn open(app: &AppHandle) {
    if let Err(why) = library() {
        tracing::warn!(why, "no icon in the tray");
        return;
    }
    if let Err(error) = build(app) {
        tracing::warn!(%error, "no icon in the tray");
    }
}

/// tray-icon panics without its library: asked first. Loading it once more costs nothing.
#[cfg(target_os = "linux")]
fn library() -> Result<(), String> {
    let opened = LIBRARIES.map(|name| dlopen2::raw::Library::open(name).map(drop));
    if opened.iter().any(Result::is_ok) {
        return Ok(());
    }
    Err(format!("neither {} nor {} is installed", LIBRARIES[0], LIBRARIES[1]))
}

#[cfg(not(target_os = "linux"))]
fn library() -> Result<(), String> {
    Ok(())
}

fn build(app: &AppHandle) -> tauri::Result<()> {
    let standing = standing(app);
    // Linux reads the icon from a file; the usual place is one for everybody on the computer.
    let files = app.path().app_cache_dir()?.join("tray");
    let tray = TrayIconBuilder::with_id(ID).temp_dir_path(files).icon(icon(standing)?).menu(&menu(app, standing)?);
    tray.on_menu_event(chosen).build(app).map(drop)
}

fn menu(app: &AppHandle, standing: Standing) -> tauri::Result<Menu<Wry>> {
    let state = MenuItemBuilder::with_id("state", words::word(standing.word())).enabled(false).build(app)?;
    MenuBuilder::new(app)
        .item(&state)
        .separator()
        .text("open", words::word("tray.open"))
        .text("today", words::word("tray.today"))
        .text("orders", words::word("tray.orders"))
        .separator()
        .text("back_up", words::word("tray.backUp"))
        .separator()
        .text("quit", words::word("tray.quit"))
        .build()
}

fn chosen(app: &AppHandle, event: MenuEvent) {
    match event.id().as_ref() {
        "open" => window::to_front(app),
        "today" => page::show(app, "/today"),
        "orders" => page::show(app, "/orders"),
        "back_up" => {
            let app = app.clone();
            tauri::async_runtime::spawn(async move {
                let outcome = engine::back_up(&app).await;
                notify::backed_up(&app, outcome);
            });
        }
        "quit" => app.exit(0),
        _ => {}
    }
}

/// Something may have changed: how it stands, or the language.
pub fn refresh(app: &AppHandle) {
    let app = app.clone();
    // Of a thread of its own: whoever calls may be what the window's thread waits for when it ends.
    std::thread::spawn(move || {
        let Some(tray) = app.tray_by_id(ID) else { return };
        let standing = standing(&app);
        let drawn = icon(standing).and_then(|icon| tray.set_icon(Some(icon)));
        if let Err(error) = drawn.and_then(|()| tray.set_menu(Some(menu(&app, standing)?))) {
            tracing::warn!(%error, "the icon in the tray stays as it was");
        }
    });
}

fn standing(app: &AppHandle) -> Standing {
    let active = engine::app(app).and_then(|engine| engine.installation.read(store::active).ok()).unwrap_or_default();
    if active.iter().any(|alert| alert.severity == Severity::Critical) {
        Standing::Critical
    } else if active.is_empty() {
        Standing::Well
    } else {
        Standing::Warning
    }
}

/// The program's own icon with a disc of the standing's colour in its corner, inside a white ring.
fn icon(standing: Standing) -> tauri::Result<Image<'static>> {
    let plain = Image::from_bytes(include_bytes!("../../icons/32x32.png"))?;
    let (width, height) = (plain.width(), plain.height());
    let mut pixels = plain.rgba().to_vec();
    let (centre_x, centre_y, radius) = (i64::from(width) - 8, i64::from(height) - 8, 7);
    for (at, pixel) in (0..).zip(pixels.chunks_exact_mut(4)) {
        let (x, y) = (at % i64::from(width) - centre_x, at / i64::from(width) - centre_y);
        let away = x * x + y * y;
        if away <= radius * radius {
            let inside = away <= (radius - 2) * (radius - 2);
            pixel[..3].copy_from_slice(&if inside { standing.colour() } else { [0xff; 3] });
            pixel[3] = 0xff;
        }
    }
    Ok(Image::new_owned(pixels, width, height))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_standing_has_a_colour_of_its_own_in_the_corner() {
        let corner = |standing| {
            let icon = icon(standing).unwrap();
            let at = ((icon.height() - 8) * icon.width() + icon.width() - 8) as usize * 4;
            icon.rgba()[at..at + 4].to_vec()
        };
        let colours = [Standing::Well, Standing::Warning, Standing::Critical].map(corner);
        assert_eq!(colours[0], [0x1c, 0x7a, 0x45, 0xff]);
        assert!(colours[0] != colours[1] && colours[1] != colours[2] && colours[0] != colours[2]);
    }
}
