// A file written elsewhere and fetched through this computer's engine, with how far it is. The engine goes on where a
// line broke off.
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asApiError } from "../api/errors";
import { download } from "../kit/download";
import { say, useComplain } from "../kit/notify";
import { askRun, fileAddress, type Spot, writeFile } from "./queries";

const WATCH_MS = 400;

export interface FetchState {
  step: "writing" | "fetching";
  /** Null: nobody knows how much there is. */
  share: number | null;
  bytes: number;
}

export function useFetched(spot: Spot, name: string): { state: FetchState | null; begin: () => void } {
  const { t } = useTranslation("deployments");
  const complain = useComplain();
  const [state, setState] = useState<FetchState | null>(null);
  const fetchIt = async () => {
    setState({ step: "writing", share: 0, bytes: 0 });
    try {
      let run = await writeFile(spot);
      const { id } = run;
      while (run.state === "running") {
        await new Promise((resolve) => setTimeout(resolve, WATCH_MS));
        run = await askRun(spot, id);
        setState({ step: "writing", share: run.done_permille / 1000, bytes: 0 });
      }
      if (run.state !== "done") {
        say(run.failure ?? t("backups.stopped"));
        return;
      }
      const day = new Date(run.began_ms).toISOString().slice(0, 10);
      const file = `${name.replace(/[^\p{L}\p{N}]+/gu, "-").toLowerCase()}-${day}.comanda`;
      setState({ step: "fetching", share: null, bytes: 0 });
      await download(fileAddress(spot, id), file, (bytes, of) =>
        setState({ step: "fetching", share: of === null ? null : bytes / of, bytes }),
      );
      say(t("backups.fetched", { file }));
    } catch (error) {
      complain(asApiError(error));
    } finally {
      setState(null);
    }
  };
  return { state, begin: () => void fetchIt() };
}
