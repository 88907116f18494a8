//! When the window's own thread breaks, the program ends; a second start of it says so in a dialog, with the place of
//! the log. Nothing is sent anywhere. What breaks in the engine harms one request and ends nothing.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::OnceLock;

use crate::words;

/// The word that makes a start show the dialog and nothing else; the folder of the log follows it.
const WORD: &str = "--broke-down";
/// Breaks the window's thread down, for the test of the dialog. Debug builds alone listen to it.
const BREAK_VARIABLE: &str = "COMANDA_BREAK_DOWN";

static LOGS: OnceLock<PathBuf> = OnceLock::new();

/// Whether this start is to show the dialog: the place of the log.
pub fn asked() -> Option<PathBuf> {
    let mut words = std::env::args_os().skip(1);
    (words.next()? == WORD).then(|| words.next().map(PathBuf::from)).flatten()
}

/// Shows the dialog until somebody closes it.
pub fn tell(logs: &Path) -> ExitCode {
    let text = words::word("broke.text").replace("{{path}}", &logs.display().to_string());
    rfd::MessageDialog::new()
        .set_level(rfd::MessageLevel::Error)
        .set_title(words::word("broke.title"))
        .set_description(text)
        .show();
    ExitCode::FAILURE
}

/// From now on a broken window's thread is told of. Called on that thread, once the log has its place.
pub fn watch(logs: PathBuf) {
    LOGS.get_or_init(|| logs);
    let own = std::thread::current().id();
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |about| {
        tracing::error!(%about, "a thread broke down");
        usual(about);
        let program = std::env::current_exe().ok().filter(|_| std::thread::current().id() == own);
        if let (Some(program), Some(logs)) = (program, LOGS.get()) {
            // Of nothing here is sure any more: another process shows the dialog.
            drop(Command::new(program).arg(WORD).arg(logs).spawn());
        }
    }));
    let break_down = cfg!(debug_assertions) && std::env::var_os(BREAK_VARIABLE).is_some();
    assert!(!break_down, "asked to break down");
}
