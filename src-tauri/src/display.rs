//! Is there a screen to open a window on? Asked first, because the window
//! toolkit panics when there is none.

/// What to do without a screen; `make run` and the tests of the window know this sentence.
#[cfg(target_os = "linux")]
const NO_DISPLAY: &str = "Comanda found no display to open its window on: start it from a desktop session, or run `comanda serve` and open the link it prints in a browser.";

/// `Err` carries the one sentence to print.
#[cfg(target_os = "linux")]
pub fn present() -> Result<(), &'static str> {
    let named =
        ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()));
    // A display can be named and not answer (another user's, a closed session):
    // the toolkit's own connection is the second half of the question.
    if named && gtk::init().is_ok() { Ok(()) } else { Err(NO_DISPLAY) }
}

/// Elsewhere a graphical program is always started inside a session with a screen.
#[cfg(not(target_os = "linux"))]
pub fn present() -> Result<(), &'static str> {
    Ok(())
}
