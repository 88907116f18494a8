//! A printer on this machine: a port that takes what a printer would be sent.

use tokio::io::AsyncReadExt;
use tokio::net::{TcpListener, TcpStream};

pub struct Paper(TcpListener);

impl Paper {
    pub async fn new() -> Self {
        Self(TcpListener::bind("127.0.0.1:0").await.unwrap())
    }

    pub async fn at(address: &str) -> Self {
        Self(TcpListener::bind(address).await.unwrap())
    }

    pub fn address(&self) -> String {
        self.0.local_addr().unwrap().to_string()
    }

    pub async fn call(&self) -> TcpStream {
        self.0.accept().await.unwrap().0
    }

    /// The bytes of the next document.
    pub async fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.call().await.read_to_end(&mut bytes).await.unwrap();
        bytes
    }

    /// The next document, plain text.
    pub async fn slip(&self) -> String {
        String::from_utf8(self.bytes().await).unwrap()
    }

    /// Takes a little of the next ticket and hangs up.
    pub async fn tear(&self) {
        let mut some = [0; 4];
        self.call().await.read_exact(&mut some).await.unwrap();
    }
}
