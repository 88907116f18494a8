// One run: live while it goes, its report afterwards. It goes on in the engine when the page is left.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useRestaurantId } from "../app/queries";
import { Answer } from "../kit/Answer";
import { say } from "../kit/notify";
import { PageBody } from "../kit/Page";
import { SkeletonPage } from "../kit/Skeletons";
import { Live } from "./Live";
import type { Go } from "./LoadsPage";
import { runQuery } from "./queries";
import { Report } from "./Report";

export function RunPage({ id, onGo }: { id: string; onGo: Go }) {
  const { t } = useTranslation("loads");
  const query = useQuery(runQuery(useRestaurantId(), id, useQueryClient()));
  const wasGoing = useRef(false);
  const run = query.data?.run;
  useEffect(() => {
    if (query.data?.going != null) wasGoing.current = true;
    if (run != null && wasGoing.current) {
      wasGoing.current = false;
      const outcome = (["finished", "stopped", "stopped_itself"] as const).find((one) => one === run.outcome);
      say(`${run.plan}: ${t(`report.${outcome ?? "failed"}`)}`);
    }
  }, [query.data, run, t]);
  return (
    <Answer
      query={query}
      skeleton={
        <PageBody>
          <SkeletonPage />
        </PageBody>
      }
    >
      {(view) =>
        view.going !== null ? (
          <Live going={view.going} />
        ) : view.run !== null ? (
          <Report run={view.run} summary={view.summary} onGo={onGo} />
        ) : null
      }
    </Answer>
  );
}
