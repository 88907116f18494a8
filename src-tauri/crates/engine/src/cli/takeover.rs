//! `comanda takeover`: the spare takes over on a machine without a window. Its engine must not run meanwhile.

use clap::Args;
use comanda_engine::sync::{spare, takeover};

use super::{DataDir, Failure, Which};

#[derive(Args)]
pub struct TakeoverArgs {
    #[command(flatten)]
    data: DataDir,
    #[command(flatten)]
    which: Which,
    /// The restaurant's name: nobody takes over by mistake. What the former desk has not brought here comes when it is
    /// back; until then it must not be used
    #[arg(long, value_name = "RESTAURANT")]
    confirm: String,
}

#[tokio::main]
pub async fn run(args: TakeoverArgs) -> Result<(), Failure> {
    let (app, _lock) = args.data.open()?;
    let taken = async {
        let (restaurant, owner) = args.which.find(&app)?;
        let (id, name) = (restaurant.id, restaurant.settings()?.name.clone());
        takeover::may_take_over(&app, id)?;
        if name != args.confirm.trim() {
            return Err(Failure(format!("this is not the restaurant's name: it is {name}")));
        }
        let desks = spare::held(&app, id)?.map_or(0, |(standing, _)| standing.devices.len());
        drop(restaurant);
        Ok((takeover::take_over(&app, id, owner).await?, desks))
    };
    let taken = taken.await;
    let closing = app.clone();
    tokio::task::spawn_blocking(move || closing.close()).await?;
    let (epoch, desks) = taken?;
    println!(
        "this desk keeps the order of things now, in epoch {epoch}; {desks} devices are known. Start it: comanda serve"
    );
    Ok(())
}
