// What the menu on screen is made of: the rows of the list, and small edits of the answer in the cache. Pure.
import type { Menu, MenuCategory, MenuItem } from "../api/types";

export type Row =
  | { kind: "category"; category: MenuCategory; shown: number }
  | { kind: "item"; item: MenuItem }
  | { kind: "none"; category: MenuCategory };

/** Case and accents do not matter when looking for a name. */
export function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

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
