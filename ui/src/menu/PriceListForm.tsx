import { Button, Modal, Select, Switch, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Menu, PriceList, PriceListInput } from "../api/types";
import { Chips } from "../kit/Chips";
import { DAYS, dateOf } from "../kit/days";
import { isAmount, useFormat } from "../kit/format";
import { FormFoot } from "../kit/FormFoot";
import { MoneyInput } from "../kit/Money";
import { NumberField } from "../kit/NumberField";
import { isWithin } from "../kit/within";
import { say } from "../kit/notify";
import styles from "./editor.module.css";
import form from "./menu.module.css";
import { plain } from "../kit/plain";
import { clockOf, minuteOf } from "./model";
import { usePutPriceList, useRemovePriceList } from "./moreCommands";

/** More rows than this nobody reads; a few letters find the rest. */
const SHOWN_MAX = 120;
const PRIORITY_MIN = -100;
const PRIORITY_MAX = 100;

interface Sold {
  key: string;
  item_id: string;
  variant_id: string | null;
  name: string;
  category_id: string;
  usual: number;
}

function soldOf(menu: Menu): Sold[] {
  return menu.categories.flatMap((category) =>
    category.items.flatMap((item): Sold[] => {
      const base = { item_id: item.id, category_id: category.id };
      if (item.variants.length === 0)
        return [{ ...base, key: item.id, variant_id: null, name: item.name, usual: item.price_minor }];
      return item.variants.map((size) => ({
        ...base,
        key: `${item.id}/${size.id}`,
        variant_id: size.id,
        name: `${item.name}, ${size.name}`,
        usual: size.price_minor,
      }));
    }),
  );
}

