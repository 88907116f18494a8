// The menu as a file: handed out, and brought in after a look at what it would do.
import { Button, Checkbox, Group } from "@mantine/core";
import { IconDownload, IconFileImport } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { MenuPreview } from "../api/types";
import { useMay, useRestaurantId } from "../app/queries";
import { Answer } from "../kit/Answer";
import { useErrorText } from "../kit/errorText";
import { useFormat } from "../kit/format";
import { useKeys } from "../kit/keys";
import { say } from "../kit/notify";
import { SkeletonRows } from "../kit/Skeletons";
import { useFileDrop } from "../kit/useFileDrop";
import { Table } from "../kit/Table";
import styles from "./editor.module.css";
import { useBringMenu, useExportMenu } from "./moreCommands";
import { menuPreviewQuery } from "./queries";
import { SendPart } from "./SendPart";

export function FilePane() {
  const { t } = useTranslation("menu");
  const may = useMay();
  const write = useExportMenu();
  return (
    <div className={styles.file}>
      {may("exports.read") && (
        <section className={styles.filePart} aria-label={t("file.outTitle")}>
          <h2>{t("file.outTitle")}</h2>
          <p className={styles.lite}>{t("file.outText")}</p>
          <div>
            <Button
              variant="default"
              leftSection={<IconDownload size={15} />}
              loading={write.isPending}
              onClick={() => write.mutate({})}
            >
              {t("file.out")}
            </Button>
          </div>
        </section>
      )}
      {may("imports.write") && <BringIn />}
      {may("imports.write") && <SendPart />}
    </div>
  );
}

function BringIn() {
  const { t } = useTranslation("menu");
  const [chosen, setChosen] = useState<{ file: File; at: number } | null>(null);
  const drop = useFileDrop(".csv,.gz,text/csv,application/gzip", t("file.choose"), (file) =>
    setChosen({ file, at: Date.now() }),
  );
  useKeys([{ keys: "o", label: t("file.choose"), group: t("title"), run: drop.open }]);
  return (
    <section className={styles.filePart} aria-label={t("file.inTitle")} {...drop.area}>
      <h2>{t("file.inTitle")}</h2>
      <p className={styles.lite}>{t("file.inText")}</p>
      <p className={styles.lite}>
        <code>
          kind, category, item, group, name, price, tax_rate, station, available, min, max, opens, groups,
          allergens, description, image, stock_tracked, colour
        </code>
      </p>
      <div>
        <Button leftSection={<IconFileImport size={15} />} aria-keyshortcuts="o" onClick={drop.open}>
          {t("file.choose")}
        </Button>
      </div>
      {drop.input}
      {chosen !== null && <Look key={chosen.at} chosen={chosen} onDone={() => setChosen(null)} />}
    </section>
  );
}

function Look(props: { chosen: { file: File; at: number }; onDone: () => void }) {
  const query = useQuery(menuPreviewQuery(useRestaurantId(), props.chosen));
  return (
    <Answer query={query} skeleton={<SkeletonRows rows={3} />}>
      {(preview) => <Preview preview={preview} {...props} />}
    </Answer>
  );
}

function Preview(props: { preview: MenuPreview; chosen: { file: File; at: number }; onDone: () => void }) {
  const { t } = useTranslation("menu");
  const { t: common } = useTranslation();
  const { money, count } = useFormat();
  const errorText = useErrorText();
  const { preview, chosen } = props;
  const [skips, setSkips] = useState(false);
  const bring = useBringMenu((brought) => {
    say(t("file.done", { count: brought.items }));
    props.onDone();
  });
  const { categories, groups, items } = preview;
  const changes = [categories, groups, items].reduce((sum, one) => sum + one.new + one.changed, 0);
  return (
    <>
      <p role="status">
        <b>{chosen.file.name}</b>{" "}
        {changes === 0 && preview.dirty_count === 0
          ? t("file.nothing")
          : t("file.would", {
              items: count(items.new),
              changed: count(items.changed),
              categories: count(categories.new),
              groups: count(groups.new + groups.changed),
            })}
      </p>
      {preview.ignored_columns.length > 0 && (
        <p className={styles.lite}>{t("file.ignored", { names: preview.ignored_columns.join(", ") })}</p>
      )}
      {preview.changes.length > 0 && (
        <Table
          label={t("file.changes")}
          className={styles.scroll}
          rows={preview.changes}
          keyOf={(change, at) => `${at} ${change.name}`}
          columns={[
            { head: t("form.name"), wraps: true, cell: (change) => change.name },
            {
              head: t("file.before"),
              isNumber: true,
              cell: ({ price_minor_before }) =>
                price_minor_before == null ? t("file.new") : money(price_minor_before),
            },
            { head: t("file.after"), isNumber: true, cell: (change) => money(change.price_minor) },
          ]}
        />
      )}
      {preview.dirty_count > 0 && (
        <>
          <p className={styles.bad}>{t("file.dirty", { count: preview.dirty_count })}</p>
          <ul className={`${styles.scroll} ${styles.dirty}`} tabIndex={0} aria-label={t("file.dirtyRows")}>
            {preview.dirty.map((row, at) => (
              <li key={at}>
                <b className="num">{t("file.line", { line: count(row.line) })}</b>
                {row.reason}
                <code>{row.raw}</code>
              </li>
            ))}
          </ul>
          <Checkbox
            label={t("file.skip")}
            checked={skips}
            onChange={(event) => setSkips(event.currentTarget.checked)}
          />
        </>
      )}
      {bring.error !== null && (
        <p role="alert" className={styles.bad}>
          {errorText(bring.error).short}
        </p>
      )}
      <Group>
        <Button
          disabled={changes === 0 || (preview.dirty_count > 0 && !skips)}
          loading={bring.isPending}
          onClick={() => bring.mutate({ ...chosen, skip_dirty: skips })}
        >
          {t("file.in")}
        </Button>
        <Button variant="subtle" color="gray" onClick={props.onDone}>
          {common("action.cancel")}
        </Button>
      </Group>
    </>
  );
}
