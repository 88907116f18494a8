//! What a task is, and whose. Pure.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::kernel::ids::{AccountId, StaffId, TaskId};
use crate::kernel::words::words;
use crate::staff::model::Role;

/// Tasks that stand, at most: a list longer than that is nobody's.
pub const TASKS_MAX: u32 = 300;

/// Every business day, and when in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Repeats {
    Opening,
    Daily,
    Closing,
}

words!(Repeats { Opening = "opening", Daily = "daily", Closing = "closing" });

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    pub id: TaskId,
    pub title: String,
    pub note: Option<String>,
    /// For this person; None: see `role`.
    pub staff_id: Option<StaffId>,
    /// For everybody in this role; None with no person: for anybody.
    pub role: Option<Role>,
    pub due_ms: Option<i64>,
    /// None: once.
    pub repeats: Option<Repeats>,
    /// Of a repeating task: bit 0 Monday to bit 6 Sunday; None: every day.
    pub days: Option<u8>,
    pub archived: bool,
}

/// Who did it, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoneBy {
    pub at_ms: i64,
    pub by: AccountId,
    pub name: Option<String>,
}

impl Task {
    pub fn is_for(&self, staff_id: StaffId, role: Role) -> bool {
        match (self.staff_id, self.role) {
            (Some(person), _) => person == staff_id,
            (None, Some(wanted)) => wanted == role,
            (None, None) => true,
        }
    }

    /// Whether it is to be done on this business day.
    pub fn is_on(&self, day: NaiveDate) -> bool {
        let bit = 1 << day.weekday().num_days_from_monday();
        self.repeats.is_none() || self.days.is_none_or(|days| days & bit != 0)
    }

    /// The day its being done is kept under: the business day for a repeating task, none for another.
    pub fn day_of(&self, business_date: &str) -> String {
        self.repeats.map_or_else(String::new, |_| business_date.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_is_for_a_person_a_role_or_anybody() {
        let (marco, ada) = (StaffId(uuid::Uuid::from_u128(1)), StaffId(uuid::Uuid::from_u128(2)));
        let task = |staff_id, role| Task {
            id: TaskId(uuid::Uuid::nil()),
            title: String::new(),
            note: None,
            staff_id,
            role,
            due_ms: None,
            repeats: None,
            days: None,
            archived: false,
        };
        assert!(task(Some(marco), Some(Role::Chef)).is_for(marco, Role::Waiter));
        assert!(!task(Some(marco), Some(Role::Chef)).is_for(ada, Role::Chef));
        assert!(task(None, Some(Role::Chef)).is_for(ada, Role::Chef));
        assert!(!task(None, Some(Role::Chef)).is_for(ada, Role::Waiter));
        assert!(task(None, None).is_for(ada, Role::Waiter));
        let friday = NaiveDate::from_ymd_opt(2026, 6, 12).unwrap();
        let weekly = |repeats, days| Task { repeats, days, ..task(None, None) }.is_on(friday);
        assert!(weekly(Some(Repeats::Daily), None));
        assert!(weekly(Some(Repeats::Daily), Some(1 << 4)));
        assert!(!weekly(Some(Repeats::Daily), Some(0x7f & !(1 << 4))));
        assert!(weekly(None, Some(1)), "what is done once has no days");
    }
}
