//! The menu as rows of the file. The page and the command line both come here.

use std::collections::HashMap;
use std::io::Write;

use super::super::model::{Item, Menu};
use super::COLUMNS;
use crate::error::ApiError;
use crate::exports::fields::{amount, plain};
use crate::kernel::ids::GroupId;
use crate::kernel::money::Minor;
use crate::orders::view::quantity;

/// Says how many rows there are.
pub fn write(menu: &Menu, exponent: u8, out: impl Write) -> Result<usize, ApiError> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(COLUMNS).map_err(ApiError::internal)?;
    let mut rows = 0;
    let mut put = |values: &[(&str, String)]| -> Result<(), ApiError> {
        let value = |column: &&str| values.iter().find(|(name, _)| name == column).map_or("", |(_, value)| value);
        csv.write_record(COLUMNS.iter().map(value)).map_err(ApiError::internal)?;
        rows += 1;
        Ok(())
    };
    let names: HashMap<GroupId, &str> =
        menu.modifier_groups.iter().map(|group| (group.id, group.name.as_str())).collect();
    let name_of = |id: GroupId| names.get(&id).map(|name| plain(name)).unwrap_or_default();
    let kind = |kind: &str| ("kind", kind.to_owned());
    let price = |price: Minor| ("price", signed(price, exponent));
    for group in &menu.modifier_groups {
        let max = group.max.map(|max| max.to_string()).unwrap_or_default();
        put(&[kind("group"), ("name", plain(&group.name)), ("min", group.min.to_string()), ("max", max)])?;
    }
    for group in &menu.modifier_groups {
        for choice in &group.modifiers {
            put(&[
                kind("choice"),
                ("group", plain(&group.name)),
                ("name", plain(&choice.name)),
                price(choice.price_minor),
                ("available", yes(choice.available)),
                ("opens", choice.opens_group_id.map(name_of).unwrap_or_default()),
            ])?;
        }
    }
    for category in &menu.categories {
        let colour = category.colour.map(|colour| colour.as_str().to_owned()).unwrap_or_default();
        put(&[kind("category"), ("name", plain(&category.name)), ("colour", colour)])?;
        for item in &category.items {
            let groups: Vec<String> = item.group_ids.iter().map(|id| name_of(*id)).collect();
            put(&item_row(item, plain(&category.name), groups, price(item.price_minor)))?;
            for size in &item.variants {
                put(&[
                    kind("size"),
                    ("category", plain(&category.name)),
                    ("item", plain(&item.name)),
                    ("name", plain(&size.name)),
                    price(size.price_minor),
                    ("available", yes(size.available)),
                ])?;
            }
        }
    }
    csv.flush().map_err(ApiError::internal)?;
    Ok(rows)
}

fn item_row(
    item: &Item,
    category: String,
    groups: Vec<String>,
    price: (&'static str, String),
) -> [(&'static str, String); 12] {
    [
        ("kind", "item".to_owned()),
        ("category", category),
        ("name", plain(&item.name)),
        price,
        ("tax_rate", quantity(item.tax_rate_bp * 10)),
        ("station", item.station.as_str().to_owned()),
        ("available", yes(item.available)),
        ("groups", groups.join(";")),
        ("allergens", plain(&item.allergens.join(";"))),
        ("description", item.description.as_deref().map(plain).unwrap_or_default()),
        ("image", item.image.clone().unwrap_or_default()),
        ("stock_tracked", yes(item.stock_tracked)),
    ]
}

fn yes(yes: bool) -> String {
    if yes { "yes" } else { "no" }.to_owned()
}

/// A choice may take something off.
fn signed(price: Minor, exponent: u8) -> String {
    if price < Minor::ZERO { format!("-{}", amount(-price, exponent)) } else { amount(price, exponent) }
}
