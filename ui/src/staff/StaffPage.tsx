// Who works here and what each may do. Nobody is deleted: a person who left keeps their name on past checks.
import { Button, Select } from "@mantine/core";
import { IconPlus, IconUsers } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { initials } from "../app/MeMenu";
import { meQuery, useMay, useRestaurantId } from "../app/queries";
import type { Person, Role } from "../api/types";
import { StaffTabs } from "../app/StaffTabs";
import { Answer } from "../kit/Answer";
import { KeyCaps } from "../kit/KeyCaps";
import { useKeys } from "../kit/keys";
import { say } from "../kit/notify";
import { PageBody, PageHead } from "../kit/Page";
import { Pill } from "../kit/Pill";
import { SkeletonPage } from "../kit/Skeletons";
import { EmptyState } from "../kit/States";
import { AccessMenu } from "./AccessMenu";
import { useChangePerson } from "./commands";
import { PersonForm } from "./PersonForm";
import { staffQuery } from "./queries";
import { roles } from "./roles";
import styles from "./staff.module.css";

const route = getRouteApi("/shell/staff");

export function StaffPage() {
  const query = useQuery(staffQuery(useRestaurantId()));
  return (
    <Answer query={query} skeleton={<SkeletonPage rows={6} />}>
      {(staff) => <Loaded people={staff.items} />}
    </Answer>
  );
}

function Loaded({ people }: { people: Person[] }) {
  const { t } = useTranslation("staff");
  const may = useMay();
  const canWrite = may("staff.write");
  const { person: focused } = route.useSearch();
  const [adding, setAdding] = useState(false);
  const list = useRef<HTMLUListElement>(null);
  useKeys(canWrite ? [{ keys: "n", label: t("add"), group: t("title"), run: () => setAdding(true) }] : []);
  useEffect(() => {
    if (focused !== undefined)
      list.current?.querySelector<HTMLElement>(`[data-person="${focused}"]`)?.focus();
  }, [focused]);
  const inOrder = [...people].sort(
    (a, b) =>
      Number(b.active) - Number(a.active) ||
      roles.indexOf(a.role) - roles.indexOf(b.role) ||
      a.name.localeCompare(b.name),
  );
  const working = people.filter((person) => person.active).length;
  const gone = people.length - working;
  return (
    <>
      <PageHead
        title={t("title")}
        sub={
          gone === 0
            ? t("sub", { count: working })
            : `${t("sub", { count: working })} ${t("subGone", { count: gone })}`
        }
      >
        {canWrite && (
          <Button
            onClick={() => setAdding(true)}
            leftSection={<IconPlus size={15} />}
            rightSection={<KeyCaps keys="n" onAccent />}
          >
            {t("add")}
          </Button>
        )}
      </PageHead>
      <StaffTabs />
      <PageBody>
        <ul ref={list} className={styles.list}>
          {inOrder.map((person) => (
            <PersonRow key={person.id} person={person} canWrite={canWrite} />
          ))}
        </ul>
        {people.length < 2 && (
          <EmptyState icon={IconUsers} title={t("alone.title")} text={t("alone.text")}>
            {canWrite && <Button onClick={() => setAdding(true)}>{t("add")}</Button>}
          </EmptyState>
        )}
      </PageBody>
      {adding && <PersonForm onClose={() => setAdding(false)} />}
    </>
  );
}

function PersonRow({ person, canWrite }: { person: Person; canWrite: boolean }) {
  const { t } = useTranslation("staff");
  const { t: common } = useTranslation();
  const me = useQuery(meQuery).data;
  const isMe = me?.account_id === person.account_id;
  const change = useChangePerson((changed) =>
    say(
      changed.active
        ? t("changed", { name: changed.name, role: common(`role.${changed.role}`) })
        : t("left", { name: changed.name }),
    ),
  );
  return (
    <li
      className={styles.row}
      tabIndex={-1}
      data-person={person.id}
      data-gone={person.active ? undefined : ""}
    >
      <i className={styles.face} aria-hidden>
        {initials(person.name)}
      </i>
      <div className={styles.who}>
        <b>
          {person.name} {isMe && <Pill dot={false}>{t("you")}</Pill>}{" "}
          {!person.active && <Pill>{t("gone")}</Pill>}
        </b>
        <small>
          {person.email ?? t(person.pin_set_ms == null ? "pin.nothing" : "pin.only")}
          {person.email != null && person.pin_set_ms != null && ` · ${t("pin.has")}`}
        </small>
      </div>
      <p className={styles.what}>{t(`does.${person.role}`)}</p>
      {canWrite && person.active ? (
        <Select
          className={styles.role}
          aria-label={t("roleOf", { name: person.name })}
          value={person.role}
          allowDeselect={false}
          disabled={isMe || change.isPending}
          data={roles.map((role) => ({ value: role, label: common(`role.${role}`) }))}
          onChange={(role) =>
            role !== null && role !== person.role && change.mutate({ id: person.id, role: role as Role })
          }
        />
      ) : (
        <span className={styles.role}>{common(`role.${person.role}`)}</span>
      )}
      {canWrite && (
        <span className={styles.do}>
          {person.active ? (
            <AccessMenu
              person={person}
              isMe={isMe}
              onLetGo={isMe ? null : () => change.mutate({ id: person.id, active: false })}
            />
          ) : (
            <Button
              variant="subtle"
              color="accent"
              size="xs"
              loading={change.isPending}
              onClick={() => change.mutate({ id: person.id, active: true })}
            >
              {t("activate")}
            </Button>
          )}
        </span>
      )}
    </li>
  );
}
