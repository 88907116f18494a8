//! The engine as the kill test starts it: `kill_target DATA_DIR ANSWER_EARLY_MS`. Zero is the product as it is;
//! anything else answers first and commits that much later, the control that must be caught.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use comanda_engine::serve::{Options, start};

#[tokio::main]
async fn main() {
    let mut args = std::env::args().skip(1);
    let data_dir = PathBuf::from(args.next().expect("a data folder"));
    let early: u64 = args.next().expect("milliseconds").parse().expect("a number");
    let running = start(Options {
        data_dir,
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        answer_early: (early > 0).then(|| Duration::from_millis(early)),
        ..Options::default()
    })
    .await
    .expect("the engine starts");
    println!("{}", running.address());
    // Killed, never stopped.
    std::future::pending::<()>().await;
}
