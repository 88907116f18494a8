//! The open connections of one thread. A request takes one, and gives it back when its answer is whole.

use std::cell::{Cell, RefCell};

use bytes::Bytes;
use http_body_util::Full;
use hyper::Request;
use tokio::sync::{Mutex, Semaphore};

use crate::plan::Protocol;
use crate::tally::ErrorKind;
use crate::wire::{Answer, Broken, Dial, Link, Unsent};

pub struct Lines {
    dial: Dial,
    idle: RefCell<Vec<Link>>,
    /// Requests at once: connections for HTTP/1.1; for HTTP/2 the server says how many it takes on one.
    free: Semaphore,
    shared: Mutex<Option<Link>>,
    /// Made in the life of the thread.
    made: Cell<u64>,
}

impl Lines {
    pub fn new(dial: Dial, most: usize) -> Self {
        let most = if dial.protocol == Protocol::Http2 { most * 100 } else { most };
        Self {
            dial,
            idle: RefCell::default(),
            free: Semaphore::new(most.max(1)),
            shared: Mutex::default(),
            made: Cell::new(0),
        }
    }

    pub fn made(&self) -> u64 {
        self.made.get()
    }

    /// One request and its answer. Waits for a free connection; a kept one that the server had closed
    /// meanwhile is replaced without an error.
    pub async fn ask(&self, mut request: Request<Full<Bytes>>, keep: bool) -> Result<Answer, Broken> {
        let closing = || Broken::new(ErrorKind::Reset, "The run was ended.");
        let _turn = self.free.acquire().await.map_err(|_| closing())?;
        loop {
            let (mut link, is_new) = self.take().await?;
            match link.ask(request, keep).await {
                Ok(answer) => {
                    self.give_back(link);
                    return Ok(answer);
                }
                Err(Unsent::Gone(back)) if !is_new => request = *back,
                Err(Unsent::Gone(_)) => {
                    return Err(Broken::new(ErrorKind::Reset, "The connection ended before the request went out."));
                }
                Err(Unsent::Broken(broken)) => return Err(broken),
            }
        }
    }

    async fn take(&self) -> Result<(Link, bool), Broken> {
        match self.dial.protocol {
            Protocol::Http1 => {
                let kept = std::iter::from_fn(|| self.idle.borrow_mut().pop()).find(|link| !link.is_closed());
                match kept {
                    Some(link) => Ok((link, false)),
                    None => Ok((self.connect().await?, true)),
                }
            }
            Protocol::Http2 => {
                let mut shared = self.shared.lock().await;
                match &*shared {
                    Some(Link::Two(sender)) if !sender.is_closed() => Ok((Link::Two(sender.clone()), false)),
                    _ => {
                        let link = self.connect().await?;
                        if let Link::Two(sender) = &link {
                            *shared = Some(Link::Two(sender.clone()));
                        }
                        Ok((link, true))
                    }
                }
            }
        }
    }

    async fn connect(&self) -> Result<Link, Broken> {
        self.made.set(self.made.get() + 1);
        self.dial.connect().await
    }

    fn give_back(&self, link: Link) {
        if matches!(link, Link::One(_)) && !link.is_closed() {
            self.idle.borrow_mut().push(link);
        }
    }
}
