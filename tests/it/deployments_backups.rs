//! Another Comanda from here: two engines on loopback, the one here a client of the one there.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::backups::{Safe, until};
use crate::support::{PASSWORD, Person, TestApp};
use crate::trade::id;

/// Somebody here who is logged in at a house elsewhere.
pub struct Reach {
    _here: TestApp,
    pub owner: Person,
    pub there: Safe,
    /// The deployment, and its restaurant from here.
    pub of: String,
    at: String,
}

async fn register(owner: &Person, address: &str) -> String {
    let wish = json!({ "name": "Via Roma", "kind": "comanda", "address": address, "every_s": 3600 });
    format!("/deployments/{}", id(&owner.post("/deployments", wish).await.created()))
}

fn login(password: &str) -> Value {
    json!({ "email": "lucia@example.com", "password": password })
}

impl Reach {
    pub async fn open() -> Self {
        let there = Safe::open().await;
        let here = TestApp::start().await;
        let owner = here.set_up().await;
        let of = register(&owner, &there.house.app.origin()).await;
        owner.post(&format!("{of}/session"), login(PASSWORD)).await.gone();
        let at = format!("{of}/at/{}/backups", there.house.owner.restaurant_id());
        Self { _here: here, owner, there, of, at }
    }

    async fn done(&self, run: &Value) -> Value {
        until(&self.owner, &format!("{}/runs/{}", self.at, id(run)), |run| run["state"] != "running").await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn backups_there_are_run_watched_tested_and_brought_into_a_copy_from_here() {
    let reach = Reach::open().await;
    let inside = reach.owner.get(&format!("{}/inside", reach.of)).await.ok();
    assert_eq!((&inside["session"], &inside["who"]), (&json!("good"), &json!("Lucia Rossi")));
    assert_eq!(inside["restaurants"][0]["id"], reach.there.house.owner.restaurant_id());
    assert_eq!(inside["health"]["parts"][0]["name"], "database");

    let before = reach.owner.get(&reach.at).await.ok()["bases"].as_array().unwrap().len();
    let run = reach.owner.post(&reach.at, json!({})).await;
    assert_eq!(run.status, 202, "{}", run.text);
    let run = reach.done(&run.json()).await;
    assert_eq!(run["state"], "done", "{run}");
    let bases = reach.owner.get(&reach.at).await.ok()["bases"].clone();
    assert_eq!(bases.as_array().unwrap().len(), before + 1);
    assert_eq!(bases, reach.there.house.owner.get("/backups").await.ok()["bases"], "as it says there");

    let base = bases[0]["id"].clone();
    let test = reach.owner.post(&format!("{}/tests", reach.at), json!({ "base_id": base })).await;
    assert_eq!(test.status, 202, "{}", test.text);
    let nobody = json!({ "base_id": "01970b2e-5c1f-7c33-9d53-0b1f6f5f6a11" });
    let refused = reach.owner.post(&format!("{}/tests", reach.at), nobody).await.refused("rule_violated");
    assert_eq!((&refused["details"]["status"], &refused["details"]["code"]), (&json!(404), &json!("not_found")));

    let restores = format!("{}/restores", reach.at);
    let wrong = json!({ "base_id": base, "typed": "via roma" });
    reach.owner.post(&restores, wrong).await.invalid("typed");
    let copy = reach.owner.post(&restores, json!({ "base_id": base, "typed": "Via Roma" })).await;
    assert_eq!(copy.status, 202, "{}", copy.text);
    let path = format!("{restores}/{}", id(&copy.json()));
    let ready = until(&reach.owner, &path, |copy| copy["state"] != "making").await;
    assert_eq!(ready["state"], "ready", "{ready}");
    assert_eq!(ready["then"]["orders"], ready["now"]["orders"]);
    reach.owner.delete(&path).await.gone();
    reach.owner.get(&path).await.refused("rule_violated");
}

/// Passes bytes on to an engine; the first answers with a file break off after so many bytes.
async fn a_line_that_breaks(to: String, breaks: u32, after: usize) -> (String, Arc<AtomicU32>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let broken = Arc::new(AtomicU32::new(0));
    let counted = broken.clone();
    tokio::spawn(async move {
        while let Ok((mut near, _)) = listener.accept().await {
            let (to, broken) = (to.clone(), counted.clone());
            tokio::spawn(async move {
                let mut far = TcpStream::connect(&to).await.unwrap();
                let mut head = vec![0; 8192];
                let read = near.read(&mut head).await.unwrap_or(0);
                far.write_all(&head[..read]).await.ok();
                let is_file = String::from_utf8_lossy(&head[..read]).starts_with("GET ")
                    && String::from_utf8_lossy(&head[..read]).contains("/backups/files/");
                if is_file && broken.load(Ordering::SeqCst) < breaks {
                    broken.fetch_add(1, Ordering::SeqCst);
                    let mut passed = 0;
                    let mut piece = vec![0; 1024];
                    while passed < after {
                        let read = far.read(&mut piece).await.unwrap_or(0);
                        near.write_all(&piece[..read]).await.ok();
                        passed += read.max(1);
                    }
                    return;
                }
                tokio::io::copy_bidirectional(&mut near, &mut far).await.ok();
            });
        }
    });
    (address, broken)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_is_fetched_whole_though_the_line_breaks_twice() {
    let reach = Reach::open().await;
    let (address, broken) = a_line_that_breaks(reach.there.house.app.running.address().to_string(), 2, 6_000).await;
    reach.owner.patch(&reach.of, json!({ "address": address })).await.ok();
    reach.owner.get(&reach.at).await.refused("conflict");
    reach.owner.post(&format!("{}/session", reach.of), login(PASSWORD)).await.gone();
    let run = reach.owner.post(&format!("{}/files", reach.at), json!({})).await;
    assert_eq!(run.status, 202, "{}", run.text);
    let run = reach.done(&run.json()).await;
    assert_eq!(run["state"], "done", "{run}");
    let there = &reach.there.house.owner;
    let whole = there.request(Method::GET, &format!("/backups/files/{}", id(&run))).send().await.unwrap();
    let length = whole.content_length().unwrap();
    let whole = whole.bytes().await.unwrap();
    assert_eq!(whole.len() as u64, length);
    let came = reach.owner.request(Method::GET, &format!("{}/files/{}", reach.at, id(&run))).send().await.unwrap();
    assert_eq!(came.content_length(), Some(length), "the page can say how far it is");
    assert!(came.bytes().await.unwrap() == whole, "it is another file");
    assert_eq!(broken.load(Ordering::SeqCst), 2, "the line did not break");
    let part = there.request(Method::GET, &format!("/backups/files/{}", id(&run)));
    let part = part.header("range", format!("bytes={}-", length - 7)).send().await.unwrap();
    assert_eq!(part.status(), 206);
    assert_eq!(part.bytes().await.unwrap(), whole[whole.len() - 7..]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_there_is_told_apart_from_none_an_ended_one_and_a_dead_host() {
    let reach = Reach::open().await;
    let session = format!("{}/session", reach.of);
    let inside = || async { reach.owner.get(&format!("{}/inside", reach.of)).await.ok()["session"].clone() };
    let kept = reach._here.folder.path().join("deployments/tokens.json");
    let token = || {
        let kept: Value = serde_json::from_slice(&std::fs::read(&kept).unwrap()).unwrap();
        kept.as_object().unwrap().values().next().map(|token| token.as_str().unwrap().to_owned())
    };
    let first = token().unwrap();
    let wrong = reach.owner.post(&session, login("Wrong-password-1")).await;
    assert!(!wrong.text.contains("Wrong-password"), "{}", wrong.text);
    wrong.invalid("password");
    assert_eq!(inside().await, "good", "a wrong password ends nothing");

    // Logging in again ends the session before it there.
    reach.owner.post(&session, login(PASSWORD)).await.gone();
    let second = token().unwrap();
    let stale = reach.there.house.app.http.get(reach.there.house.app.url("/me")).bearer_auth(&first);
    assert_eq!(stale.send().await.unwrap().status(), 401);

    // It ends there, not here.
    let ended = reach.there.house.app.http.delete(reach.there.house.app.url("/sessions/current")).bearer_auth(&second);
    assert_eq!(ended.send().await.unwrap().status(), 204);
    assert_eq!(inside().await, "ended");
    let refused = reach.owner.get(&reach.at).await;
    assert!(!refused.text.contains(&second), "{}", refused.text);
    assert_eq!(refused.refused("conflict")["details"]["session"], "ended");

    reach.owner.delete(&session).await.gone();
    assert_eq!((inside().await, token()), (json!("none"), None));
    assert_eq!(reach.owner.post(&reach.at, json!({})).await.refused("conflict")["details"]["session"], "none");

    reach.owner.post(&session, login(PASSWORD)).await.gone();
    let Reach { _here, owner, there, of, at } = reach;
    there.house.app.running.stop().await;
    let dead = owner.get(&at).await.refused("conflict");
    assert_eq!(dead["details"]["reason"], "refused");
    assert_eq!(owner.get(&format!("{of}/inside")).await.ok()["session"], "away");
    assert_eq!(owner.post(&session, login(PASSWORD)).await.refused("conflict")["details"]["reason"], "refused");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_comanda_gets_no_password() {
    let here = TestApp::start().await;
    let owner = here.set_up().await;
    let wish = json!({ "name": "Shop", "kind": "http", "address": "http://127.0.0.1:1/health", "every_s": 3600 });
    let shop = format!("/deployments/{}", id(&owner.post("/deployments", wish).await.created()));
    owner.post(&format!("{shop}/session"), login(PASSWORD)).await.refused("rule_violated");
    let open = register(&owner, "http://hub.example").await;
    owner.post(&format!("{open}/session"), login(PASSWORD)).await.refused("rule_violated");
}
