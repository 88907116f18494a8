// Choosing a moment: the day, the time on its line of what happened, and what had happened last.
import { ActionIcon, Button, TextInput } from "@mantine/core";
import { IconChevronLeft, IconChevronRight, IconHistory } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useRestaurant, useRestaurantId } from "../app/queries";
import { Answer } from "../kit/Answer";
import { useFormat } from "../kit/format";
import { useKeys } from "../kit/keys";
import { PageBody, PageHead, Panel } from "../kit/Page";
import { SkeletonRows } from "../kit/Skeletons";
import { EmptyState } from "../kit/States";
import { Around } from "./Around";
import { hasOnlyBegun } from "./model";
import { Opening } from "./Opening";
import { rewindDayQuery, rewindQuery } from "./queries";
import styles from "./rewind.module.css";
import { TimeLine } from "./TimeLine";

const route = getRouteApi("/shell/rewind");
const DAY_MS = 86_400_000;

const dayAfter = (date: string, days: number) =>
  new Date(Date.parse(`${date}T12:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

export function Choose() {
  const { t } = useTranslation("rewind");
  const { dateTime } = useFormat();
  const rid = useRestaurantId();
  const today = useRestaurant()?.business_date ?? "";
  const date = route.useSearch().date ?? today;
  const navigate = route.useNavigate();
  const rewind = useQuery(rewindQuery(rid));
  const day = useQuery(rewindDayQuery(rid, date));
  const go = (to: string) => void navigate({ search: to === today || to === "" ? {} : { date: to } });
  const isLast = date >= today;
  useKeys([
    { keys: "ArrowLeft", label: t("dayBefore"), group: t("title"), run: () => go(dayAfter(date, -1)) },
    {
      keys: "ArrowRight",
      label: t("dayAfter"),
      group: t("title"),
      run: () => (isLast ? undefined : go(dayAfter(date, 1))),
    },
  ]);
  // Things may be written down for a time before the first one was: then the beginning says little.
  const begins = rewind.data?.begins_ms ?? null;
  const first = day.data?.bins[0]?.from_ms ?? null;
  const since = begins !== null && (first === null || begins <= first) ? dateTime(begins) : null;
  return (
    <>
      <PageHead title={t("title")} sub={since === null ? t("sub") : t("subSince", { since })}>
        <ActionIcon
          variant="default"
          size={36}
          aria-label={t("dayBefore")}
          onClick={() => go(dayAfter(date, -1))}
        >
          <IconChevronLeft size={16} />
        </ActionIcon>
        <TextInput
          type="date"
          aria-label={t("day")}
          max={today}
          value={date}
          onChange={(event) => go(event.currentTarget.value)}
        />
        <ActionIcon
          variant="default"
          size={36}
          aria-label={t("dayAfter")}
          disabled={isLast}
          onClick={() => go(dayAfter(date, 1))}
        >
          <IconChevronRight size={16} />
        </ActionIcon>
      </PageHead>
      <PageBody>
        <Answer query={day} skeleton={<SkeletonRows />}>
          {(one) =>
            one.bins.length === 0 ? (
              <EmptyState icon={IconHistory} title={t("none.title")} text={t("none.text")}>
                {!isLast && (
                  <Button variant="default" onClick={() => go(today)}>
                    {t("none.today")}
                  </Button>
                )}
              </EmptyState>
            ) : hasOnlyBegun(one, begins) ? (
              <EmptyState
                icon={IconHistory}
                title={t("begun.title")}
                text={t("begun.text", { since: dateTime(begins ?? one.from_ms) })}
              >
                <Button component={Link} to="/orders" variant="default">
                  {t("begun.orders")}
                </Button>
              </EmptyState>
            ) : (
              <Moment key={one.business_date} day={one} now_ms={rewind.data?.now_ms ?? one.to_ms} />
            )
          }
        </Answer>
      </PageBody>
    </>
  );
}

function Moment(props: { day: Parameters<typeof TimeLine>[0]["day"]; now_ms: number }) {
  const { t } = useTranslation("rewind");
  const { day, now_ms } = props;
  const last = Math.min(now_ms, (day.bins.at(-1)?.from_ms ?? day.from_ms) + 15 * 60_000 - 1);
  const [at, setAt] = useState(() => Math.max(day.from_ms, last));
  return (
    <>
      <section className={styles.chooser} aria-label={t("line.label")}>
        <TimeLine day={day} now_ms={now_ms} at={at} onMove={setAt} />
        <Opening at_ms={at} />
      </section>
      <Panel title={t("around.title")}>
        <Around at_ms={at} onPick={setAt} />
      </Panel>
    </>
  );
}
