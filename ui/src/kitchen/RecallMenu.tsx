// What was brought, to call it back: for every screen of the station, also after a reload.
import { Button, Menu } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useRestaurantId } from "../app/queries";
import { useFormat } from "../kit/format";
import { useKeys } from "../kit/keys";
import { useOrderName } from "../kit/orderName";
import { recallOf, useRecallLast, useTicketStep } from "./commands";
import { broughtQuery } from "./queries";
import styles from "./kitchen.module.css";

export function RecallMenu(props: { station: string | undefined }) {
  const { t } = useTranslation("kitchen");
  const nameOf = useOrderName();
  const { time } = useFormat();
  const step = useTicketStep();
  const brought = useQuery(broughtQuery(useRestaurantId(), props.station)).data?.items ?? [];
  const last = brought[0];
  const recallLast = useRecallLast(props.station);
  useKeys([{ keys: "r", label: t("recall.last"), group: t("title"), run: recallLast }]);
  if (last === undefined) return null;
  return (
    <Menu position="bottom-end" width={340}>
      <Menu.Target>
        <Button variant="default" size="md" leftSection={<IconArrowBackUp size={18} />} aria-keyshortcuts="r">
          {t("recall.title")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown className={styles.recall}>
        {brought.map((ticket) => (
          <Menu.Item
            key={`${ticket.order_id} ${ticket.served_at_ms}`}
            className={styles.touch}
            onClick={() => step.mutate(recallOf(ticket))}
          >
            <b>
              {t("recall.one", {
                name: nameOf(ticket),
                number: ticket.number,
                time: time(ticket.served_at_ms),
              })}
            </b>
            <small>{ticket.lines.map((line) => line.name).join(", ")}</small>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
