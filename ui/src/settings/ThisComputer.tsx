// What the window may do on this computer by itself. A browser has none of it.
import { Switch } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { inWindow, startAtLogin } from "../desktop";
import { warn } from "../kit/notify";
import { Panel } from "../kit/Page";
import styles from "./settings.module.css";

const KEY = ["desktop", "login"];

export function ThisComputer() {
  const { t } = useTranslation("desktop");
  const queryClient = useQueryClient();
  const query = useQuery({ queryKey: KEY, queryFn: () => startAtLogin(), enabled: inWindow() });
  const change = useMutation({
    mutationFn: (on: boolean) => startAtLogin(on),
    onSuccess: (on) => queryClient.setQueryData(KEY, on),
    onError: () => warn(t("loginFailed")),
  });
  if (query.data === undefined) return null;
  return (
    <Panel title={t("title")}>
      <div>
        <div className={styles.row}>
          <div>
            <b id="start-at-login">{t("login")}</b>
            <small>{t("loginWhy")}</small>
          </div>
          <Switch
            aria-labelledby="start-at-login"
            checked={query.data}
            disabled={change.isPending}
            onChange={(event) => change.mutate(event.currentTarget.checked)}
          />
        </div>
      </div>
    </Panel>
  );
}
