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
      <div className={styles.scroll} role="region" aria-label={t("kept.title")} tabIndex={0}>
        <table className={`${styles.kept} num`}>
          <thead>
            <tr>
              <th scope="col">{t("kept.about")}</th>
              <th scope="col">{t("kept.share")}</th>
              <th scope="col">{t("kept.given")}</th>
              <th scope="col">{t("kept.made")}</th>
              <th scope="col">{t("kept.entries")}</th>
              <th scope="col">{t("kept.size")}</th>
              {may("health.write") && <td />}
            </tr>
          </thead>
          <tbody>
            {cache.tags.map((row) => (
              <tr key={row.tag}>
                <th scope="row">{t(`kept.tag.${row.tag}`)}</th>
                <td>{share(row)}</td>
                <td>{count(row.hits)}</td>
                <td>{count(row.made)}</td>
                <td>{count(row.entries)}</td>
                <td>{bytes(row.bytes)}</td>
                {may("health.write") && (
                  <td>
                    <Button
                      size="compact-sm"
                      variant="subtle"
                      aria-label={t("kept.clearTag", { what: t(`kept.tag.${row.tag}`) })}
                      disabled={row.entries === 0}
                      onClick={() => clear.mutate({ tag: row.tag })}
                    >
                      {t("kept.clear")}
                    </Button>
                  </td>
                )}
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">{t("kept.all")}</th>
              <td>{share(cache)}</td>
              <td>{count(cache.hits)}</td>
              <td>{count(cache.made)}</td>
              <td>{count(cache.entries)}</td>
              <td>{t("kept.of", { part: bytes(cache.bytes), whole: bytes(cache.bytes_max) })}</td>
              {may("health.write") && (
                <td>
                  <Button
                    size="compact-sm"
                    variant="default"
                    leftSection={<IconEraser size={14} />}
                    loading={clear.isPending}
                    onClick={() => clear.mutate({ tag: null })}
                  >
                    {t("kept.clearAll")}
                  </Button>
                </td>
              )}
            </tr>
          </tfoot>
        </table>
      </div>
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
