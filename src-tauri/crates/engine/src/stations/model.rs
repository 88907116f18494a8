//! What a station is. Pure.

use uuid::Uuid;

use crate::kernel::ids::StationId;
use crate::orders::model;
use crate::restaurant::model::Locale;

/// Where everything goes that nothing else is said of. In every restaurant, under this id.
pub const KITCHEN: StationId = StationId(Uuid::from_u128(0x7000_8000_0000_0000_0001));
/// What the menu calls "bar" goes here, unless it is archived.
pub const BAR: StationId = StationId(Uuid::from_u128(0x7000_8000_0000_0000_0002));

/// Stations a restaurant has at most: keys and screens for more have nobody behind them.
pub const STATIONS_MAX: usize = 20;
/// Categories, and items, one station is given by name.
pub const ROUTES_MAX: usize = 500;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Station {
    pub id: StationId,
    pub name: String,
}

/// The stations every restaurant begins with, in its language.
pub fn first(locale: Locale) -> [Station; 2] {
    let (kitchen, bar) = match locale {
        Locale::En => ("Kitchen", "Bar"),
        Locale::Es => ("Cocina", "Barra"),
    };
    [Station { id: KITCHEN, name: kitchen.to_owned() }, Station { id: BAR, name: bar.to_owned() }]
}

/// Where a line was fired to, from what its row says; None: it is made nowhere.
pub fn fired_to(routed: Option<StationId>, word: model::Station) -> Option<StationId> {
    match (routed, word) {
        (_, model::Station::None) => None,
        (Some(station), _) => Some(station),
        (None, model::Station::Kitchen) => Some(KITCHEN),
        (None, model::Station::Bar) => Some(BAR),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_goes_before_the_word_and_nothing_to_make_goes_nowhere() {
        let check = |routed, word, expect| assert_eq!(fired_to(routed, word), expect);
        let grill = StationId(Uuid::from_u128(9));
        check(None, model::Station::Kitchen, Some(KITCHEN));
        check(None, model::Station::Bar, Some(BAR));
        check(Some(grill), model::Station::Bar, Some(grill));
        check(Some(grill), model::Station::None, None);
    }
}
