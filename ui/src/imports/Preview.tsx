// What the file would bring, before anything is written: its columns, its sums, its dirty rows.
import { Button, Checkbox } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconFileText } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type ApiError, asApiError } from "../api/errors";
import type { ImportMapping, ImportPreview } from "../api/types";
import { useRestaurantId } from "../app/queries";
import { useErrorText } from "../kit/errorText";
import { useFormat } from "../kit/format";
import { Panel, Stat, Stats } from "../kit/Page";
import { SkeletonRows, SkeletonStats } from "../kit/Skeletons";
import { ErrorState } from "../kit/States";
import { Columns } from "./Columns";
import { DirtyRows } from "./DirtyRows";
import styles from "./imports.module.css";
import { assign, settled, withAbsent } from "./mapping";
import { type Chosen, previewQuery } from "./queries";

interface Send {
  fingerprint: string;
  mapping: ImportMapping;
  skip_dirty: boolean;
}

export function Preview(props: {
  chosen: Chosen;
  error: ApiError | null;
  onLeave: () => void;
  onSend: (wish: Send) => void;
}) {
  const { t } = useTranslation("imports");
  const rid = useRestaurantId();
  const { count } = useFormat();
  const [said, setSaid] = useState<ImportMapping>({});
  const query = useQuery(previewQuery(rid, props.chosen, said));
  const preview = query.data;
  const error = query.error === null ? null : asApiError(query.error);
  // A column that could not be recognised is asked for; the engine lists those there are.
  const columns = error?.details?.["columns"];
  const missing = Array.isArray(columns) ? columns.map(String) : null;
  const { file } = props.chosen;
  return (
    <>
      <div className={styles.file}>
        <IconFileText size={20} stroke={1.6} aria-hidden />
        <div>
          <b>{file.name}</b>
          <small className="num">
            {t("file.size", { kb: count(Math.max(1, Math.round(file.size / 1024))) })}
          </small>
        </div>
        <Button variant="default" onClick={props.onLeave}>
          {t("file.other")}
        </Button>
      </div>
      {preview === undefined && error === null && (
        <div aria-busy="true" aria-live="polite" className={styles.stack}>
          <SkeletonStats />
          <SkeletonRows rows={7} />
        </div>
      )}
      {error !== null && missing === null && (
        <Panel>
          <ErrorState error={error} onRetry={() => void query.refetch()} />
        </Panel>
      )}
      {error !== null && missing !== null && (
        <Panel title={t("columns.title")}>
          <p className={styles.problem} role="alert">
            {t("columns.missing", {
              field: t(`field.${(error.field ?? "order_id") as "order_id"}`),
            })}
          </p>
          <Columns
            columns={missing}
            sample={[]}
            mapping={said}
            onChange={(f, c) => setSaid(assign(said, f, c))}
          />
        </Panel>
      )}
      {preview !== undefined && error === null && (
        <Looked
          preview={preview}
          isReading={query.isFetching}
          error={props.error}
          said={said}
          onSaid={setSaid}
          onSend={props.onSend}
        />
      )}
    </>
  );
}

function Looked(props: {
  preview: ImportPreview;
  isReading: boolean;
  error: ApiError | null;
  said: ImportMapping;
  onSaid: (mapping: ImportMapping) => void;
  onSend: (wish: Send) => void;
}) {
  const { t } = useTranslation("imports");
  const { preview } = props;
  const { count, money, day } = useFormat();
  const errorText = useErrorText();
  const [isSkipping, setSkipping] = useState(false);
  const isDirty = preview.dirty_count > 0;
  const ready =
    !preview.already_imported && preview.orders > 0 && (!isDirty || isSkipping) && !props.isReading;
  return (
    <div className={styles.stack} aria-busy={props.isReading}>
      {preview.already_imported && (
        <p className={styles.here} role="status">
          <IconCircleCheck size={20} aria-hidden />
          <span>
            <b>{t("here.title")}</b> {t("here.text")}
          </span>
        </p>
      )}
      <Stats>
        <Stat
          label={t("sum.orders")}
          value={count(preview.orders)}
          note={
            preview.first_date == null || preview.last_date == null
              ? t("sum.noDates")
              : t("sum.dates", {
                  from: `${day(preview.first_date)} ${preview.first_date.slice(0, 4)}`,
                  to: `${day(preview.last_date)} ${preview.last_date.slice(0, 4)}`,
                })
          }
        />
        <Stat label={t("sum.total")} value={money(preview.total_minor)} note={t("sum.totalNote")} />
        <Stat
          label={t("sum.clean")}
          value={count(preview.clean_rows)}
          note={t("sum.of", { rows: count(preview.rows) })}
        />
        <Stat
          label={t("sum.dirty")}
          value={count(preview.dirty_count)}
          note={t(isDirty ? "sum.dirtyNote" : "sum.dirtyNone")}
        />
      </Stats>
      {!preview.already_imported && (
        <Panel>
          {" "}
          <div className={styles.send}>
            {props.error !== null && (
              <p className={styles.problem} role="alert">
                <IconAlertTriangle size={16} aria-hidden /> {errorText(props.error).short}
              </p>
            )}
            {isDirty && (
              <Checkbox
                checked={isSkipping}
                onChange={(event) => setSkipping(event.currentTarget.checked)}
                label={t("dirty.skip", { count: preview.dirty_count })}
              />
            )}
            <div className={styles.sendRow}>
              <p>{preview.orders === 0 ? t("send.nothing") : t("send.text")}</p>
              <Button
                size="md"
                disabled={!ready}
                onClick={() =>
                  props.onSend({
                    fingerprint: preview.fingerprint,
                    mapping: settled(preview.mapping),
                    skip_dirty: isDirty && isSkipping,
                  })
                }
              >
                {t("send.button", { count: preview.orders, shown: count(preview.orders) })}
              </Button>
            </div>
          </div>
        </Panel>
      )}
      {isDirty && (
        <Panel
          title={t("dirty.title", { count: preview.dirty_count })}
          note={
            preview.dirty.length < preview.dirty_count
              ? t("dirty.first", { shown: count(preview.dirty.length) })
              : undefined
          }
        >
          <DirtyRows rows={preview.dirty} />
        </Panel>
      )}
      <Panel title={t("columns.title")} note={t("columns.note")}>
        <Columns
          columns={preview.columns}
          sample={preview.sample}
          mapping={preview.mapping}
          onChange={(field, column) =>
            props.onSaid(assign(withAbsent(preview.mapping, props.said), field, column))
          }
        />
      </Panel>
    </div>
  );
}
