// Whether the engine and what it stands on are well: one sentence, then each part, then the last hour's requests.
import { Button } from "@mantine/core";
import {
  IconDatabaseSearch,
  IconFileText,
  IconHeartbeat,
  IconHourglass,
  IconLifebuoy,
} from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Checkup, HealthPart } from "../api/types";
import { useMay } from "../app/queries";
import { JobsPanel } from "../jobs/JobsPanel";
import { download } from "../kit/download";
import { useComplain } from "../kit/notify";
import { asApiError } from "../api/errors";
import { Answer } from "../kit/Answer";
import { type Format, useFormat } from "../kit/format";
import { guideFor } from "../kit/guide";
import { GuideLink } from "../kit/GuideLink";
import { PageBody, PageHead, Panel } from "../kit/Page";
import { Pill, type Tone } from "../kit/Pill";
import { SkeletonRows, SkeletonStats } from "../kit/Skeletons";
import type words from "../locales/en/health.json";
import { Places } from "../outward/Places";
import styles from "./health.module.css";
import { KeptAnswers } from "./KeptAnswers";
import { LastHour } from "./LastHour";
import { healthQuery } from "./queries";

const tones: Record<HealthPart["status"], Tone> = { ok: "ok", warn: "warn", down: "bad" };

export function HealthPage() {
  const { t } = useTranslation("health");
  const { dateTime } = useFormat();
  const may = useMay();
  const query = useQuery(healthQuery);
  const about = query.data;
  return (
    <>
      <PageHead
        title={t("title")}
        sub={about && t("sub", { version: about.version, since: dateTime(about.started_at_ms) })}
      >
        <Button
          variant="default"
          leftSection={<IconHourglass size={15} />}
          renderRoot={(props) => <Link to="/engine/limits" {...props} />}
        >
          {t("limits")}
        </Button>
        <Button
          variant="default"
          leftSection={<IconDatabaseSearch size={15} />}
          renderRoot={(props) => <Link to="/engine/queries" {...props} />}
        >
          {t("queries")}
        </Button>
        {may("logs.read") && (
          <Button
            variant="default"
            leftSection={<IconFileText size={15} />}
            renderRoot={(props) => <Link to="/logs" search={{ stream: "errors" }} {...props} />}
          >
            {t("errors")}
          </Button>
        )}
        {may("logs.read") && <Bundle />}
      </PageHead>
      <PageBody>
        <Answer query={query} skeleton={<Bones />}>
          {(checkup) => (
            <>
              <Verdict checkup={checkup} />
              <div className={styles.parts}>
                {checkup.parts.map((part) => (
                  <PartCard key={part.name} part={part} />
                ))}
              </div>
              <LastHour checkup={checkup} />
              <KeptAnswers />
              <Places ahead_ms={query.dataUpdatedAt - checkup.now_ms} />
              <JobsPanel />
            </>
          )}
        </Answer>
      </PageBody>
    </>
  );
}

/** Everything somebody who helps needs to see, without secrets and without people; sent nowhere by itself. */
function Bundle() {
  const { t } = useTranslation("health");
  const complain = useComplain();
  const save = useMutation({
    mutationFn: () => download("/api/v1/bundle", "comanda-support.zip"),
    onError: (error) => complain(asApiError(error)),
  });
  return (
    <Button
      variant="default"
      leftSection={<IconLifebuoy size={15} />}
      loading={save.isPending}
      onClick={() => save.mutate()}
    >
      {t("bundle")}
    </Button>
  );
}

/** What is wrong and what to do about it, the worst first. */
function Verdict({ checkup }: { checkup: Checkup }) {
  const { t } = useTranslation("health");
  const troubled = checkup.parts
    .filter((part) => part.error != null)
    .sort((a, b) => Number(b.status === "down") - Number(a.status === "down"));
  return (
    <section className={styles.verdict} data-tone={tones[checkup.status]} aria-label={t("verdict.label")}>
      <IconHeartbeat size={28} stroke={1.6} aria-hidden />
      <div role="status">
        <h2>{t(`verdict.${checkup.status}`, { count: troubled.length })}</h2>
        {troubled.length === 0 ? (
          <p>{t("verdict.okText")}</p>
        ) : (
          <ul>
            {troubled.map(
              ({ name, error }) =>
                error != null && (
                  <li key={name}>
                    <b>{t(`error.${error}.what`)}</b> {t(`error.${error}.todo`)}{" "}
                    <GuideLink chapter={guideFor[error]} />
                  </li>
                ),
            )}
          </ul>
        )}
      </div>
    </section>
  );
}

function PartCard({ part }: { part: HealthPart }) {
  const { t } = useTranslation("health");
  const format = useFormat();
  return (
    <Panel
      title={t(`part.${part.name}`)}
      note={<Pill tone={tones[part.status]}>{t(`status.${part.status}`)}</Pill>}
    >
      <dl className={`${styles.figures} num`}>
        {part.figures.map((figure) => (
          <div key={figure.name}>
            <dt>{t(`figure.${figure.name as keyof typeof words.figure}`)}</dt>
            <dd>{inItsUnit(figure, format)}</dd>
          </div>
        ))}
      </dl>
      <p className={styles.took}>{t("asked", { took: format.took(part.took_us) })}</p>
    </Panel>
  );
}

/** The name of a figure says its unit. */
function inItsUnit({ name, value }: HealthPart["figures"][number], format: Format): string {
  if (name.endsWith("_bytes")) return format.bytes(value);
  if (name.endsWith("_ms")) return format.span(value);
  if (name.endsWith("_us")) return format.took(value);
  if (name.endsWith("_bp")) return format.rate(value);
  return format.count(value);
}

function Bones() {
  return (
    <>
      <SkeletonStats count={1} />
      <SkeletonRows rows={8} />
    </>
  );
}
