//! A thousand screens that listen while orders come: from an order's request to each screen that is told.

use std::path::Path;
use std::time::{Duration, Instant};

use futures::{SinkExt, StreamExt};
use hdrhistogram::Histogram;
use serde_json::json;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::process::{self, Server};
use crate::wrk::open_shop;

const SCREENS: usize = 1_000;
const ORDERS: usize = 200;
/// Ten a second.
const APART: Duration = Duration::from_millis(100);
/// After the last order.
const QUIET: Duration = Duration::from_secs(2);

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

pub fn run(folder: &Path) {
    let server = Server::start("engine", &folder.join("sockets").to_string_lossy());
    let shop = open_shop(&server.address, &server.code);
    let order = shop.new_order().to_string();
    process::load(&["listeners", &server.address, &shop.token, &shop.restaurant, &shop.orders, &order]);
    println!("{:<58} {:>9.0} MB", format!("memory with {SCREENS} screens (RSS)"), server.memory_mb());
}

/// The role: opens the screens, opens orders at their pace, prints how long each screen waited.
pub fn listen(args: &[String]) {
    let [address, token, restaurant, orders, order] = args else { panic!("five arguments, not {}", args.len()) };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let auth = json!({ "token": token, "restaurant_id": restaurant }).to_string();
        let mut screens = Vec::new();
        for _ in 0..SCREENS {
            screens.push(tokio::spawn(hear(screen(address, &auth).await)));
        }
        let sent = open_orders(&format!("http://{address}{orders}"), token, order).await;
        tokio::time::sleep(QUIET).await;
        let mut unheard = 0;
        let mut waits = Histogram::<u64>::new(3).expect("a histogram");
        for screen in screens {
            let heard = screen.await.expect("a screen listens to the end");
            for began in &sent {
                match heard.iter().find(|told| *told > began) {
                    Some(told) => waits.record((*told - *began).as_micros() as u64).expect("a wait"),
                    None => unheard += 1,
                }
            }
        }
        assert_eq!(unheard, 0, "of {} messages", SCREENS * ORDERS);
        let millis = |of: f64| waits.value_at_quantile(of) as f64 / 1e3;
        println!("from request to {SCREENS} screens, 10 orders/s: p50 {:.1} ms", millis(0.5));
        println!("{:<58} {:>9.1} ms, worst {:.1} ms", "  p99", millis(0.99), millis(1.0));
    });
}

/// Speaks Socket.IO over a WebSocket until it is greeted.
async fn screen(address: &str, auth: &str) -> Socket {
    let url = format!("ws://{address}/socket.io/?EIO=4&transport=websocket");
    let (mut socket, _) = connect_async(url).await.expect("a connection");
    loop {
        let packet = socket.next().await.expect("a packet").expect("a packet").into_text().expect("text");
        match packet.as_str() {
            opened if opened.starts_with('0') => {
                socket.send(Message::text(format!("40{auth}"))).await.expect("sent");
            }
            hello if hello.starts_with("42[\"hello\"") => return socket,
            "2" => socket.send(Message::text("3")).await.expect("sent"),
            refused if refused.starts_with("44") => panic!("{refused}"),
            _ => {}
        }
    }
}

/// When it was told that something changed, until nothing comes for a while.
async fn hear(mut socket: Socket) -> Vec<Instant> {
    let mut heard = Vec::new();
    loop {
        let patience = if heard.is_empty() { Duration::from_mins(2) } else { QUIET };
        let packet = match tokio::time::timeout(patience, socket.next()).await {
            Ok(Some(Ok(packet))) => packet,
            Ok(ended) => panic!("a screen was left alone after {} messages: {ended:?}", heard.len()),
            Err(_) => return heard,
        };
        match packet.to_text().expect("text") {
            changed if changed.starts_with("42[\"changed\"") => heard.push(Instant::now()),
            "2" => socket.send(Message::text("3")).await.expect("sent"),
            _ => {}
        }
    }
}

/// When each order was asked for.
async fn open_orders(url: &str, token: &str, order: &str) -> Vec<Instant> {
    let http = reqwest::Client::new();
    let mut pace = tokio::time::interval(APART);
    let mut sent = Vec::new();
    for _ in 0..ORDERS {
        pace.tick().await;
        sent.push(Instant::now());
        let asked = http.post(url).bearer_auth(token).header("content-type", "application/json");
        let answer = asked.body(order.to_owned()).send().await.expect("an answer");
        assert!(answer.status().is_success(), "{}", answer.status());
    }
    sent
}
