//! `comanda backup`: backing up, testing and putting back without a window, also where nothing is left.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use comanda_engine::app::App;
use comanda_engine::backups::keys::{self, PASSPHRASE_MAX, PASSPHRASE_MIN};
use comanda_engine::backups::manifest::Kind;
use comanda_engine::backups::plan::{self, Wanted};
use comanda_engine::backups::seal::DataKey;
use comanda_engine::backups::settings::{Place, Target as Saved};
use comanda_engine::backups::target::Target;
use comanda_engine::backups::unit::{self, Unit};
use comanda_engine::backups::{elsewhere, prune, restore, segment, ship, verify};
use comanda_engine::kernel::time::{self, Clock};

use super::{DataDir, Failure};

#[derive(Args)]
pub struct BackupArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Name a folder that backups go to
    Target(TargetArgs),
    /// Back everything up now, and test it
    Run(PlainArgs),
    /// What there is, and how far back it goes
    List(PlainArgs),
    /// Restore the newest backup of everything into a file of its own, and check it
    Verify(PlainArgs),
    /// Let go of what the retention no longer keeps
    Prune(PlainArgs),
    /// Bring everything back into a data directory that has nothing yet: the computer died
    Restore(RestoreArgs),
    /// Show the recovery key, once; or choose a passphrase
    Key(KeyArgs),
}

#[derive(Args)]
struct PlainArgs {
    #[command(flatten)]
    data: DataDir,
}

#[derive(Args)]
struct TargetArgs {
    #[command(flatten)]
    data: DataDir,
    /// The folder: on another disk, or a share that is mounted
    folder: PathBuf,
    /// What it is called
    #[arg(long, default_value = "Folder")]
    name: String,
}

#[derive(Args)]
struct RestoreArgs {
    #[command(flatten)]
    data: DataDir,
    /// The folder the backups are in
    #[arg(long, value_name = "DIR")]
    from: PathBuf,
    /// Only what was asked for until then, like 2026-11-19T21:14:07+01:00 [default: everything]
    #[arg(long, value_name = "INSTANT")]
    at: Option<String>,
    /// The recovery key [default: asked for, or the passphrase is]
    #[arg(long, value_name = "KEY", env = "COMANDA_RECOVERY_KEY", hide_env_values = true)]
    recovery_key: Option<String>,
    /// The passphrase, if one was chosen
    #[arg(long, value_name = "TEXT", env = "COMANDA_BACKUP_PASSPHRASE", hide_env_values = true)]
    passphrase: Option<String>,
}

#[derive(Args)]
struct KeyArgs {
    #[command(flatten)]
    data: DataDir,
    /// A passphrase that opens the backups too
    #[arg(long, value_name = "TEXT", env = "COMANDA_BACKUP_PASSPHRASE", hide_env_values = true)]
    passphrase: Option<String>,
}

#[tokio::main]
pub async fn run(args: BackupArgs) -> Result<(), Failure> {
    match args.what {
        What::Target(args) => target(&args).await,
        What::Run(args) => back_up(&args).await,
        What::List(args) => list(&args).await,
        What::Verify(args) => test(&args).await,
        What::Prune(args) => clean_up(&args).await,
        What::Restore(args) => bring_back(&args).await,
        What::Key(args) => key(&args).await,
    }
}

fn said(error: impl std::fmt::Display) -> Failure {
    Failure(error.to_string())
}

fn targets(app: &App) -> Result<Vec<Saved>, Failure> {
    let targets = app.backups.settings().targets;
    if targets.is_empty() {
        return Err(Failure("there is no place for backups yet: comanda backup target DIR".into()));
    }
    Ok(targets)
}

fn folder(path: &std::path::Path, name: &str) -> Result<Saved, Failure> {
    let path = std::path::absolute(path)?;
    let path = path.to_str().ok_or_else(|| Failure("the folder's name is no text".into()))?.to_owned();
    Ok(Saved { id: uuid::Uuid::now_v7(), name: name.to_owned(), place: Place::Folder { path } })
}

async fn target(args: &TargetArgs) -> Result<(), Failure> {
    let new = folder(&args.folder, &args.name)?;
    let (app, _lock) = args.data.open()?;
    if app.backups.settings().targets.iter().any(|known| known.place == new.place) {
        return Err(Failure("backups go to this folder already".into()));
    }
    Target::make(&new).await?;
    app.backups.key()?;
    app.backups
        .change(|settings| {
            settings.targets.push(new);
            Ok(())
        })
        .map_err(said)?;
    app.close();
    println!("backups go to {}", args.folder.display());
    Ok(())
}

/// What a unit is called here.
fn called(app: &App, unit: Unit) -> String {
    let restaurant = if let Unit::Restaurant(id) = unit { app.restaurant(id) } else { None };
    restaurant.and_then(|r| r.settings().ok()).map_or_else(|| unit.name(), |settings| settings.name.clone())
}

async fn back_up(args: &PlainArgs) -> Result<(), Failure> {
    let (app, _lock) = args.data.open()?;
    let targets = targets(&app)?;
    for unit in unit::all(&app) {
        for target in &targets {
            ship::turn(&app, unit, target).await;
        }
        for (base, verdict) in restore::back_up(&app, unit, &targets, Kind::Manual, None).await? {
            let took = verdict.map_or(0, |verdict| verdict.took_ms);
            let (bytes, plain) = (base.manifest.sealed.bytes, base.manifest.plain.bytes);
            println!("{}: {bytes} bytes of {plain}, verified: restored and checked in {took} ms", called(&app, unit));
        }
    }
    app.close();
    Ok(())
}

