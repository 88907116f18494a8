//! Small servers of plain sockets: they do exactly what a test says, also what no server should.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use comanda_load::run::{Given, Stop, prepare};
use comanda_load::{Plan, Summary, plan};
use serde_json::{Value, json};

pub struct Server {
    pub address: SocketAddr,
    /// Requests that arrived.
    pub asked: Arc<AtomicU64>,
}

/// What came in.
pub struct Asked {
    pub line: String,
    pub headers: String,
    pub body: String,
    /// Which one it is, from 0.
    pub number: u64,
}

impl Server {
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn count(&self) -> u64 {
        self.asked.load(Ordering::SeqCst)
    }

    /// Each connection has a thread; `answer` writes what it likes and says whether to go on.
    pub fn start(answer: impl Fn(&Asked, &mut TcpStream) -> bool + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (asked, answer) = (Arc::new(AtomicU64::new(0)), Arc::new(answer));
        let counted = asked.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (answer, counted) = (answer.clone(), counted.clone());
                std::thread::spawn(move || {
                    stream.set_nodelay(true).unwrap();
                    let mut reader = BufReader::new(stream.try_clone().unwrap());
                    let mut stream = stream;
                    while let Some(mut asked) = read(&mut reader) {
                        asked.number = counted.fetch_add(1, Ordering::SeqCst);
                        if !answer(&asked, &mut stream) {
                            return;
                        }
                    }
                });
            }
        });
        Self { address, asked }
    }
}

fn read(reader: &mut BufReader<TcpStream>) -> Option<Asked> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|bytes| *bytes > 0)?;
    let mut headers = String::new();
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        if header.trim().is_empty() {
            break;
        }
        headers.push_str(&header);
    }
    let length =
        headers.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    Some(Asked { line: line.trim().to_owned(), headers, body: String::from_utf8_lossy(&body).into(), number: 0 })
}

pub fn reply(stream: &mut TcpStream, status: &str, body: &str) -> bool {
    let text = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
    stream.write_all(text.as_bytes()).is_ok()
}

/// One scenario of one GET at a constant rate.
pub fn a_plan(url: &str, rate: f64, for_s: f64) -> Value {
    json!({
        "name": "Test", "target": url, "timeout_s": 2, "stop_at_errors_percent": 100,
        "phases": [{"shape": "constant", "name": "all", "for_s": for_s, "rate": rate}],
        "scenarios": [{"name": "One", "weight": 1, "steps": [{"name": "Get", "path": "/"}]}],
    })
}

pub fn read_plan(value: &Value) -> Plan {
    plan::read(&value.to_string()).unwrap_or_else(|problems| panic!("{problems:?}"))
}

pub fn run(value: &Value) -> Summary {
    run_given(value, &Given::default()).unwrap_or_else(|why| panic!("{why}"))
}

pub fn run_given(value: &Value, given: &Given) -> Result<Summary, String> {
    let given = Given {
        secrets: given.secrets.clone(),
        trusted_pem: given.trusted_pem.clone(),
        agreed_host: given.agreed_host.clone(),
        threads: 2,
        began_ms: 0,
    };
    Ok(prepare(read_plan(value), &given, Stop::default())?.run(|_| ()))
}

/// The sentence of the commonest error.
pub fn complaint(summary: &Summary) -> String {
    summary.errors.first().map(|line| line.text.clone()).unwrap_or_default()
}
