// Everybody's week with totals; a manager corrects, adds and strikes out, each with a reason.
import { ActionIcon, Button } from "@mantine/core";
import {
  IconChevronLeft,
  IconChevronRight,
  IconClock,
  IconDownload,
  IconPencil,
  IconPlus,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asApiError } from "../api/errors";
import type { Shift, TimeSheet, Times } from "../api/types";
import { useMay, useRestaurantId } from "../app/queries";
import { StaffTabs } from "../app/StaffTabs";
import { Answer } from "../kit/Answer";
import { download } from "../kit/download";
import { useFormat } from "../kit/format";
import { useKeys } from "../kit/keys";
import { useComplain } from "../kit/notify";
import { PageBody, PageHead, Panel } from "../kit/Page";
import { Pill } from "../kit/Pill";
import { SkeletonPage } from "../kit/Skeletons";
import { EmptyState } from "../kit/States";
import styles from "./clock.module.css";
import { daysAway, hours } from "./model";
import { timesQuery } from "./queries";
import { ShiftRow } from "./ShiftRow";
import { TimeForm } from "./TimeForm";

const route = getRouteApi("/shell/staff/times");

export function TimesPage() {
  const { week } = route.useSearch();
  const query = useQuery(timesQuery(useRestaurantId(), week));
  return (
    <Answer query={query} skeleton={<SkeletonPage rows={5} />}>
      {(times) => <Loaded times={times} />}
    </Answer>
  );
}

/** What the form is about: one shift of somebody, or a new one. */
interface Writing {
  sheet: TimeSheet | null;
  shift: Shift | null;
}

function Loaded({ times }: { times: Times }) {
  const { t } = useTranslation("clock");
  const { day } = useFormat();
  const navigate = route.useNavigate();
  const rid = useRestaurantId();
  const canWrite = useMay()("clock.write");
  const complain = useComplain();
  const [writing, setWriting] = useState<Writing | null>(null);
  const go = (days: number) => void navigate({ search: { week: daysAway(times.first_date, days) } });
  const { first_date: from, last_date: to } = times;
  const save = () =>
    download(`/api/v1/restaurants/${rid}/clock/times.csv?from=${from}&to=${to}`, `times-${from}.csv`).catch(
      (error: unknown) => complain(asApiError(error)),
    );
  useKeys([
    { keys: "ArrowLeft", label: t("before"), group: t("times"), run: () => go(-7) },
    { keys: "ArrowRight", label: t("after"), group: t("times"), run: () => go(7) },
    ...(canWrite
      ? [
          {
            keys: "n",
            label: t("add"),
            group: t("times"),
            run: () => setWriting({ sheet: null, shift: null }),
          },
        ]
      : []),
  ]);
  const worked = times.people.reduce((sum, sheet) => sum + sheet.worked_ms, 0);
  const here = times.people.filter((sheet) =>
    sheet.shifts.some((one) => one.ended_ms == null && !one.forgotten && !one.voided),
  );
  const withShifts = times.people.filter((sheet) => sheet.shifts.length > 0);
  const without = times.people.filter((sheet) => sheet.shifts.length === 0);
  return (
    <>
      <PageHead
        title={t("times")}
        sub={t("timesSub", { from: day(from), to: day(to), hours: hours(worked), count: here.length })}
      >
        <ActionIcon.Group>
          <ActionIcon variant="default" size={36} aria-label={t("before")} onClick={() => go(-7)}>
            <IconChevronLeft size={16} />
          </ActionIcon>
          <ActionIcon variant="default" size={36} aria-label={t("after")} onClick={() => go(7)}>
            <IconChevronRight size={16} />
          </ActionIcon>
        </ActionIcon.Group>
        <Button variant="default" leftSection={<IconDownload size={15} />} onClick={() => void save()}>
          CSV
        </Button>
        {canWrite && (
          <Button
            leftSection={<IconPlus size={15} />}
            onClick={() => setWriting({ sheet: null, shift: null })}
          >
            {t("add")}
          </Button>
        )}
      </PageHead>
      <StaffTabs />
      <PageBody>
        {withShifts.map((sheet) => (
          <Panel
            key={sheet.staff_id}
            title={sheet.name}
            note={
              <>
                {sheet.shifts.some((one) => one.forgotten && !one.voided) && (
                  <Pill tone="warn">{t("forgotten")}</Pill>
                )}{" "}
                {t("total", { hours: hours(sheet.worked_ms) })}
              </>
            }
          >
            <ul className={styles.shifts}>
              {sheet.shifts.map((shift) => (
                <ShiftRow key={shift.id} shift={shift}>
                  {canWrite && !shift.voided && (
                    <ActionIcon
                      variant="subtle"
                      color="gray"
                      size={36}
                      aria-label={t("correctOf", { name: sheet.name, day: day(shift.business_date) })}
                      onClick={() => setWriting({ sheet, shift })}
                    >
                      <IconPencil size={16} />
                    </ActionIcon>
                  )}
                </ShiftRow>
              ))}
            </ul>
          </Panel>
        ))}
        {withShifts.length === 0 ? (
          <EmptyState icon={IconClock} title={t("empty.title")} text={t("empty.text")} />
        ) : (
          without.length > 0 && (
            <p className={styles.none}>
              {t("without", { names: without.map((one) => one.name).join(", ") })}
            </p>
          )
        )}
      </PageBody>
      {writing !== null && (
        <TimeForm people={times.people} {...writing} now_ms={times.now_ms} onClose={() => setWriting(null)} />
      )}
    </>
  );
}
