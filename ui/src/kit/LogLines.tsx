// The lines in sight are drawn, whatever their number; one that is picked says all it knows.
import { ActionIcon, Button } from "@mantine/core";
import { IconFileOff, IconX } from "@tabler/icons-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { LogLine } from "../api/types";
import { useFormat } from "./format";
import { Pill, type Tone } from "./Pill";
import { SkeletonRows } from "./Skeletons";
import { EmptyState, ErrorState } from "./States";
import styles from "./logs.module.css";
import type { Tail } from "./useTail";

const ROW_PX = 36;
/** Rows from the end at which older ones are asked for. */
const AHEAD = 30;
const tones: Record<LogLine["level"], Tone> = {
  ERROR: "bad",
  WARN: "warn",
  INFO: "mute",
  DEBUG: "mute",
  TRACE: "mute",
};

export function LogLines(props: { tail: Tail; isFiltered: boolean; onFind: (text: string) => void }) {
  const { t } = useTranslation("logs");
  const { tail } = props;
  const [picked, setPicked] = useState<LogLine | null>(null);
  const { lines, hasOlder, isReading, readOlder } = tail;
  // A search goes on by itself until something is found.
  useEffect(() => {
    if (lines !== null && lines.length < AHEAD && hasOlder && !isReading) readOlder();
  }, [lines, hasOlder, isReading, readOlder]);
  if (lines === null)
    return tail.error === null ? <SkeletonRows rows={12} /> : <ErrorState error={tail.error} />;
  if (lines.length === 0 && !hasOlder) {
    return (
      <EmptyState
        icon={IconFileOff}
        title={t(props.isFiltered ? "none.filtered" : "none.title")}
        text={t(props.isFiltered ? "none.filteredText" : "none.text")}
      />
    );
  }
  return (
    <div className={styles.frame} data-open={picked === null ? undefined : ""}>
      <Scroller tail={tail} lines={lines} picked={picked} onPick={setPicked} />
      {picked !== null && <About line={picked} onClose={() => setPicked(null)} onFind={props.onFind} />}
    </div>
  );
}

function Scroller(props: {
  tail: Tail;
  lines: LogLine[];
  picked: LogLine | null;
  onPick: (line: LogLine) => void;
}) {
  const { t } = useTranslation("logs");
  const { lines, tail, picked } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 16,
  });
  const drawn = virtual.getVirtualItems();
  const last = drawn.at(-1)?.index ?? 0;
  const { hasOlder, isReading, readOlder } = tail;
  useEffect(() => {
    if (hasOlder && !isReading && last >= lines.length - AHEAD) readOlder();
  }, [hasOlder, isReading, last, lines.length, readOlder]);
  // Whoever has scrolled down keeps what they read in sight when new lines come on top.
  const newest = useRef(lines[0]);
  useLayoutEffect(() => {
    const frame = scroller.current;
    const came = newest.current === undefined ? 0 : lines.indexOf(newest.current);
    newest.current = lines[0];
    if (frame !== null && frame.scrollTop > ROW_PX && came > 0) frame.scrollTop += came * ROW_PX;
  }, [lines]);
  return (
    <div ref={scroller} className={styles.scroller} tabIndex={0} role="group" aria-label={t("title")}>
      <ol style={{ height: virtual.getTotalSize() }}>
        {drawn.map((item) => {
          const line = lines[item.index];
          if (line === undefined) return null;
          return (
            <li key={item.index} style={{ transform: `translateY(${item.start}px)`, height: ROW_PX }}>
              <button
                type="button"
                aria-pressed={line === picked}
                className={styles.line}
                onClick={() => props.onPick(line)}
              >
                <Moment at_ms={line.at_ms} />
                <Pill tone={tones[line.level]} dot={false}>
                  {line.level}
                </Pill>
                <Words line={line} />
              </button>
            </li>
          );
        })}
      </ol>
    </div>
  );
}

function Moment({ at_ms }: { at_ms: number }) {
  const { time, dateTime } = useFormat();
  const seconds = String(Math.floor(at_ms / 1000) % 60).padStart(2, "0");
  return (
    <time className="num" dateTime={new Date(at_ms).toISOString()} title={dateTime(at_ms)}>
      {time(at_ms)}:{seconds}
    </time>
  );
}

/** A request says how it was answered; other lines their words, and their own figures after them. */
function Words({ line }: { line: LogLine }) {
  const { took } = useFormat();
  const { method, path, status, took_us } = line.fields;
  if (typeof path === "string" && typeof took_us === "number") {
    return (
      <span className={styles.words}>
        {line.message !== "request" && `${line.message} `}
        <b data-tone={Number(status) >= 500 ? "bad" : Number(status) >= 400 ? "warn" : undefined}>
          {said(status)}
        </b>{" "}
        <b>{said(method)}</b> {shortened(path)} · {took(took_us)}
      </span>
    );
  }
  const figures = Object.entries(line.fields).filter(
    ([name, value]) => name !== "request_id" && value !== null,
  );
  return (
    <span className={styles.words}>
      <b>{line.message}</b> {figures.map(([name, value]) => `${name}=${said(value)}`).join("  ")}
    </span>
  );
}

/** Without what all have in common; ids by their ends, which differ. */
const shortened = (path: string) =>
  path
    .replace(/^\/api\/v1(\/restaurants\/[^/]+)?/, "")
    .replace(/[\da-f]{8}-[\da-f-]{22}([\da-f]{5})[\da-f]?/gi, "…$1");

const said = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));

function About(props: { line: LogLine; onClose: () => void; onFind: (text: string) => void }) {
  const { t } = useTranslation("logs");
  const { dateTime } = useFormat();
  const { line } = props;
  const id = line.fields["request_id"];
  return (
    <aside className={styles.about} aria-label={t("about")}>
      <header>
        <div>
          <Pill tone={tones[line.level]}>{line.level}</Pill>
          <p className="num">{dateTime(line.at_ms)}</p>
        </div>
        <ActionIcon variant="subtle" aria-label={t("close")} onClick={props.onClose}>
          <IconX size={16} />
        </ActionIcon>
      </header>
      <h2>{line.message}</h2>
      <dl>
        {Object.entries(line.fields).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{said(value)}</dd>
          </div>
        ))}
      </dl>
      {typeof id === "string" && (
        <Button variant="light" onClick={() => props.onFind(id)}>
          {t("followRequest")}
        </Button>
      )}
    </aside>
  );
}
