// A run while it goes: what was asked and what came of it, and the one button that ends it.
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { asApiError } from "../api/errors";
import { useRestaurantId } from "../app/queries";
import { useFormat } from "../kit/format";
import { KeyCaps } from "../kit/KeyCaps";
import { useKeys } from "../kit/keys";
import { useComplain } from "../kit/notify";
import { PageBody, PageHead, Stat, Stats } from "../kit/Page";
import { useNow } from "../kit/useNow";
import { Charts } from "./Charts";
import { clock, ms } from "./model";
import { type Going, stopRun } from "./queries";
import { KINDS } from "./types";

/** The last seconds that a figure is of. */
const OVER_S = 5;

export function Live({ going }: { going: Going }) {
  const { t } = useTranslation("loads");
  const { count, percent } = useFormat();
  const rid = useRestaurantId();
  const complain = useComplain();
  const now = useNow(1_000);
  const stop = useMutation({
    mutationFn: () => stopRun(rid, going.id),
    onError: (error) => complain(asApiError(error)),
  });
  const stopping = going.stopping || stop.isPending;
  useKeys([
    { keys: "Escape", label: t("live.stop"), group: t("title"), run: () => !stopping && stop.mutate() },
  ]);
  const last = going.windows.slice(-OVER_S);
  const sum = (of: (w: (typeof last)[number]) => number) => last.reduce((all, w) => all + of(w), 0);
  const mean = (of: (w: (typeof last)[number]) => number) => (last.length === 0 ? 0 : sum(of) / last.length);
  const worst = (of: (w: (typeof last)[number]) => number) => Math.max(0, ...last.map(of));
  const asked = mean((w) => w.asked);
  const begun = mean((w) => w.begun);
  const behind = asked > 0 ? (asked - begun) / asked : 0;
  const errors = KINDS.flatMap((kind, index) => {
    const times = going.windows.reduce((all, w) => all + (w.errors_by_kind[index] ?? 0), 0);
    return times === 0 ? [] : [`${count(times)} × ${kind}`];
  });
  const requests = going.windows.reduce((all, w) => all + w.requests, 0);
  const failed = going.windows.reduce((all, w) => all + w.errors, 0);
  const at = Math.min(going.for_s, (now - going.began_ms) / 1000);
  return (
    <>
      <PageHead
        title={going.plan}
        sub={
          <>
            {t("live.sub", {
              target: going.target,
              at: clock(at),
              of: clock(going.for_s),
              name: going.by_name,
            })}
            {". "}
            {stopping ? `${t("live.stopping")}.` : going.begun ? t("live.left") : `${t("live.preparing")}.`}
          </>
        }
      >
        <Button
          color="bad"
          disabled={stopping}
          onClick={() => stop.mutate()}
          rightSection={<KeyCaps keys="Escape" />}
        >
          {t("live.stop")}
        </Button>
      </PageHead>
      <PageBody>
        <Stats>
          <Stat
            label={t("live.perSecond")}
            value={count(Math.round(mean((w) => w.requests)))}
            note={
              going.is_closed
                ? t("live.usersNow", { count: Math.round(asked) })
                : `${t("live.asked", { rate: count(Math.round(asked)) })} · ${
                    behind > 0.02 ? t("live.behind", { percent: percent(behind) }) : t("live.onTime")
                  }`
            }
          />
          <Stat
            label={t("live.p95")}
            value={`${count(ms(worst((w) => w.p95_ms)))} ms`}
            note={t("live.p99", { ms: count(ms(worst((w) => w.p99_ms))) })}
          />
          <Stat
            label={t("live.errors")}
            value={percent(requests === 0 ? 0 : failed / requests)}
            note={errors.length === 0 ? t("live.noErrors") : errors.join(", ")}
          />
          <Stat
            label={t("live.generator")}
            value={t("live.cpu", { percent: percent(Math.round(mean((w) => w.cpu) * 100) / 100) })}
            note={t("live.lag", { ms: count(ms(worst((w) => w.lag_ms))) })}
          />
        </Stats>
        <Charts windows={going.windows} isClosed={going.is_closed} until={going.for_s} />
      </PageBody>
    </>
  );
}
