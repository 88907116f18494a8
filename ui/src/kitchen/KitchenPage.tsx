// What is to be made, ticket by ticket, oldest first, and what all tickets want together. It says every second
// whether it is still connected: a kitchen that trusts a dead screen cooks nothing.
import { Button, Menu, SegmentedControl } from "@mantine/core";
import { IconArrowBackUp, IconChefHat } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Kitchen } from "../api/types";
import { useMay, useRestaurantId } from "../app/queries";
import { Answer } from "../kit/Answer";
import { useFormat } from "../kit/format";
import { useKeys } from "../kit/keys";
import { useOrderName } from "../kit/orderName";
import { PageHead } from "../kit/Page";
import { Bone } from "../kit/Skeletons";
import { EmptyState } from "../kit/States";
import { useNow } from "../kit/useNow";
import { useStep } from "./commands";
import { Heartbeat } from "./Heartbeat";
import styles from "./kitchen.module.css";
import { kitchenScreenQuery } from "./queries";
import { Ticket, type Gone } from "./Ticket";

const route = getRouteApi("/shell/kitchen");
/** Bumped tickets one can still call back from this screen. */
const GONE_MAX = 8;

export function KitchenPage() {
  const { t } = useTranslation("kitchen");
  const rid = useRestaurantId();
  const may = useMay();
  const nameOf = useOrderName();
  const { time } = useFormat();
  const navigate = route.useNavigate();
  const wanted = route.useSearch().station;
  const station = wanted === "kitchen" || wanted === "bar" ? wanted : undefined;
  const query = useQuery(kitchenScreenQuery(rid, station));
  const [gone, setGone] = useState<Gone[]>([]);
  const step = useStep();

  const recall = (ticket: Gone) => {
    for (const line_id of ticket.line_ids) step.mutate({ order_id: ticket.order_id, line_id, to: "fired" });
    setGone((old) => old.filter((other) => other !== ticket));
  };
  const last = gone[0];
  useKeys(
    last !== undefined && may("kitchen.write")
      ? [{ keys: "r", label: t("recall.last"), group: t("title"), run: () => recall(last) }]
      : [],
  );
  const lines = query.data?.tickets.flatMap((ticket) => ticket.lines) ?? [];
  const toMake = lines.filter((line) => line.state !== "ready").length;
  return (
    <div className={styles.page}>
      <PageHead
        title={t("title")}
        sub={
          query.data === undefined
            ? undefined
            : lines.length === 0
              ? t("sub.none")
              : `${t("sub.tickets", { count: query.data.tickets.length })} · ${t("sub.toMake", { count: toMake })}`
        }
      >
        <Heartbeat heard_at_ms={query.dataUpdatedAt} />
        {gone.length > 0 && may("kitchen.write") && (
          <Menu position="bottom-end">
            <Menu.Target>
              <Button
                variant="default"
                size="md"
                leftSection={<IconArrowBackUp size={18} />}
                aria-keyshortcuts="r"
              >
                {t("recall.title")}
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {gone.map((ticket) => (
                <Menu.Item key={ticket.at_ms} className={styles.touch} onClick={() => recall(ticket)}>
                  {t("recall.one", { name: nameOf(ticket), number: ticket.number, time: time(ticket.at_ms) })}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        )}
        <SegmentedControl
          size="md"
          aria-label={t("station.label")}
          value={station ?? "all"}
          onChange={(next) =>
            void navigate({ search: next === "all" ? {} : { station: next }, replace: true })
          }
          data={(["all", "kitchen", "bar"] as const).map((value) => ({
            value,
            label: t(`station.${value}`),
          }))}
        />
      </PageHead>
      <Answer query={query} skeleton={<KitchenSkeleton />}>
        {(kitchen) =>
          kitchen.tickets.length === 0 ? (
            <EmptyState icon={IconChefHat} title={t("empty.title")} text={t("empty.text")} />
          ) : (
            <>
              <AllDay kitchen={kitchen} />
              <Tickets
                kitchen={kitchen}
                asOf_ms={query.dataUpdatedAt}
                onGone={(ticket) => setGone((old) => [ticket, ...old].slice(0, GONE_MAX))}
              />
            </>
          )
        }
      </Answer>
    </div>
  );
}

/** Tickets age by the engine's clock, not by this screen's. */
function Tickets(props: { kitchen: Kitchen; asOf_ms: number; onGone: (ticket: Gone) => void }) {
  const now = useNow(1000);
  const engineNow = props.kitchen.now_ms + Math.max(0, now - props.asOf_ms);
  return (
    <ul className={styles.tickets}>
      {props.kitchen.tickets.map((ticket) => (
        <li key={ticket.order_id}>
          <Ticket ticket={ticket} now_ms={engineNow} onGone={props.onGone} />
        </li>
      ))}
    </ul>
  );
}

function AllDay(props: { kitchen: Kitchen }) {
  const { t } = useTranslation("kitchen");
  const { quantity } = useFormat();
  const all = props.kitchen.all_day;
  if (all.length === 0) return null;
  return (
    <section className={styles.allDay} aria-label={t("allDay")} tabIndex={0}>
      <h2>{t("allDay")}</h2>
      <ul>
        {all.map((item) => (
          <li key={item.name}>
            <b className="num">{quantity(item.quantity_milli)}</b> {item.name}
          </li>
        ))}
      </ul>
    </section>
  );
}

function KitchenSkeleton() {
  return (
    <ul className={styles.tickets}>
      {[3, 2, 4, 2].map((lines, index) => (
        <li key={index}>
          <div className={styles.ticket}>
            <div className={styles.boneHead}>
              <Bone w="50%" h={22} />
            </div>
            {Array.from({ length: lines }, (_, line) => (
              <div key={line} className={styles.boneLine}>
                <Bone w={`${58 + ((line * 19) % 30)}%`} h={18} />
              </div>
            ))}
          </div>
        </li>
      ))}
    </ul>
  );
}
