//! Roles and what they permit: the one table. Rules about who may change whom.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::{Code, Refusal};
use crate::kernel::words::words;

/// What somebody is in a restaurant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Owner,
    Manager,
    Cashier,
    Waiter,
    Chef,
    Admin,
}

words!(Role {
    Owner = "owner",
    Manager = "manager",
    Cashier = "cashier",
    Waiter = "waiter",
    Chef = "chef",
    Admin = "admin",
});

/// Makes the enum, and for each permission a type of the same name in `needs`, which a handler
/// names in its signature: `here: Here<needs::OrdersPay>`.
macro_rules! permissions {
    // `tt`, not `literal`: a literal reaches the derive of the contract in a wrapper it cannot see through.
    ($($variant:ident = $word:tt),+ $(,)?) => {
        /// One thing a person may do in a restaurant.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
        pub enum Permission {
            $(#[serde(rename = $word)] $variant),+
        }

        impl Permission {
            pub const ALL: &'static [Permission] = &[$(Permission::$variant),+];

            pub const fn as_str(self) -> &'static str {
                match self { $(Permission::$variant => $word),+ }
            }
        }

        /// What a handler needs, as types: the front checks it before the request's body is read.
        pub mod needs {
            use super::Permission;

            pub trait Need: Send + Sync + 'static {
                /// None: being on the restaurant's staff is enough.
                const PERMISSION: Option<Permission>;
            }

            /// Anybody on the restaurant's staff.
            pub struct Staff;
            impl Need for Staff {
                const PERMISSION: Option<Permission> = None;
            }

            $(pub struct $variant;
            impl Need for $variant {
                const PERMISSION: Option<Permission> = Some(Permission::$variant);
            })+
        }
    };
}

permissions! {
    OrdersRead = "orders.read",
    OrdersWrite = "orders.write",
    OrdersVoid = "orders.void",
    OrdersVoidFired = "orders.void_fired",
    OrdersCancel = "orders.cancel",
    OrdersPay = "orders.pay",
    OrdersDiscount = "orders.discount",
    OrdersComp = "orders.comp",
    OrdersApprove = "orders.approve",
    OrdersRefund = "orders.refund",
    FloorRead = "floor.read",
    FloorServe = "floor.serve",
    FloorWrite = "floor.write",
    KitchenRead = "kitchen.read",
    KitchenWrite = "kitchen.write",
    MenuRead = "menu.read",
    MenuWrite = "menu.write",
    MenuAvailable = "menu.available",
    TillRead = "till.read",
    TillWrite = "till.write",
    TillCloseDay = "till.close_day",
    TillDrawer = "till.drawer",
    TodayRead = "today.read",
    ReportsRead = "reports.read",
    StaffRead = "staff.read",
    StaffWrite = "staff.write",
    ClockOwn = "clock.own",
    ClockRead = "clock.read",
    ClockWrite = "clock.write",
    TasksRead = "tasks.read",
    TasksWrite = "tasks.write",
    AuditRead = "audit.read",
    RewindRead = "rewind.read",
    BackupsRead = "backups.read",
    ImportsRead = "imports.read",
    ImportsWrite = "imports.write",
    ExportsRead = "exports.read",
    SettingsWrite = "settings.write",
    InboxRead = "inbox.read",
    InboxWrite = "inbox.write",
    PracticeWrite = "practice.write",
    BackupsWrite = "backups.write",
    LoadsRun = "loads.run",
    HealthRead = "health.read",
    HealthWrite = "health.write",
    LogsRead = "logs.read",
    SyncRead = "sync.read",
    SyncWrite = "sync.write",
    DeploymentsRead = "deployments.read",
    DeploymentsWrite = "deployments.write",
    KeysWrite = "keys.write",
    RestaurantsWrite = "restaurants.write",
}

/// Of those who answer for the house, owner and admin; a manager may everything else.
const OF_THE_HOUSE: &[Permission] = &[
    Permission::BackupsWrite,
    Permission::LoadsRun,
    Permission::HealthWrite,
    Permission::SyncWrite,
    Permission::DeploymentsWrite,
    Permission::KeysWrite,
    Permission::RestaurantsWrite,
];
impl Permission {
    /// What a manager has not got.
    pub const OF_THE_HOUSE: &'static [Self] = OF_THE_HOUSE;
}

const OF_A_MANAGER: [Permission; Permission::ALL.len() - OF_THE_HOUSE.len()] = all_but(OF_THE_HOUSE);

/// By name and not by place: one that is added belongs to a manager unless it is named above.
const fn all_but<const N: usize>(left_out: &[Permission]) -> [Permission; N] {
    let mut kept = [Permission::ALL[0]; N];
    let (mut from, mut to) = (0, 0);
    while from < Permission::ALL.len() {
        let (mut at, mut is_kept) = (0, true);
        while at < left_out.len() {
            is_kept = is_kept && left_out[at] as usize != Permission::ALL[from] as usize;
            at += 1;
        }
        if is_kept {
            kept[to] = Permission::ALL[from];
            to += 1;
        }
        from += 1;
    }
    kept
}

