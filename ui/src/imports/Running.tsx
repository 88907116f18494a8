// While the engine writes: what it does and for how long. It is one answer, so there is no share of it to show.
import { Progress } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "../kit/format";
import { Panel } from "../kit/Page";
import { useNow } from "../kit/useNow";
import styles from "./imports.module.css";

export function Running(props: { file: File }) {
  const { t } = useTranslation("imports");
  const { span } = useFormat();
  const now = useNow(500);
  const [began_ms] = useState(() => Date.now());
  return (
    <Panel>
      <div className={styles.running} role="status">
        <h2>{t("running.title", { name: props.file.name })}</h2>
        <Progress value={100} animated striped aria-label={t("running.label")} />
        <p className="num">{t("running.text", { age: span(now - began_ms) })}</p>
      </div>
    </Panel>
  );
}
