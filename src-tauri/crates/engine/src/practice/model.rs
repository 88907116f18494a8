//! What may be done in practice.

use crate::staff::model::Permission;

/// Device letters on numbers printed in practice; never leased to a device.
pub const LETTERS: &str = "PRACTICE";

/// A day's work may be practised. What reaches beyond the practice file (people log in with it), and what has nothing
/// to do with guests, is done in the restaurant itself.
pub const fn may_be_practised(permission: Permission) -> bool {
    use Permission as P;
    matches!(
        permission,
        P::OrdersRead
            | P::OrdersWrite
            | P::OrdersVoid
            | P::OrdersVoidFired
            | P::OrdersCancel
            | P::OrdersPay
            | P::OrdersDiscount
            | P::OrdersComp
            | P::OrdersApprove
            | P::OrdersRefund
            | P::FloorServe
            | P::KitchenRead
            | P::KitchenWrite
            | P::MenuAvailable
            | P::TillWrite
            | P::TillCloseDay
            | P::TasksRead
            | P::InboxWrite
    )
}
