// What the engine wrote down: four logs, the newest line first, found by letters, level and a request's id.
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import type { LogLines } from "../api/types";
import styles from "../kit/logs.module.css";
import { LogSearch, streamOf } from "../kit/LogSearch";
import { PageHead } from "../kit/Page";
import type { Reading } from "../kit/useTail";

const route = getRouteApi("/shell/logs");
const OWN: Reading = {
  read: (stream, query) =>
    ask<LogLines>(api.GET("/api/v1/logs/{stream}", { params: { path: { stream }, query } })),
  lookAgain_ms: 1_000,
};

export function LogsPage() {
  const { t } = useTranslation("logs");
  const search = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <div className={styles.page}>
      <PageHead title={t("title")} sub={t(`sub.${streamOf(search)}`)} />
      <LogSearch
        reading={OWN}
        search={search}
        onSearch={(name, value) =>
          void navigate({ search: (known) => ({ ...known, [name]: value }), replace: true })
        }
      />
    </div>
  );
}
