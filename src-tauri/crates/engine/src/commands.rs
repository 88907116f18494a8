//! Every command, by the kind of file it writes to. A command that was ever released stays here.

use crate::command::{Spec, spec};
use crate::{imports, inbox, installation, menu, orders, payments, restaurant, staff, till};

/// Commands on `installation.db`.
pub const INSTALLATION: &[Spec] =
    &[spec::<installation::commands::SetUp>(), spec::<installation::commands::CreateAccount>()];

/// Commands on a restaurant's file.
pub const RESTAURANT: &[Spec] = &[
    spec::<restaurant::commands::CreateRestaurant>(),
    spec::<restaurant::commands::ChangeSettings>(),
    spec::<staff::commands::AddStaff>(),
    spec::<staff::commands::ChangeStaff>(),
    spec::<staff::commands::SetPin>(),
    spec::<inbox::commands::ResolveFlag>(),
    spec::<menu::commands::AddCategory>(),
    spec::<menu::commands::ChangeCategory>(),
    spec::<menu::commands::ArchiveCategory>(),
    spec::<menu::commands::AddItem>(),
    spec::<menu::commands::ChangeItem>(),
    spec::<menu::commands::ArchiveItem>(),
    spec::<menu::commands::FillMenu>(),
    spec::<menu::commands::AddGroup>(),
    spec::<menu::commands::ChangeGroup>(),
    spec::<menu::commands::ArchiveGroup>(),
    spec::<menu::commands::SetModifierAvailable>(),
    spec::<menu::commands::SetVariantAvailable>(),
    spec::<menu::commands::SetCountdown>(),
    spec::<orders::commands::OpenOrder>(),
    spec::<orders::commands::AddLines>(),
    spec::<orders::commands::FireLines>(),
    spec::<orders::commands::BumpLine>(),
    spec::<orders::commands::RecallLine>(),
    spec::<orders::commands::ServeLines>(),
    spec::<orders::commands::VoidLine>(),
    spec::<orders::commands::CancelOrder>(),
    spec::<orders::commands::SplitOrder>(),
    spec::<orders::commands::ShareCheck>(),
    spec::<orders::commands::UnsplitOrder>(),
    spec::<orders::commands::TransferOrder>(),
    spec::<orders::commands::MergeOrders>(),
    spec::<orders::commands::GiveDiscount>(),
    spec::<orders::commands::TakeBackDiscount>(),
    spec::<orders::commands::CompLines>(),
    spec::<orders::commands::SetServiceCharge>(),
    spec::<orders::commands::RecordSales>(),
    spec::<payments::commands::TakePayment>(),
    spec::<imports::commands::RecordImport>(),
    spec::<till::commands::OpenTill>(),
    spec::<till::commands::CloseTill>(),
    spec::<till::commands::CloseDay>(),
];
