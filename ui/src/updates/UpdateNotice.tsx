// A new version, said once on any page but the one that has the rest: Settings.
import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useNavigate, useRouterState } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useChannel, useLook } from "./queries";
import styles from "./updates.module.css";

const ID = "update";

export function UpdateNotice() {
  const { t } = useTranslation("updates");
  const { t: common } = useTranslation();
  const navigate = useNavigate();
  const [channel] = useChannel();
  const look = useLook(channel).data;
  const said = useRef<string | null>(null);
  const version = look?.state === "found" ? look.version : null;
  const isThere = useRouterState({ select: (state) => state.location.pathname === "/settings" });
  useEffect(() => {
    if (isThere) notifications.hide(ID);
    if (version === null || isThere || said.current === version) return;
    said.current = version;
    notifications.show({
      id: ID,
      title: t("found", { version }),
      message: (
        <span className={styles.notice}>
          {t("notice")}
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => {
              notifications.hide(ID);
              void navigate({ to: "/settings" });
            }}
          >
            {t("see")}
          </Button>
        </span>
      ),
      autoClose: 20_000,
      closeButtonProps: { "aria-label": common("action.close") },
    });
  }, [common, isThere, navigate, t, version]);
  return null;
}
