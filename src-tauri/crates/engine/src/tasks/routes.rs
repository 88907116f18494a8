//! `/restaurants/{rid}/tasks`: what is to do, giving it, and having done it.

use axum::Json;
use axum::response::Response;
use garde::Validate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::commands::{ArchiveTask, DoTask, ReopenTask, SaveTask};
use super::model::{self, Repeats};
use super::store;
use crate::app::App;
use crate::clock::model::day_begins_ms;
use crate::error::{ApiError, Refusal};
use crate::front::here::{Here, Place};
use crate::front::input::{Input, Meta, Path, Query};
use crate::front::reply;
use crate::kernel::ids::{StaffId, TaskId};
use crate::kernel::text;
use crate::staff;
use crate::staff::model::{Permission, Role, needs};

pub fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_tasks, add_task))
        .routes(routes!(change_task, archive_task))
        .routes(routes!(do_task))
        .routes(routes!(reopen_task))
}

/// Something to do.
#[derive(Debug, Serialize, ToSchema)]
pub struct Task {
    pub id: TaskId,
    pub title: String,
    pub note: Option<String>,
    pub staff_id: Option<StaffId>,
    pub staff_name: Option<String>,
    /// For everybody in this role; null with no person: for anybody.
    pub role: Option<Role>,
    pub due_ms: Option<i64>,
    /// Every business day; null: once.
    pub repeats: Option<Repeats>,
    /// 1 Monday to 7 Sunday; empty: every day.
    pub days: Vec<u8>,
    /// It is for this business day.
    pub today: bool,
    /// Past due and not done.
    pub late: bool,
    /// Null: still to do (today, where it repeats).
    pub done_ms: Option<i64>,
    pub done_by_name: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Tasks {
    /// The business day repeating tasks are shown for.
    pub business_date: String,
    pub now_ms: i64,
    /// Bounded: there are 300 at most.
    pub items: Vec<Task>,
}

fn show(place: &Place, task: model::Task) -> Result<Task, ApiError> {
    let now_ms = place.now_ms();
    let date = place.settings()?.business_date(now_ms);
    let day = task.day_of(&date.to_string());
    let on = |day: &u8| task.days.is_some_and(|days| days & (1 << (day - 1)) != 0);
    let (days, today) = ((1..=7).filter(on).collect(), task.is_on(date));
    place.read(|conn| {
        let done = store::done(conn, task.id, &day)?;
        let person = task.staff_id.map(|id| staff::store::by_id(conn, id)).transpose()?.flatten();
        Ok(Task {
            id: task.id,
            title: task.title,
            note: task.note,
            staff_id: task.staff_id,
            staff_name: person.map(|person| person.name),
            role: task.role,
            due_ms: task.due_ms,
            repeats: task.repeats,
            days,
            today,
            late: done.is_none() && task.due_ms.is_some_and(|due| due < now_ms),
            done_ms: done.as_ref().map(|done| done.at_ms),
            done_by_name: done.and_then(|done| done.name),
        })
    })
}

fn show_by_id(place: &Place, id: TaskId) -> Result<Task, ApiError> {
    let task = place.read(|conn| store::task(conn, id))?.ok_or_else(|| Refusal::not_found("This task"))?;
    show(place, task)
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// For the caller, for their role, or for anybody.
    #[default]
    Mine,
    /// Everybody's; needs `tasks.write`.
    All,
}

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TasksQuery {
    #[garde(skip)]
    #[serde(default)]
    #[param(inline)]
    pub whose: Whose,
}

/// What is to do: repeating tasks of this business day, others until the day they are done is over. Of
/// everybody's, those of other days of the week too.
#[utoipa::path(get, path = "/restaurants/{rid}/tasks", tag = "tasks", operation_id = "list_tasks",
    params(("rid" = uuid::Uuid, Path), TasksQuery),
    responses((status = 200, body = Tasks)),
    extensions(("x-permission" = json!("tasks.read"))))]
pub async fn list_tasks(
    here: Here<needs::TasksRead>,
    Query(query): Query<TasksQuery>,
) -> Result<Json<Tasks>, ApiError> {
    if query.whose == Whose::All {
        here.may(Permission::TasksWrite)?;
    }
    let (settings, now_ms, me) = (here.settings()?, here.now_ms(), here.staff_id()?);
    let date = settings.business_date(now_ms);
    let begins_ms = day_begins_ms(date, settings.time_zone, settings.day_cutoff_minute);
    let tasks = here.read(|conn| store::standing(conn, begins_ms))?;
    let wanted =
        tasks.into_iter().filter(|task| query.whose == Whose::All || (task.is_for(me, here.role) && task.is_on(date)));
    let items = wanted.map(|task| show(&here, task)).collect::<Result<_, _>>()?;
    Ok(Json(Tasks { business_date: date.to_string(), now_ms, items }))
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"title": "Switch the ovens off", "role": "chef", "repeats": "closing"}))]
pub struct TaskInput {
    #[serde(deserialize_with = "text::clean")]
    #[garde(length(chars, min = 1, max = text::NAME_MAX))]
    #[schema(min_length = 1, max_length = 120)]
    pub title: String,
    #[serde(default, deserialize_with = "text::clean_option")]
    #[garde(length(chars, max = text::NOTE_MAX))]
    #[schema(max_length = 500)]
    pub note: Option<String>,
    /// For this person.
    #[garde(skip)]
    pub staff_id: Option<StaffId>,
    /// For everybody in this role. With neither it is for anybody.
    #[garde(skip)]
    pub role: Option<Role>,
    /// Not for a repeating task.
    #[garde(range(min = 0))]
    pub due_ms: Option<i64>,
    #[garde(skip)]
    pub repeats: Option<Repeats>,
    /// Of a repeating task, 1 Monday to 7 Sunday; left out or empty: every day.
    #[serde(default)]
    #[garde(length(max = 7), inner(range(min = 1, max = 7)))]
    #[schema(max_items = 7)]
    pub days: Vec<u8>,
}

