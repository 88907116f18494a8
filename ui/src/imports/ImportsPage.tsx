// Brings in past sales: choose a file, see what it would bring, bring it in whole or not at all. The same file comes
// in once, however often it is sent.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { v7 as uuidv7 } from "uuid";
import { useCommand } from "../api/useCommand";
import type { ImportMapping, ImportResult } from "../api/types";
import { useMay, useRestaurantId } from "../app/queries";
import { useFormat } from "../kit/format";
import { say } from "../kit/notify";
import { PageBody, PageHead } from "../kit/Page";
import { Done } from "./Done";
import { DropZone } from "./DropZone";
import { PastImports } from "./PastImports";
import { Preview } from "./Preview";
import { type Chosen, runsQuery, sendImport } from "./queries";
import { Running } from "./Running";

/** What the engine answers when the import was stopped on the way. */
const STOPPED = "conflict";

interface Wish {
  /** Of file and mapping, as the engine names it. */
  fingerprint: string;
  name: string;
  mapping: ImportMapping;
  skip_dirty: boolean;
}

export function ImportsPage() {
  const { t } = useTranslation("imports");
  const rid = useRestaurantId();
  const may = useMay();
  const { count, money } = useFormat();
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [result, setResult] = useState<ImportResult | null>(null);
  const command = useCommand<Wish, ImportResult>({
    name: "imports.send",
    run: ({ name, mapping, skip_dirty }, key) => {
      if (chosen === null) throw new Error("an import begins with a file");
      return sendImport(rid, chosen.file, { ...mapping, skip_dirty, name }, key);
    },
    // Also when the person has gone to another page meanwhile.
    onDone: (answer, wish) => {
      setResult(answer);
      setChosen(null);
      say(
        answer.created
          ? t("done.short", { orders: count(answer.orders), amount: money(answer.total_minor) })
          : t("done.hereAlready", { name: wish.name }),
      );
    },
    onFailed: (error, wish) => {
      if (error.code === STOPPED) say(t("running.stopped", { name: wish.name }));
    },
  });
  const runs = useQuery(runsQuery(rid, command.isPending)).data ?? [];
  const choose = (file: File) => {
    command.reset();
    setResult(null);
    setChosen({ file, at: Number.parseInt(uuidv7().slice(0, 8), 16) });
  };
  return (
    <>
      <PageHead title={t("title")} sub={t("sub")} />
      <PageBody>
        {result !== null && <Done result={result} onAgain={() => setResult(null)} />}
        {runs.map((run) => (
          <Running key={run.id} name={run.name} run={run} />
        ))}
        {command.isPending && chosen !== null ? (
          runs.length === 0 && <Running name={chosen.file.name} />
        ) : chosen !== null ? (
          <Preview
            key={chosen.at}
            chosen={chosen}
            error={command.error?.code === STOPPED ? null : command.error}
            onLeave={() => setChosen(null)}
            onSend={(wish) => command.mutate({ ...wish, name: chosen.file.name })}
          />
        ) : (
          result === null && may("imports.write") && <DropZone onFile={choose} />
        )}
        <PastImports />
      </PageBody>
    </>
  );
}
