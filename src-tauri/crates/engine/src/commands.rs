//! Every command, by the kind of file it writes to. A command that was ever released stays here.

use crate::command::{Spec, spec};
use crate::{inbox, installation, restaurant, staff};

/// Commands on `installation.db`.
pub const INSTALLATION: &[Spec] =
    &[spec::<installation::commands::SetUp>(), spec::<installation::commands::CreateAccount>()];

/// Commands on a restaurant's file.
pub const RESTAURANT: &[Spec] = &[
    spec::<restaurant::commands::CreateRestaurant>(),
    spec::<restaurant::commands::ChangeSettings>(),
    spec::<staff::commands::AddStaff>(),
    spec::<staff::commands::ChangeStaff>(),
    spec::<inbox::commands::ResolveFlag>(),
];
