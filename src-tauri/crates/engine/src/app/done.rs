//! What came of a command.

use comanda_db::{Answer, Outcome};

use crate::error::{ApiError, Refusal};

/// A command that was done, now or when the same request came first.
#[derive(Debug, Clone)]
pub struct Done<A> {
    pub answer: A,
    pub replayed: bool,
    /// The journal entry that holds its changes.
    pub entry: u64,
}

impl<A: serde::de::DeserializeOwned> Done<A> {
    /// Reads the ledger's answer; a refusal becomes the error it was the first time.
    pub fn of(answer: Answer) -> Result<Self, ApiError> {
        let Answer { outcome, body, replayed, entry, .. } = answer;
        match outcome {
            Outcome::Done => {
                let answer = serde_json::from_slice(&body).map_err(ApiError::internal)?;
                Ok(Self { answer, replayed, entry })
            }
            Outcome::Refused => {
                let refusal: Refusal = serde_json::from_slice(&body).map_err(ApiError::internal)?;
                Err(ApiError::from(refusal).replayed(replayed))
            }
        }
    }
}
