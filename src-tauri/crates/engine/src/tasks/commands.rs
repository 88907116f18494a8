//! The writes of tasks. Making and changing one is asked for; that it was done happened.

use comanda_db::{Stop, Tx};
use serde::{Deserialize, Serialize};

use super::model::{Repeats, TASKS_MAX, Task};
use super::store;
use crate::command::{Context, Kind, Write};
use crate::error::Refusal;
use crate::kernel::ids::{AccountId, StaffId, TaskId};
use crate::staff;
use crate::staff::model::{Permission, Role};

#[derive(Debug, Serialize, Deserialize)]
pub struct TaskSaved {
    pub id: TaskId,
}

fn standing(tx: &Tx<'_>, id: TaskId) -> Result<Task, Stop> {
    let task = store::task(tx.conn(), id)?.filter(|task| !task.archived);
    task.ok_or_else(|| Refusal::not_found("This task").into())
}

/// A task as it shall be; with an id nobody has it is a new one.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SaveTask {
    pub id: TaskId,
    /// Changes one that is there.
    pub change: bool,
    pub title: String,
    pub note: Option<String>,
    pub staff_id: Option<StaffId>,
    pub role: Option<Role>,
    pub due_ms: Option<i64>,
    pub repeats: Option<Repeats>,
    /// Days of the week of a repeating one; left out: all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<u8>,
}

impl SaveTask {
    fn task(&self) -> Task {
        Task {
            id: self.id,
            title: self.title.clone(),
            note: self.note.clone(),
            staff_id: self.staff_id,
            role: self.role.filter(|_| self.staff_id.is_none()),
            due_ms: self.due_ms.filter(|_| self.repeats.is_none()),
            repeats: self.repeats,
            days: self.days.filter(|_| self.repeats.is_some()),
            archived: false,
        }
    }
}

impl Write for SaveTask {
    const NAME: &'static str = "save_task";
    const KIND: Kind = Kind::Intent;
    type Answer = TaskSaved;

    fn check(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<(), Stop> {
        if self.change {
            standing(tx, self.id)?;
        } else if store::open_count(tx.conn())? >= TASKS_MAX {
            return Err(Refusal::rule(format!("There are {TASKS_MAX} tasks. Finish or remove some first.")).into());
        }
        let person = self.staff_id.map(|id| staff::store::by_id(tx.conn(), id)).transpose()?;
        match person {
            Some(person) if !person.as_ref().is_some_and(|member| member.active) => {
                Err(Refusal::not_found("This person").at("staff_id").into())
            }
            _ => Ok(()),
        }
    }

    fn run(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<TaskSaved, Stop> {
        if self.change {
            store::update(tx, &self.task())?;
        } else {
            store::insert(tx, &self.task())?;
        }
        Ok(TaskSaved { id: self.id })
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArchiveTask {
    pub id: TaskId,
}

impl Write for ArchiveTask {
    const NAME: &'static str = "archive_task";
    const KIND: Kind = Kind::Intent;
    type Answer = TaskSaved;

    fn check(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<(), Stop> {
        standing(tx, self.id).map(drop)
    }

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<TaskSaved, Stop> {
        store::archive(tx, self.id, cx.at_ms)?;
        Ok(TaskSaved { id: self.id })
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DoTask {
    pub id: TaskId,
    /// The business day of a repeating task, else empty.
    pub day: String,
}

impl Write for DoTask {
    const NAME: &'static str = "do_task";
    const KIND: Kind = Kind::Fact;
    type Answer = TaskSaved;

    fn check(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<(), Stop> {
        let task = standing(tx, self.id)?;
        let place = staff::store::place_of(tx.conn(), AccountId(cx.actor))?;
        if !place.is_some_and(|(id, role)| task.is_for(id, role) || role.may(Permission::TasksWrite)) {
            return Err(Refusal::forbidden().into());
        }
        if self.day.parse().is_ok_and(|day| !task.is_on(day)) {
            return Err(Refusal::rule("This is for another day of the week.").into());
        }
        match store::done(tx.conn(), self.id, &self.day)? {
            Some(_) => Err(Refusal::illegal_step("This is done already.", &["reopen"]).into()),
            None => Ok(()),
        }
    }

    fn run(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<TaskSaved, Stop> {
        store::mark_done(tx, self.id, &self.day, cx.at_ms, AccountId(cx.actor))?;
        Ok(TaskSaved { id: self.id })
    }
}

/// It was not done after all: said by who said it was, or by who gives tasks.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReopenTask {
    pub id: TaskId,
    pub day: String,
}

impl Write for ReopenTask {
    const NAME: &'static str = "reopen_task";
    const KIND: Kind = Kind::Intent;
    type Answer = TaskSaved;

    fn check(&self, tx: &Tx<'_>, cx: &Context<'_>) -> Result<(), Stop> {
        standing(tx, self.id)?;
        let done = store::done(tx.conn(), self.id, &self.day)?;
        let done = done.ok_or_else(|| Refusal::illegal_step("This is not done yet.", &["done"]))?;
        let place = staff::store::place_of(tx.conn(), AccountId(cx.actor))?;
        if done.by.0 != cx.actor && !place.is_some_and(|(_, role)| role.may(Permission::TasksWrite)) {
            return Err(Refusal::forbidden().into());
        }
        Ok(())
    }

    fn run(&self, tx: &Tx<'_>, _: &Context<'_>) -> Result<TaskSaved, Stop> {
        store::mark_open(tx, self.id, &self.day)?;
        Ok(TaskSaved { id: self.id })
    }
}
