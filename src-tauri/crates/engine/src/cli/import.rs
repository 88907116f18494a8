//! `comanda import`: past sales from a CSV file.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use comanda_engine::front::input::Meta;
use comanda_engine::imports::columns::Mapping;
use comanda_engine::imports::plan;
use comanda_engine::imports::reading::{self, Reading, Rules};
use comanda_engine::imports::{bringing::Import, store};
use comanda_engine::restaurant::model::Settings;
use indicatif::{ProgressBar, ProgressStyle};

use super::{DataDir, Failure, Which, at};

#[derive(Args)]
pub struct ImportArgs {
    #[command(flatten)]
    data: DataDir,
    #[command(flatten)]
    which: Which,
    /// The file, plain or packed with gzip
    file: PathBuf,
    /// Says which column holds something, like order_id=Ticket; may be repeated. What is not said is recognised.
    /// Things: order_id date time item variant category price quantity tax
    #[arg(long = "map", value_name = "THING=COLUMN")]
    map: Vec<String>,
    /// Only look: columns, sums, every dirty row with its reason
    #[arg(long)]
    preview: bool,
    /// Leave out rows that cannot be read instead of refusing the file
    #[arg(long)]
    skip_dirty: bool,
}

fn mapping(said: &[String]) -> Result<Mapping, Failure> {
    let mut mapping = Mapping::default();
    for pair in said {
        let (thing, column) =
            pair.split_once('=').ok_or_else(|| Failure(format!("--map {pair}: write THING=COLUMN")))?;
        let place = match thing {
            "order_id" => &mut mapping.order_id,
            "date" => &mut mapping.date,
            "time" => &mut mapping.time,
            "item" => &mut mapping.item,
            "variant" => &mut mapping.variant,
            "category" => &mut mapping.category,
            "price" => &mut mapping.price,
            "quantity" => &mut mapping.quantity,
            "tax" => &mut mapping.tax,
            _ => return Err(Failure(format!("--map {pair}: there is no {thing}"))),
        };
        *place = Some(column.to_owned());
    }
    Ok(mapping)
}

pub fn run(args: &ImportArgs) -> Result<(), Failure> {
    let mapping = mapping(&args.map)?;
    let packed = std::fs::read(&args.file).map_err(at(&args.file))?;
    let (app, _lock) = args.data.open()?;
    let (restaurant, owner) = args.which.find(&app)?;
    let settings = restaurant.settings()?;
    let reading = read(&packed, &mapping, &settings)?;
    let result = if args.preview {
        preview(&reading, &settings);
        let known = restaurant.read(|conn| store::batch(conn, plan::batch_id(&reading.fingerprint)))?;
        println!("already imported: {}", if known.is_some() { "yes" } else { "no" });
        Ok(())
    } else {
        let meta = Meta::own(app.clock.now_ms());
        let name = args.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let import = Import { restaurant: &restaurant, actor: owner, meta: &meta, name, skip_dirty: args.skip_dirty };
        let bar = progress_bar(
            reading.orders.len() as u64,
            "writing {bar:40} {human_pos}/{human_len} orders {per_sec} {eta}",
        );
        let begun = import.begin();
        let done = std::thread::scope(|scope| {
            let written = || restaurant.imports.list().first().map_or(0, |run| run.written);
            let done = scope.spawn(|| import.bring_in(&begun, &reading, &settings));
            while !done.is_finished() {
                bar.set_position(written());
                std::thread::sleep(Duration::from_millis(100));
            }
            done.join()
        });
        let done = done.map_err(|_| Failure("the import broke off".into()))?;
        bar.finish_and_clear();
        match done {
            Ok(done) => {
                let total = plan::total(&reading, settings.rounding);
                let verb = if done.answer.created { "imported" } else { "was here already:" };
                println!(
                    "{verb} {} orders, {} lines, {}",
                    reading.orders.len(),
                    reading.lines(),
                    amount(total.0, &settings)
                );
                println!("{}", done.answer.id);
                Ok(())
            }
            Err(error) => {
                list_dirty(&reading);
                Err(Failure(error.refusal().message.to_string()))
            }
        }
    };
    app.close();
    result
}

fn read(packed: &[u8], mapping: &Mapping, settings: &Settings) -> Result<Reading, Failure> {
    let refused = |refusal: comanda_engine::error::Refusal| {
        Failure(match refusal.field {
            // Every field is a thing of the mapping.
            Some(field) => format!("{field}: {} (--map {field}=COLUMN)", refusal.message),
            None => refusal.message.into_owned(),
        })
    };
    let plain = reading::unpack(packed).map_err(refused)?;
    let bar = progress_bar(plain.len() as u64, "reading {bar:40} {bytes}/{total_bytes} {eta}");
    let reading = reading::read(&plain, mapping, Rules::of(settings), |bytes| bar.set_position(bytes)).map_err(refused);
    bar.finish_and_clear();
    reading
}

fn progress_bar(length: u64, template: &str) -> ProgressBar {
    let bar = ProgressBar::new(length);
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

fn preview(reading: &Reading, settings: &Settings) {
    let Mapping { order_id, date, time, item, variant, category, price, quantity, tax } = &reading.mapping;
    let found = [
        ("order_id", order_id),
        ("date", date),
        ("time", time),
        ("item", item),
        ("variant", variant),
        ("category", category),
        ("price", price),
        ("quantity", quantity),
        ("tax", tax),
    ];
    for (thing, column) in found {
        println!("{thing:>9}: {}", column.as_deref().unwrap_or("-"));
    }
    let total = plan::total(reading, settings.rounding);
    println!("{} rows, {} orders, {}", reading.rows, reading.orders.len(), amount(total.0, settings));
    if let (Some(first), Some(last)) = (reading.orders.first(), reading.orders.last()) {
        println!("from {} to {}", first.at, last.at);
    }
    list_dirty(reading);
}

fn list_dirty(reading: &Reading) {
    for row in &reading.dirty {
        println!("line {}: {}: {}", row.line, row.reason, row.raw);
    }
    match reading.dirty_count - reading.dirty.len() as u64 {
        0 => {}
        more => println!("and {more} more"),
    }
}

fn amount(minor: i64, settings: &Settings) -> String {
    let (unit, width) = (10_i64.pow(settings.currency.exponent.into()), usize::from(settings.currency.exponent));
    match width {
        0 => format!("{} {minor}", settings.currency.code),
        _ => format!("{} {}.{:0width$}", settings.currency.code, minor / unit, minor % unit),
    }
}
