//! The system's key store (Secret Service, Keychain, Credential Manager), for the key of the backups. Nothing else in
//! the product names it: the engine is handed one function.

use std::sync::mpsc;
use std::time::Duration;

use comanda_engine::backups::custody::{Ask, KeyStore};
use keyring::{Entry, Error};

const SERVICE: &str = "app.comanda.desktop";
/// It may ask the person for a password; one who does not answer is not waited for.
const ANSWER_TIME_MAX: Duration = Duration::from_secs(60);

/// The key store as the engine asks it.
pub fn of_the_system() -> KeyStore {
    KeyStore::from_fn(|asked| match asked {
        Ask::Give { name } => {
            let name = name.to_owned();
            in_time(move || match Entry::new(SERVICE, &name)?.get_password() {
                Ok(secret) => Ok(Some(secret)),
                Err(Error::NoEntry) => Ok(None),
                Err(error) => Err(error),
            })
        }
        Ask::Keep { name, secret } => {
            let (name, secret) = (name.to_owned(), secret.to_owned());
            in_time(move || Entry::new(SERVICE, &name)?.set_password(&secret).map(|()| None))
        }
    })
}

/// On a thread of its own, which ends when the key store answers at last.
fn in_time(ask: impl FnOnce() -> Result<Option<String>, Error> + Send + 'static) -> Result<Option<String>, String> {
    let (answers, answer) = mpsc::channel();
    std::thread::spawn(move || drop(answers.send(ask())));
    match answer.recv_timeout(ANSWER_TIME_MAX) {
        Ok(answered) => answered.map_err(|error| error.to_string()),
        Err(_) => Err("the key store did not answer".to_owned()),
    }
}
