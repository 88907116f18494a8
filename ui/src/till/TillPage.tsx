// The drawer and the day: open it with a float, see what was taken, close it with what was counted, close the day.
// What should lie in the drawer is not shown before it is counted: a count that knows the answer is no count.
import { Button } from "@mantine/core";
import { IconPrinter } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Till, TillSession } from "../api/types";
import { useMay, useRestaurantId } from "../app/queries";
import { Answer } from "../kit/Answer";
import { useFormat } from "../kit/format";
import { useKeys } from "../kit/keys";
import { PageBody, PageHead, Panel } from "../kit/Page";
import { SkeletonRows, SkeletonStats } from "../kit/Skeletons";
import { useNow } from "../kit/useNow";
import { PrintDialog } from "../printing/PrintDialog";
import { usePrinters } from "../printing/queries";
import { CloseDay } from "./CloseDay";
import { CloseTill } from "./CloseTill";
import { Figures } from "./Figures";
import { MoveCash } from "./MoveCash";
import { OpenDrawer } from "./OpenDrawer";
import { OpenTill } from "./OpenTill";
import { tillQuery } from "./queries";
import { Reports } from "./Reports";
import styles from "./till.module.css";

export function TillPage() {
  const { t } = useTranslation("till");
  const rid = useRestaurantId();
  const query = useQuery(tillQuery(rid));
  const { dayLong } = useFormat();
  return (
    <>
      <PageHead
        title={t("title")}
        sub={query.data === undefined ? undefined : t("sub", { day: dayLong(query.data.business_date) })}
      />
      <Answer
        query={query}
        skeleton={
          <PageBody>
            <SkeletonRows rows={2} />
            <SkeletonStats />
          </PageBody>
        }
      >
        {(till) => <Shown till={till} />}
      </Answer>
    </>
  );
}

const route = getRouteApi("/shell/till");
type Dialog = "open" | "close" | "day" | "move" | "kick" | "x";

