// A log to look through: which one, letters, how bad, and whether new lines are followed; the lines below.
import { CloseButton, SegmentedControl, Select, Switch, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { LogLevel, LogStream } from "../api/types";
import { useErrorText } from "./errorText";
import { useFormat } from "./format";
import { LogLines } from "./LogLines";
import styles from "./logs.module.css";
import { type Reading, useTail, type Wish } from "./useTail";

const STREAMS: LogStream[] = ["requests", "performance", "errors", "comanda"];
const LEVELS = ["ERROR", "WARN", "INFO", "DEBUG"] as const satisfies readonly LogLevel[];

export interface Search {
  stream?: string | undefined;
  q?: string | undefined;
  level?: string | undefined;
}

export const streamOf = (search: Search): LogStream =>
  STREAMS.find((one) => one === search.stream) ?? "requests";

/** `reading` stays the same object while it is the same log. */
export function LogSearch(props: {
  reading: Reading;
  search: Search;
  onSearch: (name: keyof Search, value: string | undefined) => void;
}) {
  const { t } = useTranslation("logs");
  const { search, onSearch } = props;
  const set = (name: keyof Search, value: string) => onSearch(name, value === "" ? undefined : value);
  const [typed, setTyped] = useState(search.q ?? "");
  const [wanted] = useDebouncedValue(typed.trim(), 250);
  useEffect(() => {
    if (wanted !== (search.q ?? "")) set("q", wanted);
    // What is searched follows the field, never the other way round.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [wanted]);
  const [follows, setFollows] = useState(true);
  const stream = streamOf(search);
  const level = LEVELS.find((one) => one === search.level) ?? null;
  const wish = useMemo<Wish>(() => ({ stream, q: search.q ?? "", level }), [stream, search.q, level]);
  return (
    <>
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
      <Found
        key={JSON.stringify(wish)}
        reading={props.reading}
        wish={wish}
        follows={follows}
        onFind={setTyped}
      />
    </>
  );
}

function Found(props: { reading: Reading; wish: Wish; follows: boolean; onFind: (text: string) => void }) {
  const { t } = useTranslation("logs");
  const { bytes } = useFormat();
  const errorText = useErrorText();
  const tail = useTail(props.reading, props.wish, props.follows);
  return (
    <>
      {tail.lines !== null && tail.error !== null && (
        <p className={styles.old} role="alert">
          {errorText(tail.error).short}
        </p>
      )}
      <LogLines
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
