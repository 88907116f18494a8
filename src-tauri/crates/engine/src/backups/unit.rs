//! What a backup is of: one restaurant's file, or the installation's.

use comanda_db::{Database, Schema};

use crate::app::App;
use crate::command::{Book, Spec};
use crate::kernel::ids::RestaurantId;
use crate::{commands, tables};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Unit {
    Installation,
    Restaurant(RestaurantId),
}

const INSTALLATION: &str = "installation";

impl Unit {
    /// Its folder in a target.
    pub fn name(self) -> String {
        match self {
            Self::Installation => INSTALLATION.to_owned(),
            Self::Restaurant(id) => id.to_string(),
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        match name {
            INSTALLATION => Some(Self::Installation),
            id => id.parse().ok().map(|id| Self::Restaurant(RestaurantId(id))),
        }
    }

    pub const fn schema(self) -> Schema {
        match self {
            Self::Installation => tables::INSTALLATION,
            Self::Restaurant(_) => tables::RESTAURANT,
        }
    }

    pub fn book(self) -> Book {
        let specs: &[Spec] = match self {
            Self::Installation => commands::INSTALLATION,
            Self::Restaurant(_) => commands::RESTAURANT,
        };
        Book::new(specs)
    }

    /// Its open file.
    pub fn database(self, app: &App) -> Option<Database> {
        match self {
            Self::Installation => Some(app.installation.clone()),
            Self::Restaurant(id) => app.restaurant(id).map(|restaurant| restaurant.db.clone()),
        }
    }
}

/// Everything of an installation that is backed up.
pub fn all(app: &App) -> Vec<Unit> {
    let restaurants = app.restaurants();
    if restaurants.is_empty() {
        return Vec::new();
    }
    std::iter::once(Unit::Installation).chain(restaurants.iter().map(|r| Unit::Restaurant(r.id))).collect()
}
