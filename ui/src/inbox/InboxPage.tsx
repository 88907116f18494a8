// What the records accepted and a person should look at: facts that are never refused, at worst flagged, and wishes
// that were refused later. Each says what happened, why, and what to do; looking at it is noted, never undone.
import { Button, SegmentedControl } from "@mantine/core";
import {
  IconCash,
  IconChecks,
  IconClockExclamation,
  IconDatabaseExclamation,
  IconFlag,
  IconHandStop,
  IconRefreshAlert,
  IconToolsKitchen2Off,
} from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay, useRestaurantId } from "../app/queries";
import { api, ask } from "../api/client";
import type { Flag } from "../api/types";
import { useCommand } from "../api/useCommand";
import { LinkButton } from "../kit/LinkButton";
import { useActionName } from "../kit/actionName";
import { Answer } from "../kit/Answer";
import { ConfirmWithReason } from "../kit/ConfirmWithReason";
import { useFormat } from "../kit/format";
import { say } from "../kit/notify";
import { PageBody, PageHead } from "../kit/Page";
import { SkeletonPage, SkeletonRows } from "../kit/Skeletons";
import { EmptyState } from "../kit/States";
import styles from "./inbox.module.css";
import { inboxHistoryQuery, inboxQuery } from "./queries";

const route = getRouteApi("/shell/inbox");

const icons = {
  overpaid: IconCash,
  tillClosed: IconCash,
  captured: IconCash,
  unsigned: IconHandStop,
  refused: IconHandStop,
  changed: IconRefreshAlert,
  late: IconClockExclamation,
  forgotten: IconClockExclamation,
  overlap: IconClockExclamation,
  clock: IconClockExclamation,
  oversold: IconToolsKitchen2Off,
  backupFailed: IconDatabaseExclamation,
  backupUnproven: IconDatabaseExclamation,
  backupBehind: IconDatabaseExclamation,
  other: IconFlag,
};

export function InboxPage() {
  const rid = useRestaurantId();
  const waiting = useQuery(inboxQuery(rid));
  const isHistory = route.useSearch().show === "all";
  return (
    <Answer query={waiting} skeleton={<SkeletonPage rows={4} />}>
      {(inbox) => (
        <>
          <Head waiting={inbox.items.length} isHistory={isHistory} />
          {isHistory ? <History /> : <Flags flags={inbox.items} />}
        </>
      )}
    </Answer>
  );
}

function Head(props: { waiting: number; isHistory: boolean }) {
  const { t } = useTranslation("inbox");
  const navigate = route.useNavigate();
  return (
    <PageHead
      title={t("title")}
      sub={props.waiting === 0 ? t("subNone") : t("sub", { count: props.waiting })}
    >
      <SegmentedControl
        size="sm"
        aria-label={t("show.label")}
        value={props.isHistory ? "all" : "open"}
        onChange={(value) => void navigate({ search: value === "all" ? { show: "all" } : {}, replace: true })}
        data={[
          { value: "open", label: t("show.open") },
          { value: "all", label: t("show.all") },
        ]}
      />
    </PageHead>
  );
}

function History() {
  const { t } = useTranslation("inbox");
  const query = useInfiniteQuery(inboxHistoryQuery(useRestaurantId()));
  return (
    <Answer query={query} skeleton={<SkeletonRows rows={4} />}>
      {(data) => (
        <>
          <Flags flags={data.pages.flatMap((page) => page.items)} isHistory />
          {query.hasNextPage && (
            <PageBody narrow>
              <Button
                variant="default"
                loading={query.isFetchingNextPage}
                onClick={() => void query.fetchNextPage()}
              >
                {t("more")}
              </Button>
            </PageBody>
          )}
        </>
      )}
    </Answer>
  );
}

function Flags({ flags, isHistory = false }: { flags: Flag[]; isHistory?: boolean }) {
  const { t } = useTranslation("inbox");
  const [resolving, setResolving] = useState<Flag | null>(null);
  return (
    <>
      {flags.length === 0 ? (
        <EmptyState
          icon={IconChecks}
          title={t(isHistory ? "emptyAll.title" : "empty.title")}
          text={t(isHistory ? "emptyAll.text" : "empty.text")}
        />
      ) : (
        <PageBody narrow>
          <ul className={styles.list}>
            {flags.map((flag) => (
              <FlagRow key={flag.id} flag={flag} onResolve={() => setResolving(flag)} />
            ))}
          </ul>
        </PageBody>
      )}
      {resolving !== null && <Resolve flag={resolving} onClose={() => setResolving(null)} />}
    </>
  );
}

