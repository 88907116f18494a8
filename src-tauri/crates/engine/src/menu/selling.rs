//! What a line of an order sells: the wish held against the menu, the price that holds now.
//!
//! This is asked while a request is prepared; what comes out is frozen on the line and never
//! looked up again. An item with nothing to choose and one price costs a look into memory.

use super::model::{Chosen, ModifierWish, Offer, Variant, choose};
use crate::app::Restaurant;
use crate::error::{ApiError, Refusal};
use crate::kernel::ids::{ItemId, VariantId};
use crate::kernel::money::{Minor, PRICE_MINOR_MAX};
use crate::kernel::time;
use crate::orders::model::Station;
use crate::restaurant::model::Settings;

/// What somebody wants of the menu.
#[derive(Debug, Clone, Copy)]
pub struct Wish<'a> {
    pub item_id: ItemId,
    pub variant_id: Option<VariantId>,
    pub modifiers: &'a [ModifierWish],
}

/// What they get, as it stands on the line.
#[derive(Debug, Clone, PartialEq)]
pub struct Sold {
    pub item_id: ItemId,
    pub variant_id: Option<VariantId>,
    /// With the variant: "Margherita, large".
    pub name: String,
    /// Of one, with its modifiers.
    pub price_minor: Minor,
    pub tax_rate_bp: i64,
    pub station: Station,
    /// In the order they were chosen, those inside others after them.
    pub modifiers: Vec<Chosen>,
    /// Portions of it are counted down: see `counting`.
    pub counted: bool,
}

/// `field` is the path of the line in the request: `lines[0]`.
pub fn sell(
    restaurant: &Restaurant,
    settings: &Settings,
    at_ms: i64,
    wish: Wish<'_>,
    field: impl Fn() -> String,
) -> Result<Sold, ApiError> {
    let at = |name: &str| format!("{}.{name}", field());
    let offer = restaurant.offer(wish.item_id)?;
    let offer = offer.ok_or_else(|| Refusal::invalid(at("item_id"), "This item is not on the menu."))?;
    let left = restaurant.countdowns()?.get(&wish.item_id).copied();
    if !offer.item.available || left == Some(0) {
        return Err(Refusal::rule(format!("{} is sold out.", offer.item.name)).at(at("item_id")).into());
    }
    let plain = offer.is_plain() && wish.variant_id.is_none() && wish.modifiers.is_empty();
    let (variant, price, modifiers) = if plain {
        (None, offer.item.price_minor, Vec::new())
    } else {
        let variant = variant(&offer, wish.variant_id).map_err(|refusal| refusal.at(at("variant_id")))?;
        let modifiers = choose(&offer, wish.modifiers, &field())?;
        let price = offer.price(variant, time::local(at_ms, settings.time_zone));
        (variant, with_modifiers(price, &modifiers).map_err(|refusal| refusal.at(at("modifiers")))?, modifiers)
    };
    Ok(Sold {
        item_id: wish.item_id,
        variant_id: variant.map(|variant| variant.id),
        name: variant.map_or_else(|| offer.item.name.clone(), |size| format!("{}, {}", offer.item.name, size.name)),
        price_minor: price,
        tax_rate_bp: offer.item.tax_rate_bp,
        station: offer.item.station,
        modifiers,
        counted: left.is_some(),
    })
}

fn variant(offer: &Offer, wanted: Option<VariantId>) -> Result<Option<&Variant>, Refusal> {
    let item = &offer.item;
    let invalid = |message: String| Refusal::new(crate::error::Code::InvalidInput, message);
    match wanted {
        None if item.variants.is_empty() => Ok(None),
        None => Err(invalid(format!("Choose a size of {}.", item.name))),
        Some(id) => {
            let found = item.variants.iter().find(|variant| variant.id == id);
            let variant = found.ok_or_else(|| invalid(format!("{} has no such size.", item.name)))?;
            if variant.available {
                return Ok(Some(variant));
            }
            Err(Refusal::rule(format!("{}, {} is sold out.", item.name, variant.name)))
        }
    }
}

/// Price of one with everything chosen; what a menu could not have as a price is refused.
fn with_modifiers(price: Minor, modifiers: &[Chosen]) -> Result<Minor, Refusal> {
    let added: i128 = modifiers.iter().map(|Chosen(_, price, count)| i128::from(price.0) * i128::from(*count)).sum();
    let price = i64::try_from(i128::from(price.0) + added).unwrap_or(i64::MAX);
    match price {
        0..=PRICE_MINOR_MAX => Ok(Minor(price)),
        ..0 => Err(Refusal::rule("These take more off than the item costs.")),
        _ => Err(Refusal::rule("This comes to more than a price can be.")),
    }
}
