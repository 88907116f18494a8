// Three programs in three languages, to be copied and run.
import { SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { useMay, useRestaurantId } from "../app/queries";
import { CopyButton, CopyStatus } from "../kit/CopyButton";
import { Panel } from "../kit/Page";
import { useCopy } from "../kit/useCopy";
import { menuQuery } from "../menu/queries";
import styles from "./developers.module.css";
import { programOrigin } from "./origin";
import { files, type Language, LANGUAGES, plainItem, sample, type Step, STEPS } from "./samples";

const route = getRouteApi("/shell/developers");
/** What a key has to be for. */
const scopes: Record<Step, string> = { list: "orders.read", open: "orders.write", follow: "orders.read" };
const names: Record<Language, string> = { curl: "curl", python: "Python", javascript: "JavaScript" };

export function FirstSteps() {
  const { t } = useTranslation("developers");
  const restaurant = useRestaurantId();
  const may = useMay();
  const wish = route.useSearch().in;
  const navigate = route.useNavigate();
  const language = LANGUAGES.find((one) => one === wish) ?? "curl";
  const menu = useQuery({ ...menuQuery(restaurant), enabled: may("menu.read") }).data;
  const item = menu === undefined ? null : plainItem(menu);
  const place = { origin: programOrigin(), restaurant, item: item?.id ?? null };
  return (
    <Panel title={t("steps.title")}>
      <div className={styles.choice}>
        <p>{t("steps.key")}</p>
        <SegmentedControl
          aria-label={t("steps.language")}
          value={language}
          onChange={(value) =>
            void navigate({ search: value === "curl" ? {} : { in: value }, replace: true })
          }
          data={LANGUAGES.map((value) => ({ value, label: names[value] }))}
        />
      </div>
      <Code label={t("steps.keyLabel")} text={'export COMANDA_KEY="ck_…"'} />
      <ol className={styles.steps}>
        {STEPS.map((step) => (
          <li key={step}>
            <h3>{t(`steps.${step}.title`)}</h3>
            <p>
              {step === "follow" ? t(`steps.follow.${language}`) : t(`steps.${step}.text`)}
              {step === "open" && item !== null && ` ${t("steps.open.item", { item: item.name })}`}
            </p>
            <p className={styles.small}>
              {t("steps.needs")} <code>{scopes[step]}</code> · {t("steps.run")}{" "}
              <code>
                {files[language].run} {step}.{files[language].ending}
              </code>
            </p>
            <Code
              key={language}
              label={t("steps.code", { step: t(`steps.${step}.title`), language: names[language] })}
              text={sample(language, step, place)}
            />
          </li>
        ))}
      </ol>
    </Panel>
  );
}

function Code({ label, text }: { label: string; text: string }) {
  const { t } = useTranslation("developers");
  const shown = useRef<HTMLPreElement>(null);
  const [copied, copy] = useCopy(shown);
  return (
    <div className={styles.code}>
      <pre ref={shown} tabIndex={0} role="region" aria-label={label}>
        {text}
      </pre>
      <CopyButton
        size="compact-sm"
        copied={copied}
        aria-label={t("steps.copyOf", { what: label })}
        onCopy={() => void copy(text)}
      />
      <CopyStatus copied={copied} />
    </div>
  );
}
