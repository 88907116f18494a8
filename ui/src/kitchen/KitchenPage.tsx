// What is to be made, ticket by ticket, oldest first, and what all tickets want together. It says every second
// whether it is still connected: a kitchen that trusts a dead screen cooks nothing.
import { ActionIcon } from "@mantine/core";
import { IconArrowsMaximize, IconArrowsMinimize, IconChefHat } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Kitchen } from "../api/types";
import { useMay, useRestaurantId } from "../app/queries";
import { Answer } from "../kit/Answer";
import { useFormat } from "../kit/format";
import { useKeys } from "../kit/keys";
import { PageHead } from "../kit/Page";
import { Bone } from "../kit/Skeletons";
import { EmptyState } from "../kit/States";
import { useNow } from "../kit/useNow";
import { useTicketStep } from "./commands";
import { Heartbeat } from "./Heartbeat";
import styles from "./kitchen.module.css";
import { rememberedStation, rememberStation, stationToShow } from "./place";
import { kitchenScreenQuery } from "./queries";
import { RecallMenu } from "./RecallMenu";
import { StationSwitch } from "./StationSwitch";
import { EngineNow, nextStep, Ticket } from "./Ticket";
import { useWall } from "./useWall";

const route = getRouteApi("/shell/kitchen");
/** Tickets that have a key of their own. */
const KEYED_MAX = 9;

export function KitchenPage() {
  const { t } = useTranslation("kitchen");
  const rid = useRestaurantId();
  const may = useMay();
  const navigate = route.useNavigate();
  const [remembered] = useState(rememberedStation);
  const station = stationToShow(route.useSearch().station, remembered);
  const query = useQuery(kitchenScreenQuery(rid, station));
  const [isWall, setWall] = useWall();

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
        {may("kitchen.write") && <RecallMenu station={station} />}
        <StationSwitch
          stations={query.data?.stations ?? []}
          value={station}
          onChange={(next) => {
            rememberStation(next);
            void navigate({ search: { station: next }, replace: true });
          }}
        />
        <ActionIcon
          variant="default"
          size={44}
          className={styles.wall ?? ""}
          aria-label={t(isWall ? "wall.leave" : "wall.enter")}
          aria-pressed={isWall}
          onClick={() => setWall(!isWall)}
        >
          {isWall ? <IconArrowsMinimize size={20} /> : <IconArrowsMaximize size={20} />}
        </ActionIcon>
      </PageHead>
      <Answer query={query} skeleton={<KitchenSkeleton />}>
        {(kitchen) =>
          kitchen.tickets.length === 0 ? (
            <EmptyState icon={IconChefHat} title={t("empty.title")} text={t("empty.text")} />
          ) : (
            <>
              <AllDay kitchen={kitchen} />
              <Tickets kitchen={kitchen} asOf_ms={query.dataUpdatedAt} mayBump={may("kitchen.write")} />
            </>
          )
        }
      </Answer>
    </div>
  );
}

/** Tickets age by the engine's clock, not by this screen's. */
function Tickets(props: { kitchen: Kitchen; asOf_ms: number; mayBump: boolean }) {
  const { t } = useTranslation("kitchen");
  const now = useNow(1000);
  const engineNow = props.kitchen.now_ms + Math.max(0, now - props.asOf_ms);
  const step = useTicketStep();
  useKeys(
    props.mayBump
      ? props.kitchen.tickets.slice(0, KEYED_MAX).map((ticket, index) => ({
          keys: String(index + 1),
          label: t("ticket.key", { count: index + 1 }),
          group: t("title"),
          run: () => step.mutate({ order_id: ticket.order_id, ...nextStep(ticket) }),
        }))
      : [],
  );
  return (
    <EngineNow value={engineNow}>
      <ul className={styles.tickets}>
        {props.kitchen.tickets.map((ticket, index) => (
          <li key={ticket.order_id}>
            <Ticket
              ticket={ticket}
              keyed={props.mayBump && index < KEYED_MAX ? String(index + 1) : undefined}
            />
          </li>
        ))}
      </ul>
    </EngineNow>
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
