// What the menu on screen is made of: the rows of the list, and small edits of the answer in the cache. Pure.
import type { KitchenStation, Menu, MenuCategory, MenuItem } from "../api/types";
import { plain } from "../kit/plain";

export type Row =
  | { kind: "category"; category: MenuCategory; shown: number }
  | { kind: "item"; item: MenuItem }
  | { kind: "none"; category: MenuCategory };

/** The list as shown: a heading for each category, then its items; with a search only what matches. */
export function rowsOf(menu: Menu, filter: { category?: string | undefined; q?: string | undefined }): Row[] {
  const wanted = plain(filter.q ?? "").trim();
  return menu.categories
    .filter((category) => filter.category === undefined || category.id === filter.category)
    .flatMap((category): Row[] => {
      const items = category.items.filter((item) => wanted === "" || plain(item.name).includes(wanted));
      if (items.length === 0 && wanted !== "") return [];
      const head: Row = { kind: "category", category, shown: items.length };
      if (items.length === 0) return [head, { kind: "none", category }];
      return [head, ...items.map((item): Row => ({ kind: "item", item }))];
    });
}

/** The sizes' lowest price, or the item's own. */
export function priceOf(item: MenuItem): { minor: number; isFrom: boolean } {
  const prices = item.variants.map((size) => size.price_minor);
  return prices.length === 0
    ? { minor: item.price_minor, isFrom: false }
    : { minor: Math.min(...prices), isFrom: new Set(prices).size > 1 };
}

/** One place up or down; null at the end. */
export function moved<T>(list: readonly T[], at: number, by: number): T[] | null {
  const to = at + by;
  const one = list[at];
  if (one === undefined || to < 0 || to >= list.length) return null;
  const others = list.filter((_, index) => index !== at);
  return [...others.slice(0, to), one, ...others.slice(to)];
}

/** "17:30" as minutes of the day and back. */
export function minuteOf(text: string): number | null {
  const parts = /^(\d{1,2}):(\d{2})$/.exec(text);
  if (parts === null) return null;
  const minute = Number(parts[1]) * 60 + Number(parts[2]);
  return minute < 1440 && Number(parts[2]) < 60 ? minute : null;
}
export function clockOf(minute: number): string {
  const two = (part: number) => String(part).padStart(2, "0");
  return `${two(Math.floor(minute / 60) % 24)}:${two(minute % 60)}`;
}

const byPosition = <T extends { position: number }>(list: T[]): T[] =>
  [...list].sort((a, b) => a.position - b.position);

export function withItem(menu: Menu, item: MenuItem): Menu {
  return {
    ...menu,
    categories: menu.categories.map((category) => {
      const others = category.items.filter((one) => one.id !== item.id);
      if (category.id === item.category_id) return { ...category, items: byPosition([...others, item]) };
      return others.length === category.items.length ? category : { ...category, items: others };
    }),
  };
}

export function withoutItem(menu: Menu, id: string): Menu {
  return {
    ...menu,
    categories: menu.categories.map((category) => ({
      ...category,
      items: category.items.filter((item) => item.id !== id),
    })),
  };
}

export function withCategory(menu: Menu, category: MenuCategory): Menu {
  const known = menu.categories.find((one) => one.id === category.id);
  const items = category.items?.length > 0 || known === undefined ? (category.items ?? []) : known.items;
  const others = menu.categories.filter((one) => one.id !== category.id);
  return { ...menu, categories: byPosition([...others, { ...category, items }]) };
}

export function withoutCategory(menu: Menu, id: string): Menu {
  return { ...menu, categories: menu.categories.filter((category) => category.id !== id) };
}

/** Every restaurant has it under this id; the menu's word "bar" goes there. */
const BAR = "00000000-0000-7000-8000-000000000002";

/** The station that makes an item: its own, else its category's, else what the menu's word means. */
export function madeAt(stations: KitchenStation[], item: MenuItem): string | null {
  // What nobody makes goes nowhere, whatever its category does.
  if (item.station === "none") return null;
  const station =
    stations.find((one) => one.item_ids.includes(item.id)) ??
    stations.find((one) => one.category_ids.includes(item.category_id)) ??
    stations.find((one) => (item.station === "bar" ? one.id === BAR : one.is_default));
  return station?.name ?? null;
}

/** Where its category sends an item that has no station of its own. */
export const stationOfCategory = (stations: KitchenStation[], category_id: string) =>
  stations.find((one) => one.category_ids.includes(category_id));

/** What can be chosen: the id of a station, as its category says, or nobody. */
export type MadeAt = string;
export const AS_CATEGORY = "category";
export const NOBODY = "none";

export function madeAtChoices(stations: KitchenStation[], category_id: string): MadeAt[] {
  const first = stationOfCategory(stations, category_id) === undefined ? [] : [AS_CATEGORY];
  return [...first, ...stations.map((one) => one.id), NOBODY];
}

/** How an item stands among them; null: a new one. */
export function chosenStation(
  stations: KitchenStation[],
  item: MenuItem | null,
  category_id: string,
): MadeAt | null {
  if (item?.station === "none") return NOBODY;
  const own = stations.find((one) => item !== null && one.item_ids.includes(item.id));
  if (own !== undefined) return own.id;
  if (stationOfCategory(stations, category_id) !== undefined) return AS_CATEGORY;
  const usual = stations.find((one) => one.is_default);
  const bar = stations.find((one) => one.id === BAR);
  return (item?.station === "bar" ? (bar ?? usual) : usual)?.id ?? null;
}

/** What the engine is told: the menu's word, and a station of its own only where it needs one. */
export function stationWish(
  stations: KitchenStation[],
  chosen: MadeAt,
  item: MenuItem | null,
  category_id: string,
): { station: MenuItem["station"]; made_at: { station_id: string | null } } {
  if (chosen === NOBODY) return { station: "none", made_at: { station_id: null } };
  if (chosen === AS_CATEGORY)
    return { station: item?.station === "bar" ? "bar" : "kitchen", made_at: { station_id: null } };
  const isUsual = chosen === BAR || stations.some((one) => one.id === chosen && one.is_default);
  const goesElsewhere = stationOfCategory(stations, category_id) !== undefined;
  return {
    station: chosen === BAR ? "bar" : "kitchen",
    made_at: { station_id: isUsual && !goesElsewhere ? null : chosen },
  };
}
