//! `comanda`: the engine without a window.

mod cli;

fn main() -> std::process::ExitCode {
    cli::run()
}
