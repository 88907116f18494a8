//! What the demo's menu has besides names and prices: sizes, choices, allergens, a lunch list and an oven of its own.
//! A restaurant whose dishes were there before the demo keeps them as they are.

use comanda_db::Command;
use uuid::Uuid;

use super::Run;
use super::menu::{self, ITEMS};
use crate::command::Write;
use crate::error::ApiError;
use crate::kernel::ids::{self, GroupId, ModifierId, PriceListId, StationId, VariantId};
use crate::kernel::money::Minor;
use crate::menu::commands::{AddGroup, ChangeItem, PutPriceList, With};
use crate::menu::model::{Chosen, Hours, Listed, Modifier, PriceList, Variant};
use crate::menu::store;
use crate::restaurant::model::Settings;
use crate::stations;
use crate::stations::commands::{AddStation, RouteStation};

/// Item, then its sizes with their prices, the usual one first.
type Sizes = (&'static str, [(&'static str, i64); 2]);
const SIZES: &[Sizes] = &[
    ("Still water", [("0.5 l", 320), ("1 l", 490)]),
    ("Sparkling water", [("0.5 l", 320), ("1 l", 490)]),
    ("House red", [("Glass", 590), ("Carafe 0.5 l", 1590)]),
    ("House white", [("Glass", 590), ("Carafe 0.5 l", 1590)]),
    ("Draught beer", [("0.3 l", 480), ("0.5 l", 680)]),
];
/// Name, fewest, most, the modifiers with what they add, the items they go with.
type Group = (&'static str, i64, Option<i64>, &'static [(&'static str, i64)], &'static [&'static str]);
const GROUPS: &[Group] = &[
    (
        "Extra topping",
        0,
        Some(4),
        &[("Mozzarella", 150), ("Prosciutto", 250), ("Mushrooms", 150), ("Olives", 100), ("Rocket", 150)],
        &["Diavola", "Capricciosa", "Ortolana"],
    ),
    ("Dressing", 1, Some(1), &[("Oil and vinegar", 0), ("Yoghurt", 0), ("Balsamic cream", 50)], &["Green salad"]),
    ("Pasta shape", 1, Some(1), &[("Spaghetti", 0), ("Rigatoni", 0), ("Gluten free", 200)], &["Carbonara"]),
    ("Milk", 0, Some(1), &[("Oat milk", 50), ("Without lactose", 0)], &["Cappuccino"]),
];
const ALLERGENS: &[(&str, &[&str])] = &[
    ("Margherita", &["gluten", "milk"]),
    ("Marinara", &["gluten"]),
    ("Prosciutto e funghi", &["gluten", "milk"]),
    ("Quattro formaggi", &["gluten", "milk"]),
    ("Diavola", &["gluten", "milk"]),
    ("Capricciosa", &["gluten", "milk"]),
    ("Ortolana", &["gluten", "milk"]),
    ("Tonno e cipolla", &["gluten", "fish", "milk"]),
    ("Bufala", &["gluten", "milk"]),
    ("Calzone", &["gluten", "milk"]),
    ("Bruschetta", &["gluten"]),
    ("Burrata", &["milk"]),
    ("Arancini", &["gluten", "eggs", "milk"]),
    ("Green salad", &["mustard"]),
    ("Carbonara", &["gluten", "eggs", "milk"]),
    ("Cacio e pepe", &["gluten", "milk"]),
    ("Lasagne", &["gluten", "eggs", "milk", "celery"]),
    ("Tiramisù", &["gluten", "eggs", "milk"]),
    ("Panna cotta", &["milk"]),
    ("Affogato", &["milk"]),
    ("House red", &["sulphites"]),
    ("House white", &["sulphites"]),
    ("Draught beer", &["gluten"]),
    ("Cappuccino", &["milk"]),
];
/// What lunch costs, Monday to Friday.
const LUNCH: &[(&str, i64)] =
    &[("Margherita", 790), ("Marinara", 690), ("Ortolana", 950), ("Cacio e pepe", 990), ("Green salad", 490)];
const LUNCH_DAYS: u8 = 0b1_1111;
const LUNCH_MINUTES: (i64, i64) = (12 * 60, 15 * 60);
/// Where pizza is made.
const OVEN: &str = "Pizza oven";
pub const OVEN_CATEGORY: &str = "Pizza";

/// The menu is every demo's of this restaurant, so its ids come from the restaurant and not from the seed.
fn id(house: Uuid, what: &str, name: &str) -> Uuid {
    ids::derived(&[house.as_bytes(), what.as_bytes(), name.as_bytes()])
}

fn oven_id(house: Uuid) -> StationId {
    StationId(id(house, "station", OVEN))
}

/// The oven, if this house has it.
pub fn oven(run: &Run<'_>) -> Result<Option<StationId>, ApiError> {
    let found = run.restaurant.read(|conn| stations::store::station(conn, oven_id(run.house)))?;
    Ok(found.map(|station| station.id))
}

fn group_id(house: Uuid, name: &str) -> GroupId {
    GroupId(id(house, "group", name))
}

fn sizes(run: &Run<'_>, settings: &Settings, item: &str) -> Option<Vec<Variant>> {
    let (_, sizes) = SIZES.iter().find(|(name, _)| *name == item)?;
    let size = |(name, hundredths): &(&str, i64)| Variant {
        id: VariantId(id(run.house, item, name)),
        name: (*name).to_owned(),
        price_minor: menu::price(settings, *hundredths),
        available: true,
    };
    Some(sizes.iter().map(size).collect())
}

/// Once for a restaurant: its dishes are the demo's own, and nobody has put choices to them yet.
pub fn commands(run: &Run<'_>, settings: &Settings) -> Result<Vec<Command>, ApiError> {
    let (first_group, _, _, _, _) = GROUPS[0];
    let mut baked = None;
    if run.restaurant.db.known(id(run.house, "command", first_group))?.is_some() {
        return Ok(Vec::new());
    }
    for (category, name, ..) in ITEMS {
        let own = run.restaurant.read(|conn| store::item(conn, menu::item_id(run.house, name)))?;
        let Some(own) = own else { return Ok(Vec::new()) };
        if *category == OVEN_CATEGORY {
            baked = Some(own.category_id);
        }
    }
    let mut commands = Vec::new();
    let mut push = |name: &str, write: Frozen<'_>| -> Result<(), ApiError> {
        commands.push(write(run, id(run.house, "command", name))?);
        Ok(())
    };
    for &(name, min, max, modifiers, _) in GROUPS {
        let modifier = |&(modifier, hundredths): &(&str, i64)| Modifier {
            id: ModifierId(id(run.house, name, modifier)),
            name: modifier.to_owned(),
            price_minor: menu::price(settings, hundredths),
            opens_group_id: None,
            available: true,
        };
        let modifiers = modifiers.iter().map(modifier).collect();
        let group = AddGroup { id: group_id(run.house, name), name: name.to_owned(), min, max, modifiers };
        push(name, &|run, id| frozen(run, id, &group))?;
    }
    for (_, name, ..) in ITEMS {
        let with = with(run, settings, name);
        if with == With::default() {
            continue;
        }
        let change = ChangeItem {
            id: menu::item_id(run.house, name),
            category: None,
            name: None,
            price: None,
            rate: None,
            station: None,
            available: None,
            position: None,
            with,
        };
        push(name, &|run, id| frozen(run, id, &change))?;
    }
    let lunch = PutPriceList { list: lunch(run, settings), new: true };
    push("Lunch", &|run, id| frozen(run, id, &lunch))?;
    let station = AddStation { id: oven_id(run.house), name: OVEN.to_owned() };
    push(OVEN, &|run, id| frozen(run, id, &station))?;
    let route = RouteStation { id: oven_id(run.house), categories: baked.into_iter().collect(), items: Vec::new() };
    push(OVEN_CATEGORY, &|run, id| frozen(run, id, &route))?;
    Ok(commands)
}

type Frozen<'a> = &'a dyn Fn(&Run<'_>, Uuid) -> Result<Command, ApiError>;

fn frozen<W: Write>(run: &Run<'_>, id: Uuid, write: &W) -> Result<Command, ApiError> {
    run.frozen_at(id, run.owner, run.now_ms, write)
}

fn with(run: &Run<'_>, settings: &Settings, item: &str) -> With {
    let groups = GROUPS.iter().filter(|(.., items)| items.contains(&item));
    let groups: Vec<_> = groups.map(|(name, ..)| group_id(run.house, name)).collect();
    let allergens = ALLERGENS.iter().find(|(name, _)| *name == item);
    With {
        variants: sizes(run, settings, item),
        groups: (!groups.is_empty()).then_some(groups),
        allergens: allergens.map(|(_, words)| words.iter().map(|word| (*word).to_owned()).collect()),
        ..With::default()
    }
}

fn lunch(run: &Run<'_>, settings: &Settings) -> PriceList {
    let listed = |&(name, hundredths): &(&str, i64)| Listed {
        item_id: menu::item_id(run.house, name),
        variant_id: None,
        price_minor: menu::price(settings, hundredths),
    };
    PriceList {
        id: PriceListId(id(run.house, "list", "Lunch")),
        name: "Lunch".to_owned(),
        hours: Hours { days: Some(LUNCH_DAYS), minutes: Some(LUNCH_MINUTES), ..Hours::default() },
        priority: 0,
        paused: false,
        prices: LUNCH.iter().map(listed).collect(),
    }
}

/// What somebody chose of an item: its size and modifiers, by turns.
pub struct Choice {
    pub variant: Option<(VariantId, &'static str)>,
    pub modifiers: Vec<Chosen>,
    /// With the modifiers, of one.
    pub price: Minor,
}

/// The `turn`th guest's choice. Without sizes and groups it is the item as it stands.
pub fn choice(house: Uuid, settings: &Settings, item: &str, hundredths: i64, turn: usize) -> Choice {
    let size = SIZES.iter().find(|(name, _)| *name == item).map(|(_, sizes)| sizes[turn % sizes.len()]);
    let mut price = menu::price(settings, size.map_or(hundredths, |(_, hundredths)| hundredths));
    let mut modifiers = Vec::new();
    for (_, min, _, all, items) in GROUPS {
        // What need not be chosen is chosen by every second guest.
        if items.contains(&item) && (*min > 0 || turn.is_multiple_of(2)) {
            let (name, hundredths) = all[turn % all.len()];
            let added = menu::price(settings, hundredths);
            price += added;
            modifiers.push(Chosen(name.to_owned(), added, 1));
        }
    }
    let variant = size.map(|(name, _)| (VariantId(id(house, item, name)), name));
    Choice { variant, modifiers, price }
}
