import { Button, Group, Modal, MultiSelect, Select, Tabs, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useRestaurant, useRestaurantId } from "../app/queries";
import type { MenuCategory, MenuItem, ModifierGroup } from "../api/types";
import { useErrorText } from "../kit/errorText";
import { isAmount } from "../kit/format";
import { MoneyInput } from "../kit/Money";
import { say } from "../kit/notify";
import { NumberField } from "../kit/NumberField";
import { isWithin } from "../kit/within";
import { useAddItem, useChangeItem, useRemoveItem } from "./commands";
import { stationsQuery } from "../settings/queries";
import { type Details, DetailsFields } from "./DetailsFields";
import styles from "./menu.module.css";
import {
  AS_CATEGORY,
  chosenStation,
  type MadeAt,
  madeAtChoices,
  NOBODY,
  stationOfCategory,
  stationWish,
} from "./model";
import { type SizeDraft, SizesField } from "./SizesField";

interface Values {
  name: string;
  price_minor: number | null;
  category_id: string;
  tax_percent: number | string;
}

export function ItemForm(props: {
  item: MenuItem | null;
  categories: MenuCategory[];
  groups: ModifierGroup[];
  initialCategory: string | undefined;
  onClose: () => void;
}) {
  const { item, categories } = props;
  const { t } = useTranslation("menu");
  const { t: common } = useTranslation();
  const errorText = useErrorText();
  const defaultRate = useRestaurant()?.default_tax_rate_bp ?? 0;
  const [addingMore, setAddingMore] = useState(false);
  const [removing, setRemoving] = useState(false);
  const [tab, setTab] = useState<string | null>("basics");
  const [sizes, setSizes] = useState<SizeDraft[]>(
    (item?.variants ?? []).map((size, key) => ({ ...size, key })),
  );
  const [groupIds, setGroupIds] = useState<string[]>(item?.group_ids ?? []);
  const [details, setDetails] = useState<Details>({
    description: item?.description ?? "",
    allergens: item?.allergens ?? [],
    image: item?.image ?? "",
    stock_tracked: item?.stock_tracked ?? false,
  });
  const [sizesTried, setSizesTried] = useState(false);
  const form = useForm<Values>({
    initialValues: {
      name: item?.name ?? "",
      price_minor: item?.price_minor ?? null,
      category_id: item?.category_id ?? props.initialCategory ?? categories[0]?.id ?? "",
      tax_percent: (item?.tax_rate_bp ?? defaultRate) / 100,
    },
    validate: {
      name: (value) => (value.trim() === "" ? t("form.nameMissing") : null),
      price_minor: (value) => (sizes.length === 0 && !isAmount(value) ? t("form.priceMissing") : null),
      tax_percent: (value) => (isWithin(value, 0, 100) ? null : t("form.taxMissing")),
    },
  });
  const stations = useQuery(stationsQuery(useRestaurantId())).data?.items ?? [];
  /** Null: nobody has chosen yet, and it follows the category. */
  const [madeAt, setMadeAt] = useState<MadeAt | null>(null);
  const { category_id } = form.values;
  const offered = madeAtChoices(stations, category_id);
  const chosen =
    madeAt !== null && offered.includes(madeAt) ? madeAt : chosenStation(stations, item, category_id);
  const nameOf = (choice: MadeAt) =>
    choice === NOBODY
      ? t("form.nobody")
      : choice === AS_CATEGORY
        ? t("form.asCategory", { name: stationOfCategory(stations, category_id)?.name ?? "" })
        : (stations.find((one) => one.id === choice)?.name ?? "");
  const add = useAddItem((added) => {
    say(t("form.added", { name: added.name }));
    if (!addingMore) return props.onClose();
    form.setValues({ name: "", price_minor: null });
    setSizes([]);
    setDetails({ ...details, description: "", allergens: [], image: "" });
    setTab("basics");
    form.getInputNode("name")?.focus();
  });
  const change = useChangeItem({ quiet: true, onDone: props.onClose });
  const remove = useRemoveItem(() => {
    say(t("form.removed", { name: item?.name ?? "" }));
    props.onClose();
  });
  const failed = add.error ?? change.error ?? remove.error;
  const isTaken = failed?.code === "rule_violated" && failed.field === "name";
  const named = sizes.filter((size) => size.name.trim() !== "");
  const priced = named.flatMap(({ id, name, price_minor, available }) => {
    if (!isAmount(price_minor)) return [];
    const values = { name: name.trim(), price_minor, available };
    return [id === undefined ? values : { ...values, id }];
  });
  const submit = form.onSubmit(
    (values) => {
      setSizesTried(true);
      if (priced.length < named.length) return setTab("choices");
      save(values);
    },
    () => setTab("basics"),
  );
  const save = (values: Values) => {
    const wanted = {
      name: values.name.trim(),
      price_minor: isAmount(values.price_minor)
        ? values.price_minor
        : Math.min(...priced.map((size) => size.price_minor)),
      category_id: values.category_id,
      ...(chosen === null || (madeAt === null && item !== null)
        ? {}
        : stationWish(stations, chosen, item, values.category_id)),
      tax_rate_bp: Math.round(Number(values.tax_percent) * 100),
      variants: priced,
      group_ids: groupIds,
      ...details,
    };
    if (item === null) add.mutate(wanted);
    else change.mutate({ id: item.id, ...wanted });
  };
  return (
    <Modal opened size="lg" onClose={props.onClose} title={item === null ? t("item.add") : item.name}>
      <form onSubmit={submit} className={styles.form} noValidate>
        <Tabs value={tab} onChange={setTab} keepMounted={false}>
          <Tabs.List>
            <Tabs.Tab value="basics">{t("form.basics")}</Tabs.Tab>
            <Tabs.Tab value="choices">{t("form.choices")}</Tabs.Tab>
            <Tabs.Tab value="details">{t("form.details")}</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="basics" className={styles.form} pt="md">
            <TextInput
              data-autofocus
              label={t("form.name")}
              maxLength={120}
              {...form.getInputProps("name")}
              error={form.errors["name"] ?? (isTaken ? t("form.nameTaken") : undefined)}
            />
            <Group grow align="start">
              <MoneyInput
                label={t("form.price")}
                description={named.length > 0 ? t("form.priceOfSizes") : undefined}
                inputWrapperOrder={["label", "input", "description", "error"]}
                disabled={named.length > 0}
                value={form.values.price_minor}
                onChange={(minor) => form.setFieldValue("price_minor", minor)}
                error={form.errors["price_minor"]}
              />
              <NumberField
                label={t("form.tax")}
                min={0}
                max={100}
                decimalScale={2}
                suffix=" %"
                hideControls
                {...form.getInputProps("tax_percent")}
              />
            </Group>
            <Select
              label={t("form.category")}
              data={categories.map((category) => ({ value: category.id, label: category.name }))}
              allowDeselect={false}
              searchable={categories.length > 8}
              {...form.getInputProps("category_id")}
            />
            <Select
              label={t("form.station")}
              data={offered.map((choice) => ({ value: choice, label: nameOf(choice) }))}
              allowDeselect={false}
              disabled={stations.length === 0}
              value={chosen}
              onChange={setMadeAt}
            />
          </Tabs.Panel>
          <Tabs.Panel value="choices" className={styles.form} pt="md">
            <SizesField sizes={sizes} onChange={setSizes} />
            {sizesTried && priced.length < named.length && (
              <p role="alert" className={styles.bad}>
                {t("sizes.priceMissing")}
              </p>
            )}
            <MultiSelect
              label={t("form.groups")}
              description={props.groups.length === 0 ? t("form.noGroups") : t("form.groupsWhy")}
              data={props.groups.map((group) => ({ value: group.id, label: group.name }))}
              value={groupIds}
              onChange={setGroupIds}
              searchable
              clearable
              disabled={props.groups.length === 0}
            />
          </Tabs.Panel>
          <Tabs.Panel value="details" className={styles.form} pt="md">
            <DetailsFields
              details={details}
              onChange={(change) => setDetails((old) => ({ ...old, ...change }))}
            />
          </Tabs.Panel>
        </Tabs>
        {failed !== null && !isTaken && (
          <p role="alert" className={styles.bad}>
            {errorText(failed).short}
          </p>
        )}
        <Group justify="space-between" mt="sm">
          {item === null ? (
            <span />
          ) : removing ? (
            <Group gap="sm">
              <Button
                variant="filled"
                color="bad"
                loading={remove.isPending}
                onClick={() => remove.mutate({ id: item.id })}
              >
                {t("form.removeSure")}
              </Button>
            </Group>
          ) : (
            <Button variant="subtle" color="bad" onClick={() => setRemoving(true)}>
              {t("form.remove")}
            </Button>
          )}
          <Group gap="sm">
            {item === null && (
              <Button
                type="submit"
                variant="default"
                loading={add.isPending && addingMore}
                onClick={() => setAddingMore(true)}
              >
                {t("form.addMore")}
              </Button>
            )}
            <Button
              type="submit"
              loading={(add.isPending && !addingMore) || change.isPending}
              onClick={() => setAddingMore(false)}
            >
              {item === null ? t("form.add") : common("action.save")}
            </Button>
          </Group>
        </Group>
        {removing && <p className={styles.lite}>{t("form.removeWhy")}</p>}
      </form>
    </Modal>
  );
}
