import { Button, Group } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import type { SetupState } from "../api/types";
import { useCommand } from "../api/useCommand";
import { beginAt } from "../app/first-page";
import { setupQuery } from "../app/queries";
import { keepSetupToken, startSession } from "../app/session";
import { useErrorText } from "../kit/errorText";
import styles from "./first-run.module.css";
import {
  customsOf,
  guessCurrency,
  placeOf,
  requestOf,
  type Step,
  steps,
  type Values,
  wrongInStep,
} from "./model";
import { MoneyStep, OwnerStep, RestaurantStep, StartStep } from "./steps";

const parts = { restaurant: RestaurantStep, money: MoneyStep, owner: OwnerStep, start: StartStep };

function firstValues(setup: SetupState, language: string): Values {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const time_zone = setup.time_zones.includes(zone)
    ? zone
    : (setup.time_zones.find((one) => one.startsWith("Europe/")) ?? "UTC");
  const currency = guessCurrency(time_zone, setup.currencies);
  return {
    name: "",
    locale: setup.locales.find((locale) => locale === language) ?? "en",
    time_zone,
    currency,
    ...customsOf(currency),
    day_cutoff_minute: "240",
    owner_name: "",
    email: "",
    password: "",
    start: "demo",
    demo_orders: 2000,
  };
}

export function FirstRunForm(props: {
  setup: SetupState;
  token: string;
  step: Step;
  onStep: (step: Step) => void;
}) {
  const { setup, token, step, onStep } = props;
  const { t, i18n } = useTranslation("first-run");
  const { t: common } = useTranslation();
  const errorText = useErrorText();
  const queryClient = useQueryClient();
  const box = useRef<HTMLFormElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const form = useForm<Values>({ initialValues: firstValues(setup, i18n.language) });
  const at = steps.indexOf(step);

  // Each step begins at its first field.
  useEffect(() => {
    const field = heading.current?.parentElement?.querySelector<HTMLElement>(
      "input:not([type=hidden]), button",
    );
    field?.focus();
  }, [step]);

  const start = useCommand({
    name: "setup",
    secret: true,
    run: (values: Values, key) =>
      ask(
        api.POST("/api/v1/setup", {
          params: { header: { "Idempotency-Key": key } },
          headers: { authorization: `Bearer ${token}` },
          body: requestOf(values),
        }),
      ),
    onDone: (answer, values) => {
      keepSetupToken(null);
      queryClient.setQueryData(setupQuery.queryKey, (old) =>
        old === undefined ? old : { ...old, needed: false },
      );
      // The page below goes to the start as soon as somebody is signed in; the start goes on from there.
      if (values.start === "import") beginAt("/imports");
      startSession(answer.token, answer.restaurant_id);
    },
    onFailed: (error) => {
      const place = placeOf(error.field);
      if (place === null) return;
      form.setFieldError(place.field, error.message);
      onStep(place.step);
    },
  });

  const next = () => {
    const wrong = wrongInStep(step, form.values);
    form.setErrors(Object.fromEntries(wrong.map(([field, what]) => [field, t(`wrong.${what}`)])));
    if (wrong.length > 0) {
      requestAnimationFrame(() => box.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
      return;
    }
    const following = steps[at + 1];
    if (following !== undefined) onStep(following);
    else start.mutate(form.values);
  };
  const Part = parts[step];
  const failed = start.error !== null && placeOf(start.error.field) === null ? errorText(start.error) : null;
  return (
    <form
      ref={box}
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        next();
      }}
    >
      <div className={styles.count}>{t("count", { at: at + 1, of: steps.length })}</div>
      <h2 ref={heading}>{t(`${step}.title`)}</h2>
      <p className={styles.lead}>{t(`${step}.lead`)}</p>
      <Part form={form} setup={setup} />
      {failed !== null && (
        <div role="alert" className={styles.failed}>
          <b>{failed.what}.</b> {failed.why} {failed.remedy}
        </div>
      )}
      <Group justify="space-between" mt="lg">
        {at > 0 ? (
          <Button
            variant="default"
            size="md"
            disabled={start.isPending}
            onClick={() => onStep(steps[at - 1] ?? "restaurant")}
          >
            {common("action.back")}
          </Button>
        ) : (
          <span />
        )}
        <Button type="submit" size="md" loading={start.isPending}>
          {step === "start"
            ? t(`open.${form.values.start}`, { name: form.values.name.trim() })
            : common("action.next")}
        </Button>
      </Group>
      {start.isPending && (
        <p role="status" className={styles.wait}>
          {form.values.start === "demo" ? t("cooking") : t("opening")}
        </p>
      )}
    </form>
  );
}
