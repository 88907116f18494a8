// Finds what a waiter means by a few letters. Pure. "2 marg" is two Margheritas; "7 up" is one 7 Up when the menu
// has it; accents do not matter; what is sold out comes last and is never the first choice.
import type { MenuCategory, MenuItem } from "../api/types";

/** More rows than this nobody reads; another letter is quicker. */
export const HITS_MAX = 80;
const QUANTITY_MAX = 99;

export interface Pickable extends MenuItem {
  category: string;
}
export interface Found {
  quantity: number;
  hits: Pickable[];
}

export function plain(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

export function pickables(categories: MenuCategory[]): Pickable[] {
  return categories.flatMap((category) =>
    category.items.map((item) => ({ ...item, category: category.name })),
  );
}

/** How well a name answers; lower is better, null is not at all. */
export function fit(name: string, category: string, wanted: string): number | null {
  const text = plain(name);
  const words = text.split(" ");
  if (text === wanted) return 0;
  if (text.startsWith(wanted)) return 1;
  if (words.some((word) => word.startsWith(wanted))) return 2;
  const parts = wanted.split(" ");
  if (parts.length > 1 && parts.every((part) => words.some((word) => word.startsWith(part)))) return 3;
  if (
    wanted.length > 1 &&
    words
      .map((word) => word[0])
      .join("")
      .startsWith(wanted)
  )
    return 4;
  if (text.includes(wanted)) return 5;
  if (plain(category).startsWith(wanted)) return 6;
  return null;
}

function ranked(items: Pickable[], wanted: string): Pickable[] {
  return items
    .flatMap((item, index) => {
      const score = fit(item.name, item.category, wanted);
      return score === null ? [] : [{ item, index, score: item.available ? score : score + 10 }];
    })
    .sort((a, b) => a.score - b.score || a.index - b.index)
    .slice(0, HITS_MAX)
    .map(({ item }) => item);
}

/** What was typed, read as a quantity and a name. Nothing typed: the whole menu in its order. */
export function find(items: Pickable[], typed: string): Found {
  const wanted = plain(typed);
  if (wanted === "") return { quantity: 1, hits: items.slice(0, HITS_MAX) };
  const whole = ranked(items, wanted);
  const counted = /^(\d{1,2}) ?x? ?(.*)$/.exec(wanted);
  if (whole.length > 0 || counted === null) return { quantity: 1, hits: whole };
  if (Number(counted[1]) === 0) return { quantity: 1, hits: [] };
  const quantity = Math.min(QUANTITY_MAX, Number(counted[1]));
  const name = counted[2] ?? "";
  return { quantity, hits: name === "" ? items.slice(0, HITS_MAX) : ranked(items, name) };
}
