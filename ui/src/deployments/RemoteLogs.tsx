// The logs of another Comanda, read there and asked for only while somebody looks.
import { Button } from "@mantine/core";
import { IconFileSearch } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useRestaurantId } from "../app/queries";
import { LogSearch, type Search } from "../kit/LogSearch";
import { Panel } from "../kit/Page";
import type { Reading } from "../kit/useTail";
import styles from "./deployments.module.css";
import { type Deployment, readRemoteLog } from "./queries";

/** Through two engines and a network: not as often as one's own. */
const LOOK_AGAIN_MS = 3_000;

export function RemoteLogs({ of }: { of: Deployment }) {
  const { t } = useTranslation("deployments");
  const rid = useRestaurantId();
  const [isOpen, setOpen] = useState(false);
  const [search, setSearch] = useState<Search>({});
  const reading = useMemo<Reading>(
    () => ({
      read: (stream, query) => readRemoteLog(rid, of.id, stream, query),
      lookAgain_ms: LOOK_AGAIN_MS,
    }),
    [rid, of.id],
  );
  return (
    <Panel
      title={t("logs.title")}
      note={
        <Button
          size="compact-md"
          variant="default"
          leftSection={<IconFileSearch size={14} />}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          {t(isOpen ? "logs.close" : "logs.open")}
        </Button>
      }
    >
      {isOpen ? (
        <div className={styles.logs}>
          <LogSearch
            reading={reading}
            search={search}
            onSearch={(name, value) => setSearch((known) => ({ ...known, [name]: value }))}
          />
        </div>
      ) : (
        <p className={styles.quiet}>{t("logs.why")}</p>
      )}
    </Panel>
  );
}