fn save(id: TaskId, change: bool, input: TaskInput) -> SaveTask {
    let TaskInput { title, note, staff_id, role, due_ms, repeats, days } = input;
    let days = days.iter().fold(0_u8, |days, day| days | 1 << (day - 1));
    let days = (days != 0 && days != 0x7f).then_some(days);
    SaveTask { id, change, title, note, staff_id, role, due_ms, repeats, days }
}

/// Gives a task.
#[utoipa::path(post, path = "/restaurants/{rid}/tasks", tag = "tasks", operation_id = "add_task",
    params(("rid" = uuid::Uuid, Path)),
    request_body = TaskInput, responses((status = 201, body = Task)),
    extensions(("x-permission" = json!("tasks.write"))))]
pub async fn add_task(here: Here<needs::TasksWrite>, input: Input<TaskInput>) -> Result<Response, ApiError> {
    let done = here.write(&input.meta, Ok(save(TaskId::mint(), false, input.value))).await?;
    Ok(reply::created(&done, show_by_id(&here, done.answer.id)?))
}

#[derive(Deserialize)]
pub struct TaskPath {
    task_id: TaskId,
}

/// Changes a task; all of it is given.
#[utoipa::path(put, path = "/restaurants/{rid}/tasks/{task_id}", tag = "tasks", operation_id = "change_task",
    params(("rid" = uuid::Uuid, Path), ("task_id" = uuid::Uuid, Path)),
    request_body = TaskInput, responses((status = 200, body = Task)),
    extensions(("x-permission" = json!("tasks.write"))))]
pub async fn change_task(
    here: Here<needs::TasksWrite>,
    Path(path): Path<TaskPath>,
    input: Input<TaskInput>,
) -> Result<Response, ApiError> {
    let done = here.write(&input.meta, Ok(save(path.task_id, true, input.value))).await?;
    Ok(reply::changed(&done, show_by_id(&here, path.task_id)?))
}

/// Takes a task off the list.
#[utoipa::path(delete, path = "/restaurants/{rid}/tasks/{task_id}", tag = "tasks", operation_id = "archive_task",
    params(("rid" = uuid::Uuid, Path), ("task_id" = uuid::Uuid, Path)),
    responses((status = 204)),
    extensions(("x-permission" = json!("tasks.write"))))]
pub async fn archive_task(
    here: Here<needs::TasksWrite>,
    Path(path): Path<TaskPath>,
    meta: Meta,
) -> Result<Response, ApiError> {
    let done = here.write(&meta, Ok(ArchiveTask { id: path.task_id })).await?;
    Ok(reply::gone(&done))
}

/// The day a step on this task is about.
fn day_of(place: &Place, id: TaskId) -> Result<String, ApiError> {
    let task = place.read(|conn| store::task(conn, id))?.ok_or_else(|| Refusal::not_found("This task"))?;
    Ok(task.day_of(&place.settings()?.business_date(place.now_ms()).to_string()))
}

/// It is done.
#[utoipa::path(post, path = "/restaurants/{rid}/tasks/{task_id}/done", tag = "tasks", operation_id = "do_task",
    params(("rid" = uuid::Uuid, Path), ("task_id" = uuid::Uuid, Path)),
    responses((status = 200, body = Task)),
    extensions(("x-permission" = json!("tasks.read"))))]
pub async fn do_task(
    here: Here<needs::TasksRead>,
    Path(path): Path<TaskPath>,
    meta: Meta,
) -> Result<Response, ApiError> {
    let prepared = day_of(&here, path.task_id).map(|day| DoTask { id: path.task_id, day });
    let done = here.write(&meta, prepared).await?;
    Ok(reply::changed(&done, show_by_id(&here, path.task_id)?))
}

/// It was not done after all.
#[utoipa::path(post, path = "/restaurants/{rid}/tasks/{task_id}/reopen", tag = "tasks", operation_id = "reopen_task",
    params(("rid" = uuid::Uuid, Path), ("task_id" = uuid::Uuid, Path)),
    responses((status = 200, body = Task)),
    extensions(("x-permission" = json!("tasks.read"))))]
pub async fn reopen_task(
    here: Here<needs::TasksRead>,
    Path(path): Path<TaskPath>,
    meta: Meta,
) -> Result<Response, ApiError> {
    let prepared = day_of(&here, path.task_id).map(|day| ReopenTask { id: path.task_id, day });
    let done = here.write(&meta, prepared).await?;
    Ok(reply::changed(&done, show_by_id(&here, path.task_id)?))
}
