//! The desktop window: starts the engine in this process on loopback, shows the
//! bundled pages and tells them where the engine listens.
//!
//! Invariants: the engine is opened only after the single-instance check, so a
//! second start can never fight for the files; whichever way the program ends
//! (last window closed, SIGTERM, Ctrl C), the engine is stopped before the
//! process is.
//!
//! Deliberately absent: business rules, SQL, and IPC beyond the commands in
//! [`engine`], [`page`], [`files`], [`desk`] and [`updates`]; the page speaks HTTP to the engine like any browser.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod crash;
mod desk;
mod display;
mod engine;
mod files;
mod kept;
mod keystore;
mod links;
mod notify;
mod page;
mod sheet;
mod signals;
mod tray;
mod trial;
mod updates;
mod window;
mod words;

use std::process::ExitCode;

fn main() -> ExitCode {
    words::as_the_system_speaks();
    // Before the toolkit is asked for a display: the dialog brings a thread of its own for it.
    if let Some(logs) = crash::asked() {
        return crash::tell(&logs);
    }
    if let Err(sentence) = display::present() {
        eprintln!("{sentence}");
        return ExitCode::FAILURE;
    }
    let app = tauri::Builder::default()
        .plugin(tauri_plugin_single_instance::init(|app, _args, _cwd| {
            window::to_front(app);
        }))
        .plugin(tauri_plugin_window_state::Builder::default().build())
        .plugin(tauri_plugin_updater::Builder::new().build())
        .plugin(tauri_plugin_deep_link::init())
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_autostart::Builder::new().build())
        .manage(updates::Found::default())
        .manage(page::Page::default())
        .manage(files::Places::default())
        .manage(sheet::Shown::default())
        .register_uri_scheme_protocol(sheet::SCHEME, sheet::answer)
        .invoke_handler(tauri::generate_handler![
            engine::engine,
            page::hear,
            files::choose_place,
            desk::start_at_login,
            desk::open_contract,
            updates::look_for_update,
            updates::install_update
        ])
        .setup(|app| {
            signals::quit_on_request(app.handle());
            match trial::start(app.handle()) {
                Ok(()) => {
                    links::follow(app.handle());
                    window::open(app, tauri::WebviewUrl::default())?;
                    tray::open(app.handle());
                    trial::watch(app.handle());
                    if let Some(engine) = engine::app(app.handle()) {
                        crash::watch(comanda_engine::logs::folder(&engine.data_dir));
                    }
                }
                Err(sheet) => window::open(app, sheet::page(app.handle(), sheet)?)?,
            }
            Ok(())
        })
        .build(tauri::generate_context!());
    let app = match app {
        Ok(app) => app,
        Err(error) => {
            eprintln!("Comanda could not open its window: {error}.");
            return ExitCode::FAILURE;
        }
    };
    app.run(|app, event| {
        if let tauri::RunEvent::Exit = event {
            trial::ended_in_order(app);
            engine::stop(app);
        }
    });
    ExitCode::SUCCESS
}
