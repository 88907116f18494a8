// What a page shows when it has nothing to show: empty, error, no permission; and the strip over old figures.
import { Button } from "@mantine/core";
import { IconAlertTriangle, IconCloudOff, IconLock } from "@tabler/icons-react";
import type { ComponentType, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { asApiError } from "../api/errors";
import { useErrorText } from "./errorText";
import { useFormat } from "./format";
import styles from "./kit.module.css";
import { useNow } from "./useNow";

type Icon = ComponentType<{ size?: number; stroke?: number }>;

/** Says what belongs here and gives the one next step. */
export function EmptyState(props: {
  icon: Icon;
  title: string;
  text: ReactNode;
  /** It is all the page has: its title is the page's. */
  isPage?: boolean;
  children?: ReactNode;
}) {
  const Mark = props.icon;
  const Title = props.isPage === true ? "h1" : "h2";
  return (
    <div className={styles.state}>
      <span className={styles.stateIcon} aria-hidden>
        <Mark size={22} stroke={1.6} />
      </span>
      <Title>{props.title}</Title>
      <p>{props.text}</p>
      {props.children !== undefined && <div className={styles.stateActions}>{props.children}</div>}
    </div>
  );
}

/** What went wrong, why, what to do, and the request id to tell a helper. */
export function ErrorState(props: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation();
  const error = asApiError(props.error);
  const text = useErrorText()(error);
  return (
    <div className={styles.state} role="alert">
      <span className={styles.stateIcon} data-tone="bad" aria-hidden>
        {error.code === "unreachable" ? <IconCloudOff size={22} /> : <IconAlertTriangle size={22} />}
      </span>
      <h2>{text.what}</h2>
      <p>{text.why}</p>
      <p>{text.remedy}</p>
      {error.requestId !== null && <code>{t("error.requestId", { id: error.requestId })}</code>}
      {props.onRetry !== undefined && (
        <div className={styles.stateActions}>
          <Button onClick={props.onRetry}>{t("action.retry")}</Button>
        </div>
      )}
    </div>
  );
}

export function NoPermission() {
  const { t } = useTranslation();
  return <EmptyState icon={IconLock} title={t("noPermission.title")} text={t("noPermission.text")} />;
}

/** Over figures that may be old: how old they are and that they heal by themselves. */
export function Stale(props: { asOf_ms: number }) {
  const { t } = useTranslation();
  const now = useNow();
  const { span } = useFormat();
  return (
    <div className={styles.stale} role="status">
      <IconCloudOff size={16} aria-hidden />
      <span className="num">{t("stale", { age: span(now - props.asOf_ms) })}</span>
    </div>
  );
}