function Shown(props: { till: Till }) {
  const { t } = useTranslation("till");
  const { t: printing } = useTranslation("printing");
  const { till } = props;
  const may = useMay();
  const navigate = useNavigate();
  const wanted = route.useSearch().do;
  const [pressed, setPressed] = useState<Dialog | null>(null);
  const [counted, setCounted] = useState<TillSession | null>(null);
  const canWrite = may("till.write");
  const canCloseDay = may("till.close_day") && till.session == null;
  const withDrawer = usePrinters()?.filter((one) => one.drawer) ?? [];
  // The engine chooses the same one.
  const printer = withDrawer.find((one) => one.guests) ?? withDrawer[0];
  const canKick = may("till.drawer") && printer !== undefined;
  const keys = [
    ...(canKick ? [{ keys: "d", label: t("kick.title"), to: "kick" as const }] : []),
    { keys: "x", label: printing("till.printX"), to: "x" as const },
    ...(canWrite && till.session == null ? [{ keys: "o", label: t("open.title"), to: "open" as const }] : []),
    ...(canWrite && till.session != null
      ? [
          { keys: "c", label: t("close.title"), to: "close" as const },
          { keys: "m", label: t("move.title"), to: "move" as const },
        ]
      : []),
    ...(canCloseDay ? [{ keys: "z", label: t("day.title"), to: "day" as const }] : []),
  ];
  // What the search asked for, if it can be done here and now.
  const asked = keys.find(({ to }) => to === wanted)?.to ?? null;
  const dialog = pressed ?? asked;
  const setDialog = (next: Dialog | null) => {
    setPressed(next);
    if (asked !== null) void navigate({ to: "/till", search: {}, replace: true });
  };
  useKeys(keys.map(({ keys, label, to }) => ({ keys, label, group: t("title"), run: () => setDialog(to) })));
  return (
    <PageBody>
      <Panel>
        <div className={styles.drawer}>
          <Drawer till={till} counted={counted} />
          <div className={styles.drawerButtons}>
            {canWrite && till.session == null && (
              <Button
                size="md"
                variant={counted === null ? "filled" : "default"}
                onClick={() => setDialog("open")}
                aria-keyshortcuts="o"
              >
                {t("open.title")}
              </Button>
            )}
            {canKick && (
              <Button size="md" variant="default" onClick={() => setDialog("kick")} aria-keyshortcuts="d">
                {t("kick.title")}
              </Button>
            )}
            {canWrite && till.session != null && (
              <Button size="md" variant="default" onClick={() => setDialog("move")} aria-keyshortcuts="m">
                {t("move.title")}
              </Button>
            )}
            {canWrite && till.session != null && (
              <Button size="md" onClick={() => setDialog("close")} aria-keyshortcuts="c">
                {t("close.title")}
              </Button>
            )}
            {canCloseDay && (
              <Button
                size="md"
                variant={counted === null ? "default" : "filled"}
                onClick={() => setDialog("day")}
                aria-keyshortcuts="z"
              >
                {t("day.title")}
              </Button>
            )}
          </div>
        </div>
      </Panel>
      <section aria-label={t("x.title")}>
        <div className={styles.sectionHead}>
          <h2>{t("x.title")}</h2>
          <p>
            {t("x.text")} {till.open_orders > 0 && t("x.open", { count: till.open_orders })}
          </p>
          <Button
            className={styles.printX ?? ""}
            size="compact-md"
            variant="default"
            leftSection={<IconPrinter size={15} />}
            aria-keyshortcuts="x"
            onClick={() => setDialog("x")}
          >
            {printing("till.printX")}
          </Button>
        </div>
        {/* With the drawer open, this would give the count away. */}
        <Figures totals={till.x} isBlind={till.session != null} />
      </section>
      <Reports />
      <OpenTill
        opened={dialog === "open"}
        onClose={() => setDialog(null)}
        onDone={() => {
          setCounted(null);
          setDialog(null);
        }}
      />
      {till.session != null || dialog === "close" ? (
        <CloseTill
          session={till.session ?? null}
          opened={dialog === "close"}
          onClose={() => setDialog(null)}
          onCounted={setCounted}
        />
      ) : null}
      {dialog === "x" && (
        <PrintDialog
          title={printing("till.x")}
          file={`x-${till.business_date}`}
          paper={{ of: "till", z: null }}
          onClose={() => setDialog(null)}
        />
      )}
      {dialog === "kick" && printer !== undefined && (
        <OpenDrawer printer={printer.name} onClose={() => setDialog(null)} />
      )}
      <MoveCash opened={dialog === "move"} onClose={() => setDialog(null)} />
      <CloseDay
        till={till}
        opened={dialog === "day"}
        onClose={() => setDialog(null)}
        onDone={(report) =>
          void navigate({ to: "/till/z/$number", params: { number: String(report.number) } })
        }
      />
    </PageBody>
  );
}

function Drawer(props: { till: Till; counted: TillSession | null }) {
  const { t } = useTranslation("till");
  const { money, dateTime, span } = useFormat();
  const now = useNow(30_000);
  const { till, counted } = props;
  if (till.session != null) {
    const { session } = till;
    return (
      <div>
        <h2 className={styles.big}>{t("drawer.open")}</h2>
        <p className={`${styles.says} num`}>
          {t("drawer.openText", {
            name: session.opened_by_name,
            at: dateTime(session.opened_at_ms),
            age: span(now - session.opened_at_ms),
            amount: money(session.float_minor),
          })}
        </p>
        {session.moves.length > 0 && (
          <ul className={`${styles.moves} num`}>
            {session.moves.map((move) => (
              <li key={move.id}>
                <b>{t(`move.${move.kind}`)}</b> {money(move.amount_minor)} · {move.reason} ·{" "}
                {move.moved_by_name}
              </li>
            ))}
          </ul>
        )}
      </div>
    );
  }
  return (
    <div>
      <h2 className={styles.big}>{t(counted === null ? "drawer.closed" : "drawer.counted")}</h2>
      <p className={styles.says}>
        {counted === null ? t("drawer.closedText") : <Difference session={counted} />}{" "}
        {counted !== null && t("drawer.next")}
      </p>
    </div>
  );
}

function Difference(props: { session: TillSession }) {
  const { t } = useTranslation("till");
  const { money } = useFormat();
  const { counted_minor, expected_minor, over_short_minor } = props.session;
  const by = over_short_minor ?? 0;
  return (
    <span className="num">
      {t(by === 0 ? "count.exact" : by > 0 ? "count.over" : "count.short", {
        counted: money(counted_minor ?? 0),
        expected: money(expected_minor ?? 0),
        by: money(Math.abs(by)),
      })}
    </span>
  );
}