impl Role {
    pub const ALL: &'static [Self] =
        &[Self::Owner, Self::Manager, Self::Cashier, Self::Waiter, Self::Chef, Self::Admin];

    pub const fn permissions(self) -> &'static [Permission] {
        use Permission as P;
        match self {
            Self::Owner | Self::Admin => P::ALL,
            Self::Manager => &OF_A_MANAGER,
            Self::Cashier => &[
                P::OrdersRead,
                P::OrdersWrite,
                P::OrdersVoid,
                P::OrdersVoidFired,
                P::OrdersCancel,
                P::OrdersPay,
                P::OrdersDiscount,
                P::FloorRead,
                P::FloorServe,
                P::TillRead,
                P::TillWrite,
                P::TillDrawer,
                P::MenuRead,
                P::KitchenRead,
                P::TodayRead,
                P::ClockOwn,
                P::TasksRead,
            ],
            Self::Waiter => &[
                P::OrdersRead,
                P::OrdersWrite,
                P::OrdersPay,
                P::OrdersDiscount,
                P::OrdersVoid,
                P::FloorRead,
                P::FloorServe,
                P::MenuRead,
                P::KitchenRead,
                P::ClockOwn,
                P::TasksRead,
            ],
            Self::Chef => &[
                P::KitchenRead,
                P::KitchenWrite,
                P::MenuRead,
                P::MenuAvailable,
                P::OrdersRead,
                P::ClockOwn,
                P::TasksRead,
            ],
        }
    }

    pub fn may(self, permission: Permission) -> bool {
        self.permissions().contains(&permission)
    }

    /// The table, turned: who may do each thing.
    pub fn who_may(permission: Permission) -> Vec<Self> {
        Self::ALL.iter().copied().filter(|role| role.may(permission)).collect()
    }

    /// Whether this role answers for the restaurant: only its peers may appoint or change it.
    const fn leads(self) -> bool {
        matches!(self, Self::Owner | Self::Admin)
    }

    /// Whether somebody in this role may give or take that role.
    pub fn may_appoint(self, role: Role) -> Result<(), Refusal> {
        if self.may(Permission::StaffWrite) && (self.leads() || !role.leads()) {
            return Ok(());
        }
        Err(Refusal::new(Code::Forbidden, "Only an owner or admin may change an owner or admin."))
    }
}

/// A change to somebody on the staff, as far as it can break a rule.
#[derive(Debug, Clone, Copy)]
pub struct Change {
    pub role: Role,
    pub active: bool,
}

/// A restaurant always has an active owner. `owners` counts the active ones now.
pub fn keeps_an_owner(before: Change, after: Change, owners: u64) -> Result<(), Refusal> {
    let is_owner = |change: Change| change.active && change.role == Role::Owner;
    if is_owner(before) && !is_owner(after) && owners <= 1 {
        return Err(Refusal::rule("A restaurant needs an active owner. Appoint another one first."));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_permit_what_the_contract_says() {
        for role in [Role::Owner, Role::Admin] {
            assert_eq!(role.permissions(), Permission::ALL);
        }
        assert_eq!(
            Permission::ALL.iter().filter(|p| !Role::Manager.may(**p)).collect::<Vec<_>>(),
            [
                &Permission::BackupsWrite,
                &Permission::LoadsRun,
                &Permission::HealthWrite,
                &Permission::SyncWrite,
                &Permission::DeploymentsWrite,
                &Permission::KeysWrite,
                &Permission::RestaurantsWrite
            ]
        );
        assert!(!Role::Waiter.may(Permission::OrdersVoidFired));
        assert!(!Role::Waiter.may(Permission::TillWrite));
        assert!(Role::Waiter.may(Permission::FloorServe) && !Role::Waiter.may(Permission::FloorWrite));
        assert!(Role::Cashier.may(Permission::TillWrite));
        assert!(!Role::Cashier.may(Permission::TillCloseDay));
        assert!(Role::Chef.may(Permission::MenuAvailable));
        assert!(!Role::Chef.may(Permission::MenuWrite));
        assert!(!Role::Chef.may(Permission::OrdersPay));
    }

    #[test]
    fn a_manager_appoints_waiters_and_no_owner() {
        assert!(Role::Manager.may_appoint(Role::Waiter).is_ok());
        assert!(Role::Manager.may_appoint(Role::Owner).is_err());
        assert!(Role::Owner.may_appoint(Role::Owner).is_ok());
        assert!(Role::Waiter.may_appoint(Role::Waiter).is_err());
    }

    #[test]
    fn the_last_owner_stays() {
        let owner = Change { role: Role::Owner, active: true };
        let waiter = Change { role: Role::Waiter, active: true };
        let gone = Change { active: false, ..owner };
        assert!(keeps_an_owner(owner, waiter, 1).is_err());
        assert!(keeps_an_owner(owner, gone, 1).is_err());
        assert!(keeps_an_owner(owner, waiter, 2).is_ok());
        assert!(keeps_an_owner(waiter, gone, 1).is_ok());
        assert!(keeps_an_owner(owner, owner, 1).is_ok());
    }
}
