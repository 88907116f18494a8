//! `comanda backup`: backing up, testing and putting back without a window, also where nothing is left.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use comanda_engine::app::App;
use comanda_engine::backups::keys::{self, PASSPHRASE_MAX, PASSPHRASE_MIN};
use comanda_engine::backups::manifest::Kind;
use comanda_engine::backups::plan::Wanted;
use comanda_engine::backups::seal::DataKey;
use comanda_engine::backups::settings::Target as Saved;
use comanda_engine::backups::target::Target;
use comanda_engine::backups::unit::{self, Unit};
use comanda_engine::backups::{carried, elsewhere, prune, restore, runs, segment, ship, verify};
use comanda_engine::kernel::time::Clock;
use comanda_engine::serve::{self, Lock, StartError};

use self::place::{StoreArgs, place};
use super::{DataDir, Failure, at};

mod lists;
mod place;

#[derive(Args)]
pub struct BackupArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Name a folder, or a store that speaks S3, that backups go to
    Target(TargetArgs),
    /// Back everything up now, and test it
    Run(PlainArgs),
    /// What there is, and how far back it goes; of a place alone with --from, also where no data directory is left
    List(ListArgs),
    /// Restore the newest backup of everything into a file of its own, and check it
    Verify(PlainArgs),
    /// Let go of what the retention no longer keeps
    Prune(PlainArgs),
    /// Bring everything back into a data directory that has nothing yet: the computer died
    Restore(RestoreArgs),
    /// Write everything as it is now into one sealed file, to carry by hand
    Export(ExportArgs),
    /// Show the recovery key until it is written down; or choose a passphrase; or bring the key back
    Key(KeyArgs),
}

#[derive(Args)]
struct PlainArgs {
    #[command(flatten)]
    data: DataDir,
}

#[derive(Args)]
struct ListArgs {
    #[command(flatten)]
    data: DataDir,
    /// Only what lies in this place: a folder, a store as s3://BUCKET/PREFIX, or one file that was carried here
    #[arg(long, value_name = "PLACE")]
    from: Option<String>,
    #[command(flatten)]
    store: StoreArgs,
    /// The recovery key, to believe what the place says [default: as it says itself]
    #[arg(long, value_name = "KEY", env = "COMANDA_RECOVERY_KEY", hide_env_values = true)]
    recovery_key: Option<String>,
}

#[derive(Args)]
struct TargetArgs {
    #[command(flatten)]
    data: DataDir,
    /// A folder on another disk or a mounted share; or a store, as s3://BUCKET/PREFIX
    place: String,
    #[command(flatten)]
    store: StoreArgs,
    /// What it is called
    #[arg(long, default_value = "Folder")]
    name: String,
}

