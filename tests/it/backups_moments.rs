//! Any moment of a month that was made up comes back with the state the journal recorded then.

use comanda_engine::kernel::ids::RestaurantId;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};

use crate::backups::{Safe, live_file, state};
use crate::trade::id;

#[tokio::test]
async fn any_moment_of_a_month_comes_back_as_it_was() {
    let moments: usize = std::env::var("COMANDA_MOMENTS").ok().and_then(|n| n.parse().ok()).unwrap_or(100);
    let mut safe = Safe::open().await;
    // Nights would clean up; here everything stays.
    let rule = json!({ "retention": { "rule": "days", "days": 90 }, "nightly": { "on": false, "minute": 120 } });
    safe.house.owner.put("/backups/rule", rule).await.ok();
    let seed = rand::rng().random();
    let mut rng = StdRng::seed_from_u64(seed);
    let (mut orders, mut recorded) = (Vec::<Value>::new(), Vec::new());
    for step in 0..160 {
        // A month, in steps of up to nine hours; whoever works logs in again for the day.
        safe.house.app.pass_ms(rng.random_range(1..9 * 3_600_000));
        if step % 16 == 15 {
            let restaurant = safe.house.owner.restaurant_id().to_owned();
            safe.house.owner = safe.house.app.log_in("lucia@example.com", &restaurant).await;
        }
        let house = &safe.house;
        match rng.random_range(0..6) {
            0..2 => orders.push(house.order().await),
            2 if !orders.is_empty() => {
                let order = orders.remove(rng.random_range(0..orders.len()));
                house.step(&order, "cancel", json!({ "reason": "Left" })).await;
            }
            3 => {
                let price = json!({ "price_minor": rng.random_range(900..1200) });
                house.owner.patch(&format!("/menu/items/{}", house.pizza), price).await.ok();
            }
            _ => drop(house.finished(["cash", "card"][step % 2]).await),
        }
        let at_ms = house.owner.get("/backups").await.ok()["now_ms"].as_i64().unwrap();
        let (entry, state) = state(&live_file(house));
        recorded.push((at_ms, entry, state));
        if step == 80 {
            assert_eq!(safe.back_up().await["state"], "done");
        }
    }
    safe.shipped().await;
    let house = &safe.house;
    for _ in 0..moments {
        let (at_ms, entry, hash) = &recorded[rng.random_range(0..recorded.len())];
        let restore = safe.prepare(json!({ "at_ms": at_ms })).await;
        assert_eq!(restore["state"], "ready", "seed {seed}: {restore:#}");
        assert_eq!(restore["then"]["entry"], *entry, "seed {seed}");
        let restaurant = RestaurantId(house.owner.restaurant_id().parse().unwrap());
        let prepared = house.app.running.app().backups.restores.find(restaurant, id(&restore).parse().unwrap());
        assert_eq!(&state(&prepared.unwrap().file()), &(*entry, hash.clone()), "seed {seed} at {at_ms}");
    }
}