export function PriceListForm(props: { list: PriceList | null; menu: Menu; onClose: () => void }) {
  const { list, menu } = props;
  const { t } = useTranslation("menu");
  const { t: common } = useTranslation();
  const { money, weekday } = useFormat();
  const [name, setName] = useState(list?.name ?? "");
  const [days, setDays] = useState<number[]>(list?.days ?? []);
  const [from, setFrom] = useState(list?.from_minute == null ? "" : clockOf(list.from_minute));
  const [to, setTo] = useState(list?.to_minute == null ? "" : clockOf(list.to_minute));
  const [fromDate, setFromDate] = useState(list?.from_date ?? "");
  const [toDate, setToDate] = useState(list?.to_date ?? "");
  const [priority, setPriority] = useState<number | string>(list?.priority ?? 0);
  const [paused, setPaused] = useState(list?.paused ?? false);
  const [prices, setPrices] = useState<Record<string, number>>(() =>
    Object.fromEntries(
      (list?.prices ?? []).map((one) => [
        one.variant_id == null ? one.item_id : `${one.item_id}/${one.variant_id}`,
        one.price_minor,
      ]),
    ),
  );
  const [q, setQ] = useState("");
  const [category, setCategory] = useState<string | null>(null);
  const [off, setOff] = useState<number | string>(20);
  const [tried, setTried] = useState(false);
  const put = usePutPriceList(list?.id ?? null, props.onClose);
  const remove = useRemovePriceList(() => {
    say(t("lists.removed", { name: list?.name ?? "" }));
    props.onClose();
  });
  const failed = put.error ?? remove.error;
  const all = soldOf(menu);
  const wanted = plain(q).trim();
  const rows = all.filter(
    (one) =>
      (category === null || one.category_id === category) &&
      (wanted === "" || plain(one.name).includes(wanted)),
  );
  const setPrice = (key: string, minor: number | null) =>
    setPrices((old) => {
      const entries = Object.entries(old).filter(([other]) => other !== key);
      return Object.fromEntries(minor === null ? entries : [...entries, [key, minor]]);
    });
  const fill = () =>
    setPrices((old) => ({
      ...old,
      ...Object.fromEntries(
        rows.map((one) => [one.key, Math.round((one.usual * (100 - Number(off))) / 100)]),
      ),
    }));
  const unread = all.find((one) => !isAmount(prices[one.key] ?? 0));
  const isGood =
    name.trim() !== "" &&
    (from === "") === (to === "") &&
    unread === undefined &&
    (priority === "" || isWithin(priority, PRIORITY_MIN, PRIORITY_MAX));
  const submit = () => {
    setTried(true);
    if (!isGood) return;
    const body: PriceListInput = {
      name: name.trim(),
      days,
      priority: Number(priority) || 0,
      paused,
      prices: all.flatMap((one) => {
        const price_minor = prices[one.key];
        if (price_minor === undefined) return [];
        return [
          {
            item_id: one.item_id,
            price_minor,
            ...(one.variant_id === null ? {} : { variant_id: one.variant_id }),
          },
        ];
      }),
    };
    const [from_minute, to_minute] = [minuteOf(from), minuteOf(to)];
    if (from_minute !== null && to_minute !== null) Object.assign(body, { from_minute, to_minute });
    if (fromDate !== "") body.from_date = fromDate;
    if (toDate !== "") body.to_date = toDate;
    put.mutate(body);
  };
  return (
    <Modal opened size="lg" onClose={props.onClose} title={list === null ? t("lists.add") : list.name}>
      <form
        className={form.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <TextInput
          data-autofocus
          label={t("form.name")}
          placeholder={t("lists.example")}
          maxLength={120}
          value={name}
          error={tried && name.trim() === "" ? t("lists.nameMissing") : null}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <fieldset className={styles.rows}>
          <legend>{t("lists.days")}</legend>
          <Chips of={DAYS} name={(day) => weekday(dateOf(day))} on={days} onChange={setDays} />
          {days.length === 0 && <p className={styles.lite}>{t("lists.noDay")}</p>}
        </fieldset>
        <div className={styles.two}>
          <TextInput
            type="time"
            label={t("lists.from")}
            value={from}
            error={tried && from === "" && to !== "" ? t("lists.bothTimes") : null}
            onChange={(event) => setFrom(event.currentTarget.value)}
          />
          <TextInput
            type="time"
            label={t("lists.to")}
            description={from !== "" && to !== "" && to <= from ? t("lists.dayAfter") : undefined}
            inputWrapperOrder={["label", "input", "description", "error"]}
            value={to}
            error={tried && to === "" && from !== "" ? t("lists.bothTimes") : null}
            onChange={(event) => setTo(event.currentTarget.value)}
          />
          <TextInput
            type="date"
            label={t("lists.fromDate")}
            value={fromDate}
            onChange={(event) => setFromDate(event.currentTarget.value)}
          />
          <TextInput
            type="date"
            label={t("lists.toDate")}
            value={toDate}
            onChange={(event) => setToDate(event.currentTarget.value)}
          />
          <NumberField
            label={t("lists.priority")}
            description={t("lists.priorityWhy")}
            inputWrapperOrder={["label", "input", "description", "error"]}
            min={PRIORITY_MIN}
            max={PRIORITY_MAX}
            allowDecimal={false}
            value={priority}
            onChange={setPriority}
          />
          <Switch
            mt={26}
            label={t("lists.pause")}
            color="accent"
            withThumbIndicator={false}
            checked={paused}
            onChange={(event) => setPaused(event.currentTarget.checked)}
          />
        </div>
        <fieldset className={styles.rows}>
          <legend>{t("lists.pricesTitle", { count: Object.keys(prices).length })}</legend>
          <div className={styles.fill}>
            <Select
              aria-label={t("form.category")}
              placeholder={t("category.all")}
              clearable
              data={menu.categories.map((one) => ({ value: one.id, label: one.name }))}
              value={category}
              onChange={setCategory}
            />
            <TextInput
              aria-label={t("find")}
              placeholder={t("find")}
              value={q}
              onChange={(event) => setQ(event.currentTarget.value)}
            />
            <NumberField
              aria-label={t("lists.off")}
              min={0}
              max={100}
              suffix=" %"
              value={off}
              onChange={setOff}
            />
            <Button variant="default" disabled={!isWithin(off, 0, 100)} onClick={fill}>
              {t("lists.fill", { count: rows.length })}
            </Button>
          </div>
          <div className={styles.prices} role="group" aria-label={t("lists.listed")}>
            {rows.slice(0, SHOWN_MAX).map((one) => (
              <div key={one.key} className={styles.priceRow}>
                <span>{one.name}</span>
                <span className="num">{money(one.usual)}</span>
                <MoneyInput
                  size="xs"
                  className={styles.money}
                  aria-label={t("lists.priceOf", { name: one.name })}
                  placeholder={t("lists.usual")}
                  value={prices[one.key] ?? null}
                  onChange={(minor) => setPrice(one.key, minor)}
                />
              </div>
            ))}
          </div>
          {rows.length > SHOWN_MAX && (
            <p className={styles.lite}>{t("lists.more", { count: rows.length - SHOWN_MAX })}</p>
          )}
        </fieldset>
        {tried && unread !== undefined && (
          <p className={form.bad} role="alert">
            {t("lists.unread", { name: unread.name })}
          </p>
        )}
        <FormFoot
          error={failed}
          isSaving={put.isPending}
          save={list === null ? t("form.add") : common("action.save")}
          remove={
            list === null
              ? null
              : {
                  label: t("lists.remove"),
                  isRunning: remove.isPending,
                  run: () => remove.mutate({ id: list.id }),
                }
          }
        />
      </form>
    </Modal>
  );
}
