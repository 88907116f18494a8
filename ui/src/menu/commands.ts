// The presses of the menu. What the answer says is put into the list at once; the rest comes by the live line.
import { useQueryClient } from "@tanstack/react-query";
import { useRestaurantId } from "../app/queries";
import { api, ask } from "../api/client";
import type { Colour, Menu, MenuCategory, MenuItem } from "../api/types";
import { useCommand } from "../api/useCommand";
import { useComplain } from "../kit/notify";
import { withCategory, withItem, withoutCategory, withoutItem } from "./model";
import { menuQuery } from "./queries";

/** A size or modifier as it is to be; one without an id is new. */
export interface VariantValues {
  id?: string;
  name: string;
  price_minor: number;
  available: boolean;
}
export type ItemValues = Pick<MenuItem, "category_id" | "name" | "price_minor" | "tax_rate_bp"> &
  Partial<{
    station: MenuItem["station"];
    /** A station of its own; null: none. */
    made_at: { station_id: string | null };
    variants: VariantValues[];
    group_ids: string[];
    description: string;
    allergens: string[];
    image: string;
    stock_tracked: boolean;
  }>;
export type ItemChange = { id: string } & Partial<ItemValues & Pick<MenuItem, "available" | "position">>;

/** Puts a change into the menu on screen. */
function useEdit(): (edit: (menu: Menu) => Menu) => void {
  const queryClient = useQueryClient();
  const rid = useRestaurantId();
  return (edit) =>
    queryClient.setQueryData(menuQuery(rid).queryKey, (menu) => (menu === undefined ? menu : edit(menu)));
}

const header = (key: string) => ({ "Idempotency-Key": key });

export function useAddItem(onDone: (item: MenuItem) => void) {
  const rid = useRestaurantId();
  const edit = useEdit();
  return useCommand({
    name: "menu.add_item",
    run: (body: ItemValues, key) =>
      ask<MenuItem>(
        api.POST("/api/v1/restaurants/{rid}/menu/items", {
          params: { path: { rid }, header: header(key) },
          body,
        }),
      ),
    onDone: (item) => {
      edit((menu) => withItem(menu, item));
      onDone(item);
    },
  });
}

export function useChangeItem(options: { quiet?: boolean; onDone?: (item: MenuItem) => void } = {}) {
  const rid = useRestaurantId();
  const edit = useEdit();
  const complain = useComplain();
  return useCommand({
    name: "menu.change_item",
    inTurn: true,
    run: ({ id, ...body }: ItemChange, key) =>
      ask<MenuItem>(
        api.PATCH("/api/v1/restaurants/{rid}/menu/items/{item_id}", {
          params: { path: { rid, item_id: id }, header: header(key) },
          body,
        }),
      ),
    onDone: (item) => {
      edit((menu) => withItem(menu, item));
      options.onDone?.(item);
    },
    onFailed: options.quiet === true ? undefined : complain,
  });
}

export function useRemoveItem(onDone: () => void) {
  const rid = useRestaurantId();
  const edit = useEdit();
  return useCommand({
    name: "menu.remove_item",
    run: ({ id }: { id: string }, key) =>
      ask(
        api.DELETE("/api/v1/restaurants/{rid}/menu/items/{item_id}", {
          params: { path: { rid, item_id: id }, header: header(key) },
        }),
      ),
    onDone: (_answer, { id }) => {
      edit((menu) => withoutItem(menu, id));
      onDone();
    },
  });
}

export function useAddCategory(onDone: (category: MenuCategory) => void) {
  const rid = useRestaurantId();
  const edit = useEdit();
  return useCommand({
    name: "menu.add_category",
    run: (body: { name: string; colour?: Colour }, key) =>
      ask<MenuCategory>(
        api.POST("/api/v1/restaurants/{rid}/menu/categories", {
          params: { path: { rid }, header: header(key) },
          body,
        }),
      ),
    onDone: (category) => {
      edit((menu) => withCategory(menu, category));
      onDone(category);
    },
  });
}

export function useChangeCategory(onDone?: () => void) {
  const rid = useRestaurantId();
  const edit = useEdit();
  const complain = useComplain();
  return useCommand({
    name: "menu.change_category",
    run: ({ id, ...body }: { id: string; name?: string; colour?: Colour }, key) =>
      ask<MenuCategory>(
        api.PATCH("/api/v1/restaurants/{rid}/menu/categories/{category_id}", {
          params: { path: { rid, category_id: id }, header: header(key) },
          body,
        }),
      ),
    onDone: (category) => {
      edit((menu) => withCategory(menu, category));
      onDone?.();
    },
    onFailed: complain,
  });
}

export function useRemoveCategory(onDone: () => void) {
  const rid = useRestaurantId();
  const edit = useEdit();
  return useCommand({
    name: "menu.remove_category",
    run: ({ id }: { id: string }, key) =>
      ask(
        api.DELETE("/api/v1/restaurants/{rid}/menu/categories/{category_id}", {
          params: { path: { rid, category_id: id }, header: header(key) },
        }),
      ),
    onDone: (_answer, { id }) => {
      edit((menu) => withoutCategory(menu, id));
      onDone();
    },
  });
}
