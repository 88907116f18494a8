// What a new key may do: nothing until somebody says so.
import { Button, Checkbox } from "@mantine/core";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { Permission } from "../api/types";
import styles from "./api-keys.module.css";
import { byPart, onlyReading, useScopeWords } from "./scopes";

export function ScopeChoice(props: {
  of: Permission[];
  on: Permission[];
  error: string | undefined;
  onChange: (on: Permission[]) => void;
}) {
  const { of, on } = props;
  const { t } = useTranslation("api-keys");
  const words = useScopeWords();
  const problem = useId();
  const put = (scope: Permission, isOn: boolean) =>
    props.onChange(of.filter((one) => (one === scope ? isOn : on.includes(one))));
  return (
    <fieldset className={styles.choice} aria-describedby={props.error === undefined ? undefined : problem}>
      <legend>{t("form.scopes")}</legend>
      <div className={styles.short}>
        <Button size="xs" variant="default" onClick={() => props.onChange(onlyReading(of))}>
          {t("form.onlyReading")}
        </Button>
        <Button size="xs" variant="default" disabled={on.length === 0} onClick={() => props.onChange([])}>
          {t("form.nothing")}
        </Button>
        <span className="num" role="status">
          {t("someOf", { some: on.length, all: of.length })}
        </span>
      </div>
      {props.error !== undefined && (
        <p id={problem} role="alert" className={styles.problem}>
          {props.error}
        </p>
      )}
      <div className={styles.parts}>
        {byPart(of).map(({ part, scopes }) => (
          <div key={part} role="group" aria-label={words.part(part)}>
            <b aria-hidden>{words.part(part)}</b>
            {scopes.map((scope) => (
              <Checkbox
                key={scope}
                size="sm"
                label={words.scope(scope)}
                title={scope}
                checked={on.includes(scope)}
                onChange={(event) => put(scope, event.currentTarget.checked)}
              />
            ))}
          </div>
        ))}
      </div>
    </fieldset>
  );
}
