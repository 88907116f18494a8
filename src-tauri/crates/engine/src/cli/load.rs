//! `comanda load`: asks a server at a planned pace, and says how it bore it.
//!
//! Exit codes: 0 every threshold was kept, 1 the run could not begin, 2 not understood, 3 a threshold was broken or
//! the run ended itself, 4 a person stopped it.

mod screen;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use comanda_engine::kernel::time::Clock;
use comanda_load::figures::Outcome;
use comanda_load::run::{Given, Stop, prepare};
use comanda_load::{Plan, Summary, compare, export, plan, report};

use super::Failure;

const BROKEN: u8 = 3;
const STOPPED: u8 = 4;

#[derive(Args)]
pub struct LoadArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Run a plan
    Run(Box<RunArgs>),
    /// Hold two runs against each other; ends with 3 if the second is worse
    Compare {
        /// The summary (JSON) of the first run
        before: PathBuf,
        /// The summary (JSON) of the second run
        after: PathBuf,
        /// Print the comparison as JSON
        #[arg(long)]
        json: bool,
    },
    /// Look at a plan without running it
    #[command(subcommand)]
    Plan(PlanWhat),
}

#[derive(Subcommand)]
enum PlanWhat {
    /// Say everything that is wrong with a plan, or that nothing is
    Check { plan: PathBuf },
    /// Write a plan for another tool
    Export {
        plan: PathBuf,
        #[arg(long, value_enum)]
        to: Tool,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum Tool {
    K6,
    Artillery,
    Locust,
    Jmeter,
}

#[derive(Args)]
struct RunArgs {
    /// The plan (JSON)
    plan: PathBuf,
    /// Another target than the plan's
    #[arg(long, value_name = "URL")]
    target: Option<String>,
    /// Another value of a variable; may be repeated
    #[arg(long = "set", value_name = "NAME=VALUE")]
    variables: Vec<String>,
    /// A secret of the plan, by the environment variable that holds it; may be repeated
    #[arg(long = "secret", value_name = "NAME=VARIABLE")]
    secrets: Vec<String>,
    /// Make every phase this many times as long: 0.1 for a quick look
    #[arg(long, value_name = "FACTOR")]
    scale_time: Option<f64>,
    /// Say that this host, which is not this machine, may be tested
    #[arg(long, value_name = "HOST")]
    agree: Option<String>,
    /// Trust these certificates (PEM) too
    #[arg(long, value_name = "FILE")]
    trust: Option<PathBuf>,
    /// Threads [default: as many as there are processors, at most 8]
    #[arg(long, default_value_t = 0, hide_default_value = true)]
    threads: usize,
    /// Write the summary as JSON; - prints it instead of the table
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write the report as one HTML page
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Write the thresholds as JUnit XML
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Write a row a second as CSV
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
}

pub fn run(args: LoadArgs) -> Result<ExitCode, Failure> {
    match args.what {
        What::Run(args) => run_plan(*args),
        What::Compare { before, after, json } => {
            let compared = compare::compare(&summary(&before)?, &summary(&after)?);
            if json {
                println!("{}", serde_json::to_string_pretty(&compared)?);
            } else {
                screen::print_comparison(&compared);
            }
            let is_worse = compared.verdict == compare::Change::Worse;
            Ok(if is_worse { ExitCode::from(BROKEN) } else { ExitCode::SUCCESS })
        }
        What::Plan(PlanWhat::Check { plan }) => {
            let plan = read(&plan)?;
            screen::print_plan(&plan);
            Ok(ExitCode::SUCCESS)
        }
        What::Plan(PlanWhat::Export { plan, to }) => {
            let plan = read(&plan)?;
            let text = match to {
                Tool::K6 => export::k6(&plan),
                Tool::Artillery => export::artillery(&plan),
                Tool::Locust => export::locust(&plan),
                Tool::Jmeter => export::jmeter(&plan),
            };
            print!("{text}");
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn file(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| Failure(format!("{}: {error}", path.display())))
}

fn read(path: &Path) -> Result<Plan, Failure> {
    plan::read(&file(path)?).map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        Failure(format!("{} is not a plan that can be run\n  {}", path.display(), lines.join("\n  ")))
    })
}

fn summary(path: &Path) -> Result<Summary, Failure> {
    serde_json::from_str(&file(path)?)
        .map_err(|_| Failure(format!("{} is no summary of a run: write one with --json", path.display())))
}

fn named(pair: &str) -> Result<(String, String), Failure> {
    let (name, value) = pair.split_once('=').ok_or_else(|| Failure(format!("{pair}: write NAME=VALUE")))?;
    Ok((name.to_owned(), value.to_owned()))
}

fn run_plan(args: RunArgs) -> Result<ExitCode, Failure> {
    let mut plan = read(&args.plan)?;
    if let Some(target) = args.target {
        plan.target = target;
    }
    for pair in &args.variables {
        let (name, value) = named(pair)?;
        plan.variables.insert(name, value);
    }
    if let Some(factor) = args.scale_time {
        plan.scale_time(factor);
    }
    let mut secrets = BTreeMap::new();
    for pair in &args.secrets {
        let (name, variable) = named(pair)?;
        let value = std::env::var(&variable).map_err(|_| Failure(format!("the environment has no {variable}")))?;
        secrets.insert(name, value);
    }
    let trusted_pem = args.trust.map(std::fs::read).transpose()?;
    let given = Given {
        secrets,
        threads: args.threads,
        trusted_pem,
        agreed_host: args.agree,
        began_ms: Clock::system().now_ms(),
    };
    let stop = Stop::default();
    stop_on_interrupt(stop.clone());
    let bar = screen::Progress::of(&plan);
    let ready = prepare(plan, &given, stop).map_err(Failure)?;
    let summary = ready.run(|window| bar.tell(window));
    bar.end();
    let write = |path: &Option<PathBuf>, text: fn(&Summary) -> String| -> Result<(), Failure> {
        match path.as_deref() {
            Some(path) if path == Path::new("-") => print!("{}", text(&summary)),
            Some(path) => {
                let failed = |error| Failure(format!("{}: {error}", path.display()));
                std::fs::write(path, text(&summary)).map_err(failed)?;
            }
            None => {}
        }
        Ok(())
    };
    write(&args.json, report::json)?;
    write(&args.html, report::html)?;
    write(&args.junit, report::junit)?;
    write(&args.csv, report::csv)?;
    if args.json.as_deref() != Some(Path::new("-")) {
        screen::print_summary(&summary);
    }
    Ok(match summary.outcome {
        Outcome::Stopped => ExitCode::from(STOPPED),
        _ if summary.is_good() => ExitCode::SUCCESS,
        _ => ExitCode::from(BROKEN),
    })
}

/// Ctrl C ends the run and keeps its report.
fn stop_on_interrupt(stop: Stop) {
    let waiting = std::thread::Builder::new().name("interrupt".into()).spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        if let Ok(runtime) = runtime
            && runtime.block_on(tokio::signal::ctrl_c()).is_ok()
        {
            stop.stop();
        }
    });
    drop(waiting);
}
