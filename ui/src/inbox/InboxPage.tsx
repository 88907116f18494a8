// What the records accepted and a person should look at: facts that are never refused, at worst flagged, and wishes
// that were refused later. Each says what happened, why, and what to do; looking at it is noted, never undone.
import { Button, SegmentedControl } from "@mantine/core";
import { IconCash, IconChecks, IconHandStop, IconRefreshAlert } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay, useRestaurantId } from "../app/queries";
import { api, ask } from "../api/client";
import type { Flag } from "../api/types";
import { useCommand } from "../api/useCommand";
import { Answer } from "../kit/Answer";
import { ConfirmWithReason } from "../kit/ConfirmWithReason";
import { useFormat } from "../kit/format";
import { say } from "../kit/notify";
import { PageBody, PageHead } from "../kit/Page";
import { SkeletonPage } from "../kit/Skeletons";
import { EmptyState } from "../kit/States";
import styles from "./inbox.module.css";
import { inboxQuery } from "./queries";

const route = getRouteApi("/shell/inbox");

const icons = { overpaid: IconCash, refused_intent: IconHandStop, changed_outcome: IconRefreshAlert };

export function InboxPage() {
  const query = useQuery(inboxQuery(useRestaurantId()));
  return (
    <Answer query={query} skeleton={<SkeletonPage rows={4} />}>
      {(inbox) => <Loaded flags={inbox.items} />}
    </Answer>
  );
}

function Loaded({ flags }: { flags: Flag[] }) {
  const { t } = useTranslation("inbox");
  const navigate = route.useNavigate();
  const show = route.useSearch().show === "done" ? "done" : "open";
  const [resolving, setResolving] = useState<Flag | null>(null);
  const open = flags.filter((flag) => !flag.resolved);
  const shown = show === "open" ? open : flags.filter((flag) => flag.resolved);
  return (
    <>
      <PageHead title={t("title")} sub={open.length === 0 ? t("subNone") : t("sub", { count: open.length })}>
        <SegmentedControl
          size="xs"
          aria-label={t("show.label")}
          value={show}
          onChange={(value) =>
            void navigate({ search: value === "done" ? { show: "done" } : {}, replace: true })
          }
          data={[
            { value: "open", label: t("show.open") },
            { value: "done", label: t("show.done") },
          ]}
        />
      </PageHead>
      {shown.length === 0 ? (
        <EmptyState
          icon={IconChecks}
          title={t(show === "open" ? "empty.title" : "emptyDone.title")}
          text={t(show === "open" ? "empty.text" : "emptyDone.text")}
        />
      ) : (
        <PageBody narrow>
          <ul className={styles.list}>
            {shown.map((flag) => (
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
const wordsOf = { overpaid: "overpaid", refused_intent: "refused", changed_outcome: "changed" } as const;

/** The figures inside a flag, with amounts as money; a missing one reads as a dash. */
function useParams(): (flag: Flag) => { number: string } {
  const { money } = useFormat();
  return (flag) => ({
    number: flag.number ?? "–",
    ...Object.fromEntries(
      Object.entries(flag.params ?? {}).map(([name, value]) => [
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
  const Icon = icons[flag.kind] ?? IconRefreshAlert;
  return (
    <li className={styles.flag} data-done={flag.resolved ? "" : undefined}>
      <span className={styles.icon} aria-hidden>
        <Icon size={19} stroke={1.7} />
      </span>
      <div className={styles.text}>
        <h2>{t(`kind.${wordsOf[flag.kind]}.what`, values)}</h2>
        <p>{t(`kind.${wordsOf[flag.kind]}.why`, values)}</p>
        {!flag.resolved && <p className={styles.todo}>{t(`kind.${wordsOf[flag.kind]}.todo`, values)}</p>}
        <div className={`${styles.meta} num`}>{dateTime(flag.at_ms)}</div>
      </div>
      <div className={styles.tools}>
        {flag.order_id !== null && flag.order_id !== undefined && may("orders.read") && (
          <Button component="a" href={`/orders/${flag.order_id}`} variant="default" size="xs">
            {t("open", values)}
          </Button>
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
        api.POST("/api/v1/restaurants/{rid}/inbox/{id}/resolve", {
          params: { path: { rid, id }, header: { "Idempotency-Key": key } },
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
      text={t(`kind.${wordsOf[flag.kind]}.what`, values)}
      confirm={t("resolve.button")}
      optional
      tone="accent"
      pending={resolve.isPending}
      error={resolve.error}
      onConfirm={(note) => resolve.mutate({ id: flag.id, note })}
    />
  );
}