#[derive(Args)]
struct RestoreArgs {
    #[command(flatten)]
    data: DataDir,
    /// What the backups are in: a folder, a store as s3://BUCKET/PREFIX, or one file that was carried here
    #[arg(long, value_name = "PLACE")]
    from: String,
    #[command(flatten)]
    store: StoreArgs,
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
struct ExportArgs {
    #[command(flatten)]
    data: DataDir,
    /// The file, which must not be there yet
    file: PathBuf,
}

#[derive(Args)]
struct KeyArgs {
    #[command(flatten)]
    data: DataDir,
    /// Bring the key back with its recovery key: the key store it was in lost it
    #[arg(long, value_name = "KEY", env = "COMANDA_RECOVERY_KEY", hide_env_values = true)]
    recovery_key: Option<String>,
    /// Its last two groups, read from where it was written down: it is kept, and shown no more
    #[arg(long, value_name = "GROUPS")]
    written: Option<String>,
    /// A passphrase that opens the backups too
    #[arg(long, value_name = "TEXT", env = "COMANDA_BACKUP_PASSPHRASE", hide_env_values = true)]
    passphrase: Option<String>,
}

#[tokio::main]
pub async fn run(args: BackupArgs) -> Result<(), Failure> {
    match args.what {
        What::Target(args) => target(&args).await,
        What::Run(args) => back_up(&args).await,
        What::List(args) if args.from.is_some() => lists::of_place(&args).await,
        What::List(args) => lists::of_data(&args).await,
        What::Verify(args) => test(&args).await,
        What::Prune(args) => clean_up(&args).await,
        What::Restore(args) => bring_back(&args).await,
        What::Export(args) => export(&args).await,
        What::Key(args) => key(&args).await,
    }
}

fn said(error: impl std::fmt::Display) -> Failure {
    Failure(error.to_string())
}

/// The files without an engine around them; who has them open is told what to do.
fn opened_data(data: &DataDir) -> Result<(App, Lock), Failure> {
    let path = data.path()?;
    if path.join("installation.db").is_file()
        && let Err(StartError::InUse(path)) = serve::lock(&path)
    {
        let path = path.display();
        return Err(Failure(format!(
            "{path} is in use: Comanda runs on it. Stop it first; or leave it running and use its page Backups, which does the same"
        )));
    }
    data.open()
}

fn targets(app: &App) -> Result<Vec<Saved>, Failure> {
    let targets = app.backups.settings().targets;
    if targets.is_empty() {
        return Err(Failure("there is no place for backups yet: comanda backup target DIR".into()));
    }
    Ok(targets)
}

async fn target(args: &TargetArgs) -> Result<(), Failure> {
    let new = place(&args.place, &args.store, &args.name)?;
    let (app, _lock) = opened_data(&args.data)?;
    if app.backups.settings().targets.iter().any(|known| known.place == new.place) {
        return Err(Failure("backups go to this place already".into()));
    }
    if Target::is_inside(&new, &app.data_dir) {
        return Err(Failure("this folder is inside the data itself: what befalls the one befalls the other".into()));
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
    println!("backups go to {}", args.place);
    Ok(())
}

/// What a unit is called here.
fn called(app: &App, unit: Unit) -> String {
    let restaurant = if let Unit::Restaurant(id) = unit { app.restaurant(id) } else { None };
    restaurant.and_then(|r| r.settings().ok()).map_or_else(|| unit.name(), |settings| settings.name.clone())
}

fn none_yet(app: &App, unit: Unit, target: &Saved) -> String {
    format!("{} in {}: there is no backup yet. Make one: comanda backup run", called(app, unit), target.name)
}

async fn back_up(args: &PlainArgs) -> Result<(), Failure> {
    let (app, _lock) = opened_data(&args.data)?;
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

async fn test(args: &PlainArgs) -> Result<(), Failure> {
    let (app, _lock) = opened_data(&args.data)?;
    let mut bad = 0;
    for target in targets(&app)? {
        for unit in unit::all(&app) {
            let (_, shelf) = ship::reached(&app, unit, &target).await?;
            for finding in &shelf.findings {
                bad += 1;
                println!("{} in {}: {finding}", called(&app, unit), target.name);
            }
            let Some(base) = shelf.bases.last() else {
                bad += 1;
                println!("{}", none_yet(&app, unit, &target));
                continue;
            };
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
    let (app, _lock) = opened_data(&args.data)?;
    targets(&app)?;
    for unit in unit::all(&app) {
        let gone = prune::prune(&app, unit, None).await?;
        for target in targets(&app)? {
            if ship::reached(&app, unit, &target).await?.1.bases.is_empty() {
                println!("{}", none_yet(&app, unit, &target));
            }
        }
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
            let no_instant = |_| Failure(format!("--at: “{at}” is no instant; it is like 2026-11-19T21:14:07+01:00"));
            Wanted::At(chrono::DateTime::parse_from_rfc3339(at).map_err(no_instant)?.timestamp_millis())
        }
    };
    let now_ms = Clock::system().now_ms();
    let is_carried = std::path::Path::new(&args.from).is_file();
    let back = if is_carried {
        let from = carried::Unpacked::of(std::path::Path::new(&args.from), &data_dir)?;
        let key = opened(args, &from.target).await?;
        elsewhere::bring_back_file(&data_dir, &from, key, wanted, now_ms).await?
    } else {
        let from = place(&args.from, &args.store, "Backups")?;
        let key = opened(args, &from).await?;
        elsewhere::bring_back(&data_dir, &from, key, wanted, now_ms).await?
    };
    for back in back {
        println!("{}: brought back to entry {}, checked", back.path.display(), back.entry);
    }
    println!("Everybody logs in with the password they had.");
    if is_carried {
        println!("Nothing is backed up yet. Choose a place: comanda backup target DIR");
    }
    Ok(())
}

async fn export(args: &ExportArgs) -> Result<(), Failure> {
    if args.file.exists() {
        return Err(Failure(format!("{} is there already", args.file.display())));
    }
    let (app, _lock) = opened_data(&args.data)?;
    let units = unit::all(&app);
    if units.is_empty() {
        return Err(Failure("there is no restaurant yet: run comanda init first".into()));
    }
    // Beside it first: a file of that name is a whole one.
    let part = args.file.with_extension("part");
    std::fs::File::create(&part).map_err(at(&args.file))?;
    let run = app.backups.runs.begin(runs::What::Export, &Unit::Installation.name(), app.clock.now_ms());
    let written = carried::write(&app, &units, &part, &run).await;
    let written = written.and_then(|()| Ok(std::fs::rename(&part, &args.file)?));
    if written.is_err() {
        drop(std::fs::remove_file(&part));
    }
    run.end(written, app.clock.now_ms())?;
    app.close();
    println!("{}: written, restored once and checked", args.file.display());
    Ok(())
}

async fn opened(args: &RestoreArgs, from: &Saved) -> Result<DataKey, Failure> {
    if args.recovery_key.is_none() && args.passphrase.is_none() {
        return Err(Failure("give --recovery-key or --passphrase".into()));
    }
    Ok(elsewhere::key_in_hand(from, args.recovery_key.as_deref(), args.passphrase.as_deref()).await?)
}

async fn key(args: &KeyArgs) -> Result<(), Failure> {
    let (app, _lock) = opened_data(&args.data)?;
    if let Some(text) = &args.recovery_key {
        app.backups.take_key(keys::from_recovery(text)?)?;
        println!("the key of the backups lies beside the data again");
    } else if let Some(written) = &args.written {
        if !app.backups.confirm_recovery_key(written)? {
            return Err(Failure("--written: these are not its last two groups".into()));
        }
        println!("the recovery key is written down; it is not shown again");
    } else if let Some(passphrase) = &args.passphrase {
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
        match app.backups.recovery_key()? {
            Some(text) => println!(
                "{text}\n\nWrite it down and keep it away from this computer. Then say so with its last two groups, read from the paper: comanda backup key --written XXXX-XXXX"
            ),
            None => return Err(Failure("the recovery key was written down; it is not shown again".into())),
        }
    }
    app.close();
    Ok(())
}
