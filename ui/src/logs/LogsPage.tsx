// What the engine wrote down: four logs, the newest line first, found by letters, level and a request's id.
import { CloseButton, SegmentedControl, Select, Switch, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { LogLevel, LogStream } from "../api/types";
import { useFormat } from "../kit/format";
import { PageHead } from "../kit/Page";
import { Lines } from "./Lines";
import styles from "./logs.module.css";
import { useTail, type Wish } from "./useTail";

const route = getRouteApi("/shell/logs");
const STREAMS: LogStream[] = ["requests", "performance", "errors", "comanda"];
const LEVELS = ["ERROR", "WARN", "INFO", "DEBUG"] as const satisfies readonly LogLevel[];

export function LogsPage() {
  const { t } = useTranslation("logs");
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const set = (name: keyof typeof search, value: string | undefined) =>
    void navigate({
      search: (known) => ({ ...known, [name]: value === "" ? undefined : value }),
      replace: true,
    });
  const [typed, setTyped] = useState(search.q ?? "");
  const [wanted] = useDebouncedValue(typed.trim(), 250);
  useEffect(() => {
    if (wanted !== (search.q ?? "")) set("q", wanted);
    // The address follows the field, never the other way round.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [wanted]);
  const [follows, setFollows] = useState(true);
  const stream = STREAMS.find((one) => one === search.stream) ?? "requests";
  const level = LEVELS.find((one) => one === search.level) ?? null;
  const wish = useMemo<Wish>(() => ({ stream, q: search.q ?? "", level }), [stream, search.q, level]);
  return (
    <div className={styles.page}>
      <PageHead title={t("title")} sub={t(`sub.${stream}`)} />
      <search className={styles.filters}>
        <SegmentedControl
          aria-label={t("stream")}
          value={stream}
          onChange={(value) => set("stream", value)}
          data={STREAMS.map((value) => ({ value, label: t(`streams.${value}`) }))}
        />
        <TextInput
          className={styles.find}
          aria-label={t("find")}
          placeholder={t("find")}
          leftSection={<IconSearch size={16} />}
          rightSection={
            typed === "" ? null : (
              <CloseButton size="sm" aria-label={t("clear")} onClick={() => setTyped("")} />
            )
          }
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Select
          className={styles.level}
          aria-label={t("level")}
          value={level ?? ""}
          allowDeselect={false}
          onChange={(value) => set("level", value ?? "")}
          data={[
            { value: "", label: t("anyLevel") },
            ...LEVELS.map((value) => ({ value, label: t(`levels.${value}`) })),
          ]}
        />
        <Switch
          label={t("follow")}
          checked={follows}
          onChange={(event) => setFollows(event.currentTarget.checked)}
        />
      </search>
      <Found key={JSON.stringify(wish)} wish={wish} follows={follows} onFind={setTyped} />
    </div>
  );
}

function Found(props: { wish: Wish; follows: boolean; onFind: (text: string) => void }) {
  const { t } = useTranslation("logs");
  const { bytes } = useFormat();
  const tail = useTail(props.wish, props.follows);
  return (
    <>
      <Lines
        tail={tail}
        isFiltered={props.wish.q !== "" || props.wish.level !== null}
        onFind={props.onFind}
      />
      <p className={`${styles.count} num`} role="status">
        {t("count", { count: tail.lines?.length ?? 0 })} · {t("stored", { size: bytes(tail.storedBytes) })}
      </p>
    </>
  );
}