/** Its words in inbox.json; there an underscore would mean something else. */
function wordsOf(flag: Flag) {
  if (flag.kind === "overpaid") return "overpaid";
  if (flag.kind === "cash_without_till") return "tillClosed";
  if (flag.kind === "added_after_cancel") return "late";
  if (flag.kind === "oversold") return "oversold";
  if (flag.kind === "forgot_clock_out") return "forgotten";
  if (flag.kind === "time_overlap") return "overlap";
  if (flag.kind === "clock_jumped") return "clock";
  if (flag.kind === "unsigned") return "unsigned";
  if (flag.kind === "captured_late") return "captured";
  if (flag.kind === "backup_failed") return "backupFailed";
  if (flag.kind === "backup_unproven") return "backupUnproven";
  if (flag.kind === "backup_behind") return "backupBehind";
  if (flag.kind === "refused_intent") return "refused";
  return flag.kind === "changed_outcome" ? "changed" : "other";
}

/** What the kind of flag brings along; the contract leaves it open. */
function paramsOf(flag: Flag): Record<string, unknown> {
  return typeof flag.params === "object" && flag.params !== null ? { ...flag.params } : {};
}

/** The figures inside a flag, with amounts as money; a missing one reads as a dash. */
function useParams(): (flag: Flag) => { number: string; name: string; document: string } {
  const { money } = useFormat();
  return (flag) => ({
    number: flag.number ?? "–",
    name: "–",
    document: "–",
    ...Object.fromEntries(
      Object.entries(paramsOf(flag)).map(([name, value]) => [
        name.replace(/_minor$/, ""),
        name.endsWith("_minor") && typeof value === "number" ? money(value) : String(value),
      ]),
    ),
  });
}

function FlagRow({ flag, onResolve }: { flag: Flag; onResolve: () => void }) {
  const { t } = useTranslation("inbox");
  const { dateTime } = useFormat();
  const may = useMay();
  const values = useParams()(flag);
  const Icon = icons[wordsOf(flag)];
  const orderId = flag.order_id;
  const actionName = useActionName();
  const reason = paramsOf(flag)["message"];
  const asked = paramsOf(flag)["command"];
  return (
    <li className={styles.flag} data-done={flag.resolved ? "" : undefined}>
      <span className={styles.icon} aria-hidden>
        <Icon size={19} stroke={1.7} />
      </span>
      <div className={styles.text}>
        <h2>{t(`kind.${wordsOf(flag)}.what`, values)}</h2>
        <p>{t(`kind.${wordsOf(flag)}.why`, values)}</p>
        {typeof asked === "string" && <p>{t("asked", { action: actionName(asked) })}</p>}
        {typeof reason === "string" && <p>{t("said", { reason })}</p>}
        {!flag.resolved && <p className={styles.todo}>{t(`kind.${wordsOf(flag)}.todo`, values)}</p>}
        <div className={`${styles.meta} num`}>
          {dateTime(flag.at_ms)}
          {flag.resolved && ` · ${t("seen")}`}
        </div>
      </div>
      <div className={styles.tools}>
        {orderId != null && may("orders.read") && (
          <LinkButton variant="default" size="xs" to="/orders" search={{ order: orderId }}>
            {t("open", values)}
          </LinkButton>
        )}
        {flag.kind.startsWith("backup_") && may("backups.read") && (
          <LinkButton variant="default" size="xs" to="/backups">
            {t("backups")}
          </LinkButton>
        )}
        {!flag.resolved && may("inbox.write") && (
          <Button size="xs" onClick={onResolve}>
            {t("resolve.button")}
          </Button>
        )}
      </div>
    </li>
  );
}

function Resolve({ flag, onClose }: { flag: Flag; onClose: () => void }) {
  const { t } = useTranslation("inbox");
  const rid = useRestaurantId();
  const values = useParams()(flag);
  const resolve = useCommand({
    name: "inbox.resolve",
    run: ({ id, note }: { id: string; note: string }, key) =>
      ask(
        api.POST("/api/v1/restaurants/{rid}/inbox/{inbox_id}/resolve", {
          params: { path: { rid, inbox_id: id }, header: { "Idempotency-Key": key } },
          body: note === "" ? {} : { note },
        }),
      ),
    onDone: () => {
      say(t("resolve.done"));
      onClose();
    },
  });
  return (
    <ConfirmWithReason
      opened
      onClose={onClose}
      title={t("resolve.title")}
      text={t(`kind.${wordsOf(flag)}.what`, values)}
      confirm={t("resolve.button")}
      optional
      tone="accent"
      pending={resolve.isPending}
      error={resolve.error}
      onConfirm={(note) => resolve.mutate({ id: flag.id, note })}
    />
  );
}
