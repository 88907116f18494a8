// The menu at the fingertips: letters, arrows and Enter add; + and - change the quantity; a finger works too. What
// is sold out is shown and cannot be taken.
import { Button, TextInput } from "@mantine/core";
import { IconSearch, IconToolsKitchen2 } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import {
  type KeyboardEvent,
  type RefObject,
  useEffect,
  useEffectEvent,
  useId,
  useMemo,
  useState,
} from "react";
import { useTranslation } from "react-i18next";
import type { Menu } from "../api/types";
import { useFormat } from "../kit/format";
import { Bone } from "../kit/Skeletons";
import { EmptyState } from "../kit/States";
import type { DraftLine } from "./draft";
import { find, type Pickable, pickables } from "./picking";
import styles from "./picker.module.css";

/** Enter that found nothing is meant for a menu on its way; after this it is forgotten. */
const ENTER_MS_MAX = 10_000;

interface PickerProps {
  menu: Menu;
  lines: DraftLine[];
  onAdd: (item: Pickable, quantity: number) => void;
  /** Changes the line touched last, or that of the item. */
  onChange: (by: number, item_id: string | null) => void;
  input: RefObject<HTMLInputElement | null>;
  /** The dialog begins here. */
  isFirst: boolean;
  /** What was typed before the field was here, and whether Enter followed. */
  early?: { typed: string; isEntered: boolean };
}

export function PickerSkeleton() {
  return (
    <div className={styles.bones}>
      {[100, 64, 52, 70, 46, 58].map((w) => (
        <Bone key={w} w={`${w}%`} h={w === 100 ? 36 : 18} />
      ))}
    </div>
  );
}

export function Picker({ menu, lines, input, isFirst: beginsHere, early, onAdd, onChange }: PickerProps) {
  const { t } = useTranslation("orders");
  const { money } = useFormat();
  const list = useId();
  const [typed, setTyped] = useState(early?.typed ?? "");
  /** Enter was pressed on these very letters before the menu had an answer to them. */
  const [entered, setEntered] = useState(() =>
    early?.isEntered === true ? { typed: early.typed, at_ms: Date.now() } : null,
  );
  const [category, setCategory] = useState<string | null>(null);
  const [at, setAt] = useState<number | null>(null);
  const all = useMemo(() => pickables(menu.categories), [menu]);
  const shown = useMemo(
    () => (category === null ? all : all.filter((item) => item.category_id === category)),
    [all, category],
  );
  const { quantity, hits } = useMemo(
    () => find(typed.trim() === "" ? shown : all, typed),
    [all, shown, typed],
  );
  const isTyping = typed.trim() !== "";
  // With letters typed the first hit is meant; without, nothing is until the arrows point at it.
  const active = at ?? (isTyping ? hits.findIndex((item) => item.available) : -1);
  const meant = hits[active];

  const add = (item: Pickable) => {
    if (!item.available) return;
    onAdd(item, quantity);
    setTyped("");
    setAt(null);
    setEntered(null);
    input.current?.focus();
  };
  const first = isTyping ? meant?.id : undefined;
  const addEntered = useEffectEvent(() => {
    if (entered === null || meant === undefined) return;
    if (entered.typed === typed && Date.now() - entered.at_ms < ENTER_MS_MAX) add(meant);
  });
  useEffect(() => {
    if (first === undefined) return undefined;
    const soon = window.setTimeout(addEntered);
    return () => window.clearTimeout(soon);
  }, [first]);
  const move = (by: number) => {
    let next = active;
    do next += by;
    while (hits[next] !== undefined && hits[next]?.available === false);
    if (hits[next] === undefined) return;
    setAt(next);
    document.getElementById(`${list}-${next}`)?.scrollIntoView({ block: "nearest" });
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Enter" && meant !== undefined) add(meant);
    else if (event.key === "Enter") {
      // Nothing is meant yet: Enter waits for what the menu still brings, and never sends the form by surprise.
      if (isTyping && hits.length === 0) setEntered({ typed, at_ms: Date.now() });
    } else if (event.key === "+") {
      if (isTyping && meant !== undefined && !lines.some((line) => line.item_id === meant.id)) add(meant);
      else onChange(1, isTyping ? (meant?.id ?? null) : null);
    } else if (event.key === "-") onChange(-1, isTyping ? (meant?.id ?? null) : null);
    else if (event.key === "Escape" && isTyping) {
      setTyped("");
      setAt(null);
    } else return;
    event.preventDefault();
  };
  if (all.length === 0) {
    return (
      <EmptyState icon={IconToolsKitchen2} title={t("picker.noMenu")} text={t("picker.noMenuText")}>
        <Button component={Link} to="/menu" variant="default">
          {t("picker.toMenu")}
        </Button>
      </EmptyState>
    );
  }
  return (
    <div className={styles.picker}>
      <TextInput
        ref={input}
        autoFocus={beginsHere}
        data-autofocus={beginsHere ? true : undefined}
        size="md"
        role="combobox"
        aria-expanded
        aria-controls={list}
        aria-activedescendant={meant === undefined ? undefined : `${list}-${active}`}
        aria-label={t("picker.label")}
        placeholder={t("picker.hint")}
        leftSection={<IconSearch size={17} stroke={1.7} />}
        rightSectionWidth={44}
        rightSection={quantity > 1 && <b className={`${styles.times} num`}>{quantity} ×</b>}
        autoComplete="off"
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setAt(null);
          setEntered(null);
        }}
        onKeyDown={onKeyDown}
      />
      {!isTyping && menu.categories.length > 1 && (
        <div className={styles.categories} role="group" aria-label={t("picker.categories")}>
          {[{ id: null, name: t("picker.all") }, ...menu.categories.filter((c) => c.items.length > 0)].map(
            (one) => (
              <button
                key={one.id ?? ""}
                type="button"
                aria-pressed={category === one.id}
                onClick={() => {
                  setCategory(one.id);
                  setAt(null);
                }}
              >
                {one.name}
              </button>
            ),
          )}
        </div>
      )}
      <div className={styles.list} role="listbox" id={list} aria-label={t("picker.label")}>
        {hits.map((item, index) => {
          const taken = lines
            .filter((line) => line.item_id === item.id)
            .reduce((sum, line) => sum + line.quantity, 0);
          const isFirst = !isTyping && category === null && hits[index - 1]?.category_id !== item.category_id;
          return (
            <div key={item.id} role="presentation">
              {isFirst && (
                <div className={styles.category} role="presentation">
                  {item.category}
                </div>
              )}
              <div
                role="option"
                id={`${list}-${index}`}
                aria-selected={index === active}
                aria-disabled={!item.available}
                className={styles.item}
                onClick={() => add(item)}
              >
                <span className={styles.itemName}>
                  {item.name}
                  {isTyping && <small>{item.category}</small>}
                </span>
                {taken > 0 && <b className={`${styles.taken} num`}>{taken}</b>}
                <span className={`${styles.price} num`}>
                  {item.available ? money(item.price_minor) : t("picker.soldOut")}
                </span>
              </div>
            </div>
          );
        })}
      </div>
      {hits.length === 0 && <p className={styles.nothing}>{t("picker.nothing", { typed: typed.trim() })}</p>}
    </div>
  );
}
