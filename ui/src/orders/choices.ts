// What goes with an item: its size and its modifiers, with how many of each group. Pure.
import type { MenuItem, ModifierGroup, ModifierWish } from "../api/types";

export interface Choice {
  variant_id: string | null;
  modifiers: ModifierWish[];
}
export type Groups = Map<string, ModifierGroup>;

const COUNT_MAX = 99;

export const groupsOf = (groups: ModifierGroup[]): Groups =>
  new Map(groups.map((group) => [group.id, group]));

export const asksFor = (item: MenuItem) => item.variants.length > 0 || item.group_ids.length > 0;

const countOf = (wish: ModifierWish) => wish.count ?? 1;

/** The wishes of one group among those of its item or of the modifier that opened it. */
export const ofGroup = (group: ModifierGroup, wishes: ModifierWish[]) =>
  wishes.filter((wish) => group.modifiers.some((modifier) => modifier.id === wish.modifier_id));

export const chosenIn = (group: ModifierGroup, wishes: ModifierWish[]) =>
  ofGroup(group, wishes).reduce((sum, wish) => sum + countOf(wish), 0);

/** One more or less of a modifier. In a group of at most one, the new one takes the place of the old. */
export function change(group: ModifierGroup, wishes: ModifierWish[], id: string, by: number): ModifierWish[] {
  const old = wishes.find((wish) => wish.modifier_id === id);
  const others = group.max === 1 && by > 0 ? ofGroup(group, wishes) : [];
  const rest = wishes.filter((wish) => wish.modifier_id === id || !others.includes(wish));
  const full = group.max != null && chosenIn(group, rest) + by > group.max;
  const count = Math.min(COUNT_MAX, (old === undefined ? 0 : countOf(old)) + (by > 0 && full ? 0 : by));
  if (old === undefined) return count > 0 ? [...rest, { modifier_id: id, count, modifiers: [] }] : rest;
  return rest.flatMap((wish) => (wish.modifier_id !== id ? [wish] : count > 0 ? [{ ...wish, count }] : []));
}

/** The first group that has too few or too many, or null: all is chosen. */
export function missing(ids: string[], groups: Groups, wishes: ModifierWish[]): ModifierGroup | null {
  for (const id of ids) {
    const group = groups.get(id);
    if (group === undefined) continue;
    const count = chosenIn(group, wishes);
    if (count < group.min || (group.max != null && count > group.max)) return group;
    for (const wish of ofGroup(group, wishes)) {
      const opens = group.modifiers.find((modifier) => modifier.id === wish.modifier_id)?.opens_group_id;
      const inside = opens == null ? null : missing([opens], groups, wish.modifiers ?? []);
      if (inside !== null) return inside;
    }
  }
  return null;
}

interface Said {
  name: string;
  price_minor: number;
  count: number;
}

/** Everything chosen, nested ones behind what they belong to; a count holds for each of what it is in. */
export function said(groups: Groups, wishes: ModifierWish[], times = 1): Said[] {
  const known = [...groups.values()].flatMap((group) => group.modifiers);
  return wishes.flatMap((wish) => {
    const modifier = known.find((one) => one.id === wish.modifier_id);
    if (modifier === undefined) return [];
    const count = countOf(wish) * times;
    const own = { name: modifier.name, price_minor: modifier.price_minor, count };
    return [own, ...said(groups, wish.modifiers ?? [], count)];
  });
}

/** Price of one, with what was chosen. */
export function priceOf(item: MenuItem, choice: Choice, groups: Groups): number {
  const variant = item.variants.find((one) => one.id === choice.variant_id);
  const extra = said(groups, choice.modifiers).reduce((sum, one) => sum + one.price_minor * one.count, 0);
  return (variant?.price_minor ?? item.price_minor) + extra;
}

/** "extra cheese, 2 × olives" */
export const inWords = (groups: Groups, wishes: ModifierWish[]) =>
  said(groups, wishes)
    .map((one) => (one.count > 1 ? `${one.count} × ${one.name}` : one.name))
    .join(", ");

/** What is taken unless somebody says otherwise: the first size there is, nothing else. */
export const usual = (item: MenuItem): Choice => ({
  variant_id: item.variants.find((variant) => variant.available)?.id ?? null,
  modifiers: [],
});
