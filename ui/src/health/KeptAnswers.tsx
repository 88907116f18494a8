// Answers kept ready: how many questions they spare, by what they are about; those on disk, for the time after a
// start; and letting go of them.
import { Button } from "@mantine/core";
import { IconEraser } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import type { CacheFigures, CacheTag } from "../api/types";
import { useCommand } from "../api/useCommand";
import { useMay } from "../app/queries";
import { useFormat } from "../kit/format";
import { say, useComplain } from "../kit/notify";
import { Panel } from "../kit/Page";
import { Pill } from "../kit/Pill";
import { Table } from "../kit/Table";
import styles from "./health.module.css";
import { cacheQuery } from "./queries";

export function KeptAnswers() {
  const { t } = useTranslation("health");
  const { bytes, count, rate } = useFormat();
  const may = useMay();
  const queryClient = useQueryClient();
  const { data: cache } = useQuery(cacheQuery);
  const clear = useCommand({
    name: "cache.clear",
    run: ({ tag }: { tag: CacheTag | null }) =>
      ask(api.DELETE("/api/v1/cache", { params: { query: tag === null ? {} : { tag } } })),
    onDone: (_, { tag }) => {
      say(tag === null ? t("kept.clearedAll") : t("kept.cleared", { what: t(`kept.tag.${tag}`) }));
      void queryClient.invalidateQueries({ queryKey: ["health"] });
    },
    onFailed: useComplain(),
  });
  if (cache === undefined) return null;
  const share = ({ hits, made, hit_rate_bp }: { hits: number; made: number; hit_rate_bp: number }) =>
    hits + made === 0 ? t("kept.none") : rate(hit_rate_bp);
  return (
    <Panel title={t("kept.title")} note={<OnDisk disk={cache.disk} />}>
      <p className={styles.why}>{t("kept.why")}</p>
      <Table
        label={t("kept.title")}
        rows={cache.tags}
        keyOf={(row) => row.tag}
        columns={[
          { head: t("kept.about"), cell: (row) => t(`kept.tag.${row.tag}`), foot: t("kept.all") },
          { head: t("kept.share"), isNumber: true, cell: share, foot: share(cache) },
          {
            head: t("kept.given"),
            isNumber: true,
            isMinor: true,
            cell: (row) => count(row.hits),
            foot: count(cache.hits),
          },
          {
            head: t("kept.made"),
            isNumber: true,
            isMinor: true,
            cell: (row) => count(row.made),
            foot: count(cache.made),
          },
          {
            head: t("kept.entries"),
            isNumber: true,
            isMinor: true,
            cell: (row) => count(row.entries),
            foot: count(cache.entries),
          },
          {
            head: t("kept.size"),
            isNumber: true,
            cell: (row) => bytes(row.bytes),
            foot: t("kept.of", { part: bytes(cache.bytes), whole: bytes(cache.bytes_max) }),
          },
          may("health.write") && {
            head: null,
            cell: (row) => (
              <Button
                size="compact-sm"
                variant="subtle"
                aria-label={t("kept.clearTag", { what: t(`kept.tag.${row.tag}`) })}
                disabled={row.entries === 0}
                onClick={() => clear.mutate({ tag: row.tag })}
              >
                {t("kept.clear")}
              </Button>
            ),
            foot: (
              <Button
                size="compact-sm"
                variant="default"
                leftSection={<IconEraser size={14} />}
                loading={clear.isPending}
                onClick={() => clear.mutate({ tag: null })}
              >
                {t("kept.clearAll")}
              </Button>
            ),
          },
        ]}
      />
      {cache.disk != null && cache.disk.state === "on" && cache.disk.entries > 0 && (
        <p className={styles.took}>
          {t("kept.disk.figures", {
            count: cache.disk.entries,
            size: bytes(cache.disk.bytes),
            given: count(cache.disk.given),
          })}
        </p>
      )}
    </Panel>
  );
}

function OnDisk({ disk }: { disk: CacheFigures["disk"] }) {
  const { t } = useTranslation("health");
  if (disk == null) return null;
  const tone = disk.state === "on" ? "ok" : "mute";
  return <Pill tone={tone}>{t(`kept.disk.${disk.state}`)}</Pill>;
}
