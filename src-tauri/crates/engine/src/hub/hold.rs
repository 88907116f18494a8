//! A line held for one process: a transaction that keeps the row of its head locked.

use deadpool_postgres::{Client, Object};
use tokio_postgres::Error;
use uuid::Uuid;

use super::store;

/// None once the transaction ended.
pub struct Hold(Option<Client>);

impl Hold {
    /// Waits for whoever holds the line.
    pub async fn begin(client: Client, line: Uuid) -> Result<Self, Error> {
        let hold = Self(Some(client));
        store::hold(hold.client(), line).await?;
        Ok(hold)
    }

    pub fn client(&self) -> &Client {
        self.0.as_ref().expect("it is there until it ended")
    }

    /// Keeps what was done, and lets others append.
    pub async fn end(mut self) -> Result<(), Error> {
        store::let_go(self.client()).await?;
        // This one is good for whoever comes next.
        drop(self.0.take());
        Ok(())
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        // In the middle of a transaction: closing the connection ends it, and nobody gets what is left.
        drop(self.0.take().map(Object::take));
    }
}