async fn list(args: &PlainArgs) -> Result<(), Failure> {
    let (app, _lock) = args.data.open()?;
    for target in targets(&app)? {
        for unit in unit::all(&app) {
            let zone = ship::zone(&app, unit);
            let wall = |at_ms| time::local(at_ms, zone).format("%Y-%m-%d %H:%M:%S");
            let (_, shelf) = ship::reached(&app, unit, &target).await?;
            println!("{} in {}: {} bytes", called(&app, unit), target.name, shelf.bytes);
            for window in plan::windows(&shelf) {
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
    }
    app.close();
    Ok(())
}

async fn test(args: &PlainArgs) -> Result<(), Failure> {
    let (app, _lock) = args.data.open()?;
    let mut bad = 0;
    for target in targets(&app)? {
        for unit in unit::all(&app) {
            let (_, shelf) = ship::reached(&app, unit, &target).await?;
            for finding in &shelf.findings {
                bad += 1;
                println!("{} in {}: {finding}", called(&app, unit), target.name);
            }
            let Some(base) = shelf.bases.last() else { continue };
            match verify::verify(&app, unit, &target, base.manifest.id).await {
                Ok(verdict) => {
                    println!("{} in {}: verified to entry {}", called(&app, unit), target.name, verdict.entry);
                }
                Err(failure) => {
                    bad += 1;
                    println!("{} in {}: {failure}", called(&app, unit), target.name);
                }
            }
        }
    }
    app.close();
    if bad == 0 { Ok(()) } else { Err(Failure(format!("{bad} not as it must be"))) }
}

async fn clean_up(args: &PlainArgs) -> Result<(), Failure> {
    let (app, _lock) = args.data.open()?;
    targets(&app)?;
    for unit in unit::all(&app) {
        let gone = prune::prune(&app, unit).await?;
        let (bases, segments) = (gone.bases.len(), gone.segments.len());
        println!(
            "{}: {bases} backups and {segments} pieces of the journal went, {} bytes",
            called(&app, unit),
            gone.bytes
        );
    }
    app.close();
    Ok(())
}

async fn bring_back(args: &RestoreArgs) -> Result<(), Failure> {
    let data_dir = args.data.path()?;
    let _lock = comanda_engine::serve::lock(&data_dir)?;
    let wanted = match &args.at {
        None => Wanted::Latest,
        Some(at) => {
            let at = chrono::DateTime::parse_from_rfc3339(at);
            Wanted::At(
                at.map_err(|error| Failure(format!("--at: {error}, like 2026-11-19T21:14:07+01:00")))?
                    .timestamp_millis(),
            )
        }
    };
    let from = folder(&args.from, "Folder")?;
    let key = opened(args, &from).await?;
    let now_ms = Clock::system().now_ms();
    for back in elsewhere::bring_back(&data_dir, &from, key, wanted, now_ms).await? {
        println!("{}: brought back to entry {}, checked", back.path.display(), back.entry);
    }
    println!("Everybody logs in with the password they had.");
    Ok(())
}

async fn opened(args: &RestoreArgs, from: &Saved) -> Result<DataKey, Failure> {
    match (&args.recovery_key, &args.passphrase) {
        (Some(text), _) => Ok(keys::from_recovery(text)?),
        (None, Some(passphrase)) => {
            let wrapped = Target::reach(from).await?.get(segment::WRAPPED_KEY).await;
            let wrapped = wrapped.map_err(|_| Failure("no passphrase was chosen for these backups".into()))?;
            Ok(keys::unwrap_with(&serde_json::from_slice(&wrapped)?, passphrase)?)
        }
        (None, None) => Err(Failure("give --recovery-key or --passphrase".into())),
    }
}

async fn key(args: &KeyArgs) -> Result<(), Failure> {
    let (app, _lock) = args.data.open()?;
    if let Some(passphrase) = &args.passphrase {
        if !(PASSPHRASE_MIN..=PASSPHRASE_MAX).contains(&passphrase.chars().count()) {
            return Err(Failure(format!("a passphrase has {PASSPHRASE_MIN} to {PASSPHRASE_MAX} characters")));
        }
        let wrapped = keys::wrap(&app.backups.key()?, passphrase)?;
        for target in app.backups.settings().targets {
            Target::reach(&target).await?.put(segment::WRAPPED_KEY, serde_json::to_vec_pretty(&wrapped)?).await?;
        }
        let keep = |settings: &mut comanda_engine::backups::settings::Settings| {
            settings.wrapped = Some(wrapped);
            Ok(())
        };
        app.backups.change(keep).map_err(said)?;
        println!("the passphrase opens the backups");
    } else {
        match app.backups.show_recovery_key()? {
            Some(text) => println!("{text}\n\nWrite it down and keep it away from this computer. It is shown once."),
            None => return Err(Failure("the recovery key was shown before; it is shown once".into())),
        }
    }
    app.close();
    Ok(())
}
