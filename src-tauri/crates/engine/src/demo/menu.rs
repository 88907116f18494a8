//! The demo's menu. Prices are hundredths of a main unit, brought to the currency's own steps.

use uuid::Uuid;

use crate::kernel::ids::{self, CategoryId, ItemId};
use crate::kernel::money::Minor;
use crate::menu::commands::Found;
use crate::orders::commands::Dish;
use crate::orders::model::Station;
use crate::restaurant::model::Settings;

/// Category, name, price, how often it is chosen, station.
pub const ITEMS: &[(&str, &str, i64, u32, Station)] = {
    use Station::{Bar, Kitchen, None};
    &[
        ("Pizza", "Margherita", 950, 60, Kitchen),
        ("Pizza", "Marinara", 850, 22, Kitchen),
        ("Pizza", "Prosciutto e funghi", 1250, 44, Kitchen),
        ("Pizza", "Quattro formaggi", 1290, 40, Kitchen),
        ("Pizza", "Diavola", 1190, 48, Kitchen),
        ("Pizza", "Capricciosa", 1290, 34, Kitchen),
        ("Pizza", "Ortolana", 1150, 26, Kitchen),
        ("Pizza", "Tonno e cipolla", 1190, 20, Kitchen),
        ("Pizza", "Bufala", 1390, 30, Kitchen),
        ("Pizza", "Calzone", 1290, 16, Kitchen),
        ("Starters", "Bruschetta", 650, 24, Kitchen),
        ("Starters", "Burrata", 990, 18, Kitchen),
        ("Starters", "Arancini", 720, 15, Kitchen),
        ("Starters", "Green salad", 590, 20, Kitchen),
        ("Pasta", "Carbonara", 1290, 26, Kitchen),
        ("Pasta", "Cacio e pepe", 1190, 18, Kitchen),
        ("Pasta", "Lasagne", 1350, 21, Kitchen),
        ("Desserts", "Tiramisù", 650, 28, Kitchen),
        ("Desserts", "Panna cotta", 590, 14, Kitchen),
        ("Desserts", "Affogato", 550, 9, Bar),
        ("Drinks", "Still water", 320, 34, None),
        ("Drinks", "Sparkling water", 320, 28, None),
        ("Drinks", "Cola", 380, 30, None),
        ("Drinks", "Lemonade", 420, 18, Bar),
        ("Drinks", "House red", 590, 22, Bar),
        ("Drinks", "House white", 590, 20, Bar),
        ("Drinks", "Draught beer", 480, 34, Bar),
        ("Drinks", "Spritz", 790, 24, Bar),
        ("Coffee", "Espresso", 240, 30, Bar),
        ("Coffee", "Cappuccino", 340, 20, Bar),
    ]
};

/// Yen and won have no hundredths and are a hundred times smaller; dinars have thousandths.
pub fn price(settings: &Settings, hundredths: i64) -> Minor {
    match settings.currency.exponent {
        0..=2 => Minor(hundredths),
        _ => Minor(hundredths / 10 * 50),
    }
}

/// The menu as sales name it, in the order of `ITEMS`.
pub fn dishes(settings: &Settings) -> Vec<Dish> {
    let dish = |&(_, name, hundredths, ..): &(&str, &str, i64, u32, Station)| {
        Dish(name.to_owned(), price(settings, hundredths), settings.default_tax_rate_bp)
    };
    ITEMS.iter().map(dish).collect()
}

pub fn item_id(house: Uuid, name: &str) -> ItemId {
    ItemId(ids::derived(&[house.as_bytes(), b"item", name.as_bytes()]))
}

pub fn found(settings: &Settings, house: Uuid) -> Vec<Found> {
    let found = |&(category, name, hundredths, _, station): &(&str, &str, i64, u32, Station)| Found {
        id: item_id(house, name),
        category_id: CategoryId(ids::derived(&[house.as_bytes(), b"category", category.as_bytes()])),
        category: category.to_owned(),
        name: name.to_owned(),
        price: price(settings, hundredths),
        rate: settings.default_tax_rate_bp,
        station,
    };
    ITEMS.iter().map(found).collect()
}
