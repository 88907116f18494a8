// What is to do today: before opening, during the day, at closing, and once. Ticked off where it is done.
import { ActionIcon, Button, Checkbox, SegmentedControl } from "@mantine/core";
import { IconChecklist, IconPencil, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Task, Tasks } from "../api/types";
import { useMay, useRestaurantId } from "../app/queries";
import { Answer } from "../kit/Answer";
import { dateOf } from "../kit/days";
import { useFormat } from "../kit/format";
import { KeyCaps } from "../kit/KeyCaps";
import { useKeys } from "../kit/keys";
import { PageBody, PageHead, Panel } from "../kit/Page";
import { Pill } from "../kit/Pill";
import { SkeletonPage } from "../kit/Skeletons";
import { EmptyState } from "../kit/States";
import { useTickTask } from "./commands";
import { tasksQuery } from "./queries";
import { TaskForm } from "./TaskForm";
import styles from "./tasks.module.css";

const route = getRouteApi("/shell/tasks");
const groups = ["opening", "daily", "once", "closing", "other"] as const;
/** Where it stands on the page: what is for another day of the week is apart. */
const groupOf = (task: Task) => (task.today ? (task.repeats ?? "once") : "other");

export function TasksPage() {
  const mayGive = useMay()("tasks.write");
  const wish = route.useSearch().whose;
  const whose = mayGive && wish !== "mine" ? "all" : "mine";
  const query = useQuery(tasksQuery(useRestaurantId(), whose));
  return (
    <Answer query={query} skeleton={<SkeletonPage rows={5} />}>
      {(tasks) => <Loaded tasks={tasks} whose={whose} mayGive={mayGive} />}
    </Answer>
  );
}

function Loaded({ tasks, whose, mayGive }: { tasks: Tasks; whose: "mine" | "all"; mayGive: boolean }) {
  const { t } = useTranslation("tasks");
  const navigate = route.useNavigate();
  const [form, setForm] = useState<{ task: Task | null } | null>(null);
  const give = () => setForm({ task: null });
  useKeys(mayGive ? [{ keys: "n", label: t("add"), group: t("title"), run: give }] : []);
  const today = tasks.items.filter((task) => task.today);
  const done = today.filter((task) => task.done_ms != null).length;
  return (
    <>
      <PageHead
        title={t("title")}
        sub={tasks.items.length === 0 ? t("subNone") : t("sub", { done, count: today.length })}
      >
        {mayGive && (
          <>
            <SegmentedControl
              aria-label={t("whose.label")}
              value={whose}
              onChange={(value) => void navigate({ search: value === "mine" ? { whose: "mine" } : {} })}
              data={[
                { value: "all", label: t("whose.all") },
                { value: "mine", label: t("whose.mine") },
              ]}
            />
            <Button
              onClick={give}
              leftSection={<IconPlus size={15} />}
              rightSection={<KeyCaps keys="n" onAccent />}
            >
              {t("add")}
            </Button>
          </>
        )}
      </PageHead>
      <PageBody narrow>
        {groups.map((group) => {
          const items = tasks.items.filter((task) => groupOf(task) === group);
          if (items.length === 0) return null;
          const left = items.filter((task) => task.done_ms == null).length;
          return (
            <Panel
              key={group}
              title={t(`group.${group}`)}
              note={group === "other" ? undefined : left === 0 ? t("allDone") : t("left", { count: left })}
            >
              <ul className={styles.list}>
                {items.map((task) => (
                  <TaskRow
                    key={task.id}
                    task={task}
                    day={tasks.business_date}
                    onEdit={mayGive ? () => setForm({ task }) : null}
                  />
                ))}
              </ul>
            </Panel>
          );
        })}
        {tasks.items.length === 0 && (
          <EmptyState
            icon={IconChecklist}
            title={t("empty.title")}
            text={t(mayGive ? "empty.give" : "empty.text")}
          >
            {mayGive && <Button onClick={give}>{t("add")}</Button>}
          </EmptyState>
        )}
      </PageBody>
      {form !== null && <TaskForm task={form.task} onClose={() => setForm(null)} />}
    </>
  );
}

function TaskRow({ task, day, onEdit }: { task: Task; day: string; onEdit: (() => void) | null }) {
  const { t } = useTranslation("tasks");
  const { t: common } = useTranslation();
  const { time, dateTime } = useFormat();
  const tick = useTickTask();
  const isDone = task.done_ms != null;
  const { weekday } = useFormat();
  const who = task.staff_name ?? (task.role == null ? t("anybody") : common(`role.${task.role}`));
  const whose = [
    who,
    ...(task.days.length === 0 ? [] : [task.days.map((day) => weekday(dateOf(day))).join(", ")]),
  ].join(" · ");
  return (
    <li className={styles.task} data-done={isDone ? "" : undefined}>
      <Checkbox
        size="md"
        label={
          <>
            <b>{task.title}</b>
            {task.note != null && <small>{task.note}</small>}
          </>
        }
        checked={isDone}
        disabled={tick.isPending || !task.today}
        onChange={() => tick.mutate({ id: task.id, done: !isDone, day: `${day} ${task.done_ms ?? 0}` })}
      />
      <span className={styles.facts}>
        {task.late && <Pill tone="warn">{t("late")}</Pill>}
        <small>
          {isDone
            ? t("doneBy", { name: task.done_by_name, time: time(task.done_ms ?? 0) })
            : `${whose}${task.due_ms == null ? "" : ` · ${t("due", { at: dateTime(task.due_ms) })}`}`}
        </small>
      </span>
      {onEdit !== null && (
        <ActionIcon
          variant="subtle"
          color="gray"
          size={36}
          aria-label={t("change", { title: task.title })}
          onClick={onEdit}
        >
          <IconPencil size={16} />
        </ActionIcon>
      )}
    </li>
  );
}
