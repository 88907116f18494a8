//! Who asks with a key: whoever made it, as far as they still may.

use std::sync::Arc;

use super::model::ApiKey;
use super::store;
use crate::app::App;
use crate::error::ApiError;
use crate::front::here::Caller;
use crate::installation::store as accounts;
use crate::kernel::ids::SessionId;
use crate::staff;

impl App {
    /// None: nobody has this key, it is paused, or whoever made it left the staff.
    pub fn read_program(&self, hash: &[u8; 32]) -> Result<Option<Caller>, ApiError> {
        let both = |conn: &rusqlite::Connection| {
            let Some(kept) = store::by_hash(conn, hash)?.filter(|kept| kept.paused_ms.is_none()) else {
                return Ok(None);
            };
            let account = accounts::account_by_id(conn, kept.account_id)?;
            Ok(account.map(|account| (kept, account)))
        };
        let Some((kept, account)) = self.installation.read::<_, rusqlite::Error>(both)? else { return Ok(None) };
        let Some(restaurant) = self.restaurant(kept.restaurant_id) else { return Ok(None) };
        let Some((staff_id, role)) = restaurant.read(|conn| staff::store::place_of(conn, account.id))? else {
            return Ok(None);
        };
        let places = vec![(restaurant.id, staff_id, role)];
        Ok(Some(Caller {
            account_id: account.id,
            // A program has one for as long as it has its key.
            session_id: SessionId(kept.id),
            login_id: account.id,
            name: account.name,
            email: Some(account.email),
            expires_ms: kept.expires_ms.unwrap_or(i64::MAX),
            home: places.clone(),
            places,
            locked: false,
            device: false,
            key: Some(Arc::new(ApiKey::new(kept.id, kept.tier, kept.scopes, kept.used_ms))),
        }))
    }

    /// Remembers when a key was used last.
    pub fn note_use(&self, key: &ApiKey) {
        let (now_ms, id) = (self.clock.now_ms(), key.id);
        if key.notes_use(now_ms) {
            let app = self.clone();
            tokio::spawn(async move {
                if let Err(error) = app.installation.local(move |tx| store::note_use(tx, id, now_ms)).await {
                    tracing::warn!(%error, "the use of a key was not noted");
                }
            });
        }
    }
}
