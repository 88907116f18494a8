//! `comanda backup list`: of this installation's places, or of one place alone.

use comanda_engine::backups::shelf::{self, Shelf};
use comanda_engine::backups::target::Target;
use comanda_engine::backups::unit::{self, Unit};
use comanda_engine::backups::{carried, elsewhere, keys, manifest, plan, ship};
use comanda_engine::kernel::time;

use super::{Failure, ListArgs, called, opened_data, place, targets};

pub async fn of_data(args: &ListArgs) -> Result<(), Failure> {
    let (app, _lock) = opened_data(&args.data)?;
    for target in targets(&app)? {
        for unit in unit::all(&app) {
            let (_, shelf) = ship::reached(&app, unit, &target).await?;
            println!("{} in {}: {} bytes", called(&app, unit), target.name, shelf.bytes);
            show(&shelf, ship::zone(&app, unit));
        }
    }
    app.close();
    Ok(())
}

/// Where no data directory is left: whose it is is not known, so that moments are told on the clock of Greenwich.
pub async fn of_place(args: &ListArgs) -> Result<(), Failure> {
    let text = args.from.as_deref().unwrap_or_default();
    let path = std::path::Path::new(text);
    let carried = if path.is_file() { Some(carried::Unpacked::of(path, &std::env::temp_dir())?) } else { None };
    let from = match &carried {
        Some(unpacked) => unpacked.target.clone(),
        None => place(text, &args.store, text)?,
    };
    let key = args.recovery_key.as_deref().map(keys::from_recovery).transpose()?;
    let (target, units) = elsewhere::reached(&from).await?;
    for unit in units {
        match &key {
            Some(key) => {
                let shelf = shelf::look(&target, unit, key).await?;
                println!("{}: {} bytes", unit.name(), shelf.bytes);
                show(&shelf, chrono_tz::UTC);
            }
            None => as_it_says(&target, unit).await?,
        }
    }
    if key.is_none() {
        println!(
            "Moments are in UTC, as the place says itself. With --recovery-key it is looked at whether that is so."
        );
    }
    Ok(())
}

fn show(shelf: &Shelf, zone: chrono_tz::Tz) {
    let wall = |at_ms| time::local(at_ms, zone).format("%Y-%m-%d %H:%M:%S");
    for window in plan::windows(shelf) {
        let gap = window.missing.map(|entry| format!(" (entry {entry} is missing)")).unwrap_or_default();
        println!("  any second from {} to {}{gap}", wall(window.from_ms), wall(window.to_ms));
    }
    for base in &shelf.bases {
        let word = match &base.verdict {
            None => "not tested",
            Some(verdict) if verdict.is_good() => "verified",
            Some(_) => "FAILED ITS TEST",
        };
        let manifest = &base.manifest;
        println!("  {} {} {} bytes, {word}", manifest.id, wall(manifest.made_ms), manifest.sealed.bytes);
    }
    for finding in &shelf.findings {
        println!("  NOT BELIEVED: {finding}");
    }
}

/// Manifests stand open: what a place says needs no key, and proves nothing.
async fn as_it_says(target: &Target, unit: Unit) -> Result<(), Failure> {
    let listed = target.list(&unit.name()).await?;
    println!("{}: {} bytes", unit.name(), listed.iter().map(|object| object.bytes).sum::<u64>());
    let mut all = Vec::new();
    for object in listed.iter().filter(|object| object.path.ends_with("/manifest.json")) {
        all.extend(manifest::told(&target.get(&object.path).await?));
    }
    all.sort_by_key(|manifest| manifest.made_ms);
    for manifest in all {
        let made = time::local(manifest.made_ms, chrono_tz::UTC).format("%Y-%m-%d %H:%M:%S");
        println!("  {} {made} {} bytes", manifest.id, manifest.sealed.bytes);
    }
    Ok(())
}
