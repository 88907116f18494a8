// What the restaurant's file is asked: its figures, a recording of its statements with their plans, and its indexes.
import { IconHeartbeat } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useRestaurantId } from "../app/queries";
import { Answer } from "../kit/Answer";
import { LinkButton } from "../kit/LinkButton";
import { useFormat } from "../kit/format";
import { PageBody, PageHead, Stat, Stats } from "../kit/Page";
import { SkeletonRows, SkeletonStats } from "../kit/Skeletons";
import { Indexes } from "./Indexes";
import { type FileFigures, fileQueriesQuery } from "./queries";
import { Recording } from "./Recording";
import { Statements } from "./Statements";

export function QueriesPage() {
  const { t } = useTranslation("queries");
  const query = useQuery(fileQueriesQuery(useRestaurantId()));
  return (
    <>
      <PageHead title={t("title")} sub={t("sub")}>
        <LinkButton variant="default" leftSection={<IconHeartbeat size={15} />} to="/engine/health">
          {t("health")}
        </LinkButton>
      </PageHead>
      <PageBody>
        <Answer query={query} skeleton={<Bones />}>
          {({ file, recording_left_s, indexes, statements }) => (
            <>
              <Figures of={file} />
              <Recording
                until_ms={recording_left_s == null ? null : query.dataUpdatedAt + recording_left_s * 1000}
                hasCounted={statements.length > 0}
              />
              <Statements of={statements} isRecording={recording_left_s != null} />
              <Indexes of={indexes} isRecorded={statements.length > 0} />
            </>
          )}
        </Answer>
      </PageBody>
    </>
  );
}

function Figures({ of }: { of: FileFigures }) {
  const { t } = useTranslation("queries");
  const { bytes, count } = useFormat();
  return (
    <Stats>
      <Stat
        label={t("file.size")}
        value={bytes(of.bytes)}
        note={t("file.pages", { pages: count(of.pages), size: bytes(of.page_bytes) })}
      />
      <Stat label={t("file.free")} value={count(of.free_pages)} note={t("file.freeWhy")} />
      <Stat label={t("file.wal")} value={bytes(of.wal_bytes)} note={t("file.walWhy")} />
      <Stat
        label={t("file.readers")}
        value={count(of.readers_lent)}
        note={t("file.readersOf", { count: of.readers_open, max: count(of.readers_max) })}
      />
      <Stat
        label={t("file.writes")}
        value={count(of.writes_waiting)}
        note={t("file.writesOf", { max: count(of.writes_max) })}
      />
    </Stats>
  );
}

function Bones() {
  return (
    <>
      <SkeletonStats count={5} />
      <SkeletonRows rows={6} />
    </>
  );
}
