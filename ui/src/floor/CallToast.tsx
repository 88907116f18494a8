// A table calls while one is on another page: a word at the edge of the screen, with the way there. On the page of the
// tables the list of calls says it already.
import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconBell } from "@tabler/icons-react";
import { useNavigate, useRouterState } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { onWaiterCall } from "../api/live";
import { useMay } from "../app/queries";
import styles from "./floor.module.css";
import { useTableWords } from "./words";

/** Long enough to be seen between two orders; the rail counts those that still wait. */
const SHOWN_MS = 20_000;

export function CallToast() {
  const { t } = useTranslation("floor");
  const words = useTableWords();
  const navigate = useNavigate();
  const mayServe = useMay()("floor.serve");
  const isThere = useRouterState({ select: (state) => state.location.pathname === "/tables" });
  useEffect(() => {
    if (!mayServe || isThere) return undefined;
    return onWaiterCall((call) => {
      const id = `call-${call.table_id}`;
      notifications.hide(id);
      notifications.show({
        id,
        title: words.name({ name: call.table }),
        message: (
          <span className={styles.toast}>
            {t(`call.${call.wants}`)}
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => {
                notifications.hide(id);
                void navigate({ to: "/tables", search: { table: call.table_id } });
              }}
            >
              {t("call.see")}
            </Button>
          </span>
        ),
        color: "warn",
        icon: <IconBell size={18} aria-hidden />,
        autoClose: SHOWN_MS,
        closeButtonProps: { "aria-label": t("call.hide") },
      });
    });
  });
  return null;
}
