// The end of a form in a dialog: what went wrong, the way to take the thing away at the left, and to keep it at the right.
import { Button, Group } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ApiError } from "../api/errors";
import { useErrorText } from "./errorText";
import styles from "./kit.module.css";

export function FormFoot(props: {
  /** What a field does not say itself. */
  error: ApiError | null;
  isSaving: boolean;
  /** What the button says; left out: save. */
  save?: string;
  /** Left out: the dialog's own cross is enough. */
  onCancel?: () => void;
  /** Null: there is nothing to take away. */
  remove: { label: string; isRunning?: boolean; run: () => void } | null;
}) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const { error, remove } = props;
  return (
    <>
      {error !== null && (
        <p role="alert" className={styles.formProblem}>
          {errorText(error).short}
        </p>
      )}
      <Group justify="space-between" gap="sm">
        {remove === null ? (
          <span />
        ) : (
          <Button variant="subtle" color="bad" loading={remove.isRunning ?? false} onClick={remove.run}>
            {remove.label}
          </Button>
        )}
        <Group gap="sm">
          {props.onCancel !== undefined && (
            <Button variant="default" onClick={props.onCancel}>
              {t("action.cancel")}
            </Button>
          )}
          <Button type="submit" loading={props.isSaving}>
            {props.save ?? t("action.save")}
          </Button>
        </Group>
      </Group>
    </>
  );
}
