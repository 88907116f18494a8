// One restaurant more for whoever has one: the same first two steps, begun as the one in view is.
import { Button, Group } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useRouter } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api, ask } from "../api/client";
import type { Restaurant, SetupState } from "../api/types";
import { useCommand } from "../api/useCommand";
import { meQuery, setupQuery, useRestaurant } from "../app/queries";
import { chooseRestaurant } from "../app/session";
import { Answer } from "../kit/Answer";
import { useErrorText } from "../kit/errorText";
import { PageBody, PageHead, Panel } from "../kit/Page";
import { say } from "../kit/notify";
import { SkeletonPage } from "../kit/Skeletons";
import styles from "./first-run.module.css";
import { placeOf, restaurantOf, type Values, wrongInStep } from "./model";
import { MoneyStep, RestaurantStep } from "./steps";

export function AddRestaurantPage() {
  const setup = useQuery(setupQuery);
  const like = useRestaurant();
  return (
    <Answer query={setup} skeleton={<SkeletonPage />}>
      {(state) => (like === undefined ? <SkeletonPage /> : <Form setup={state} like={like} />)}
    </Answer>
  );
}

const valuesLike = (like: Restaurant): Values => ({
  name: "",
  locale: like.locale,
  time_zone: like.time_zone,
  currency: like.currency,
  tax_mode: like.tax_mode,
  tax_percent: like.default_tax_rate_bp / 100,
  day_cutoff_minute: String(like.day_cutoff_minute),
  owner_name: "",
  email: "",
  password: "",
  start: "empty",
  demo_orders: 1,
});

function Form({ setup, like }: { setup: SetupState; like: Restaurant }) {
  const { t } = useTranslation("first-run");
  const { t: common } = useTranslation();
  const errorText = useErrorText();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const router = useRouter();
  const form = useForm<Values>({ initialValues: valuesLike(like) });
  const add = useCommand({
    name: "chain.add_restaurant",
    run: (values: Values, key) =>
      ask(
        api.POST("/api/v1/restaurants", {
          params: { header: { "Idempotency-Key": key } },
          body: { restaurant: restaurantOf(values) },
        }),
      ),
    onDone: async (answer, values) => {
      await queryClient.invalidateQueries({ queryKey: meQuery.queryKey });
      chooseRestaurant(answer.restaurant_id);
      say(t("another.done", { name: values.name.trim() }));
      await navigate({ to: "/menu" });
    },
    onFailed: (error) => {
      const place = placeOf(error.field);
      if (place !== null) form.setFieldError(place.field, error.message);
    },
  });
  const submit = () => {
    const wrong = [...wrongInStep("restaurant", form.values), ...wrongInStep("money", form.values)];
    form.setErrors(Object.fromEntries(wrong.map(([field, what]) => [field, t(`wrong.${what}`)])));
    if (wrong.length === 0) add.mutate(form.values);
  };
  const failed = add.error !== null && placeOf(add.error.field) === null ? errorText(add.error) : null;
  return (
    <>
      <PageHead title={t("another.title")} sub={t("another.lead")} />
      <PageBody narrow>
        <form
          className={styles.another}
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
        >
          <Panel title={t("restaurant.title")}>
            <div className={styles.fields}>
              <RestaurantStep form={form} setup={setup} />
            </div>
          </Panel>
          <Panel title={t("money.title")}>
            <div className={styles.fields}>
              <MoneyStep form={form} setup={setup} />
            </div>
          </Panel>
          {failed !== null && (
            <div role="alert" className={styles.failed}>
              <b>{failed.what}.</b> {failed.why} {failed.remedy}
            </div>
          )}
          <Group justify="space-between">
            <Button variant="default" size="md" onClick={() => router.history.back()}>
              {common("action.cancel")}
            </Button>
            <Button type="submit" size="md" loading={add.isPending}>
              {t("another.add")}
            </Button>
          </Group>
        </form>
      </PageBody>
    </>
  );
}
