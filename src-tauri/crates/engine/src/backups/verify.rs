//! The test restore: a base, and the journal after the newest one, brought back to a file of its own and checked.
//! What it says is kept beside the base, also where it is bad.

use super::aside::aside;
use super::manifest::{self, Verdict};
use super::plan::Way;
use super::runs::{Handle, Step, What};
use super::shelf::Shelf;
use super::target::Target;
use super::unit::Unit;
use super::{Failure, bring, check, mend, segment, settings, ship};
use crate::app::App;
use uuid::Uuid;

/// Tests a base of a target, as a run of its own.
pub async fn verify(app: &App, unit: Unit, settings: &settings::Target, id: Uuid) -> Result<Verdict, Failure> {
    let run = app.backups.runs.begin(What::Verify, &unit.name(), app.clock.now_ms());
    run.is_of(id);
    run.is_at(&settings.name);
    let _alone = app.backups.alone.lock().await;
    let outcome = test(app, unit, settings, id, &run).await;
    let outcome = outcome.and_then(|verdict| match verdict.findings.first() {
        Some(finding) => Err(Failure::Said(finding.clone())),
        None => Ok(verdict),
    });
    run.end(outcome, app.clock.now_ms())
}

/// The test itself. A target that cannot be reached, or a disk of this computer that is full, says nothing of the base.
pub async fn test(
    app: &App,
    unit: Unit,
    settings: &settings::Target,
    id: Uuid,
    run: &Handle,
) -> Result<Verdict, Failure> {
    let (target, shelf) = ship::reached(app, unit, settings).await?;
    let base = shelf.base(id).ok_or_else(|| Failure::Said(format!("there is no backup {id} here")))?.manifest.clone();
    let newest = shelf.newest(base.epoch).is_some_and(|newest| newest.manifest.id == id);
    let segments = if newest { segment::way_from(base.entry, &shelf.of_epoch(base.epoch)) } else { Vec::new() };
    let began = std::time::Instant::now();
    let way = Way { base, segments, until_ms: None };
    let mut verdict = Verdict { base: id, at_ms: app.clock.now_ms(), took_ms: 0, entry: 0, findings: Vec::new() };
    match brought(app, unit, &target, &shelf, &way, run).await {
        Ok((entry, findings)) => (verdict.entry, verdict.findings) = (entry, findings),
        Err(stop @ (Failure::Stopped | Failure::Target { .. })) => return Err(stop),
        Err(here) if here.is_of_here() => return Err(here),
        Err(Failure::Broken { segment, why }) => {
            // The base itself came back.
            verdict.entry = segment.first - 1;
            verdict.findings = vec![mend::damaged(app, unit, &target, &segment, &why).await.to_string()];
        }
        Err(bad) => verdict.findings = vec![bad.to_string()],
    }
    verdict.took_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    let path = segment::verdict_path(&unit.name(), id);
    let bytes =
        manifest::write(&app.backups.key()?, &path, &verdict).map_err(|error| Failure::Said(error.to_string()))?;
    let failed = |source| Failure::Target { target: target.name.clone(), source };
    target.put(&path, bytes).await.map_err(failed)?;
    mend::tested(app, unit, settings, &verdict, newest);
    Ok(verdict)
}

async fn brought(
    app: &App,
    unit: Unit,
    target: &Target,
    shelf: &Shelf,
    way: &Way,
    run: &Handle,
) -> Result<(u64, Vec<String>), Failure> {
    let work = app.backups.work()?;
    let file = work.file("restored.db");
    let mark = bring::bring(target, unit, &app.backups.key()?, shelf, way, &file, run).await?;
    run.at(Step::Check, 0.75)?;
    let checked = aside(run, move || check::look(&file, unit)).await?;
    Ok((mark.entry, checked.findings))
}
