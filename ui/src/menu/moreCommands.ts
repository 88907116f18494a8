// Choices, price lists, portions, order, pictures and the file. What changed comes back by the live line.
import { useRestaurantId } from "../app/queries";
import { api, ask } from "../api/client";
import type {
  MenuImage,
  MenuImported,
  MenuTook,
  ModifierGroup,
  PriceList,
  PriceListInput,
} from "../api/types";
import { useCommand } from "../api/useCommand";
import { useComplain } from "../kit/notify";
import { sending } from "./queries";

const header = (key: string) => ({ "Idempotency-Key": key });

export interface ModifierValues {
  id?: string;
  name: string;
  price_minor: number;
  opens_group_id: string | null;
  available: boolean;
}
export interface GroupValues {
  name: string;
  min: number;
  /** 0: any number. */
  max: number;
  modifiers: ModifierValues[];
}

export function usePutGroup(id: string | null, onDone: (group: ModifierGroup) => void) {
  const rid = useRestaurantId();
  return useCommand({
    name: "menu.put_group",
    run: (values: GroupValues, key) => {
      const base = "/api/v1/restaurants/{rid}/menu/modifier-groups" as const;
      if (id !== null) {
        return ask<ModifierGroup>(
          api.PATCH(`${base}/{group_id}`, {
            params: { path: { rid, group_id: id }, header: header(key) },
            body: values,
          }),
        );
      }
      const { max, ...rest } = values;
      return ask<ModifierGroup>(
        api.POST(base, {
          params: { path: { rid }, header: header(key) },
          body: max > 0 ? { ...rest, max } : rest,
        }),
      );
    },
    onDone,
  });
}

export function useRemoveGroup(onDone: () => void) {
  const rid = useRestaurantId();
  return useCommand({
    name: "menu.remove_group",
    run: ({ id }: { id: string }, key) =>
      ask(
        api.DELETE("/api/v1/restaurants/{rid}/menu/modifier-groups/{group_id}", {
          params: { path: { rid, group_id: id }, header: header(key) },
        }),
      ),
    onDone,
  });
}

/** A modifier, or a size, is sold out or there again. */
export function useSetModifierAvailable() {
  const rid = useRestaurantId();
  const onFailed = useComplain();
  return useCommand({
    name: "menu.modifier_available",
    inTurn: true,
    run: (values: { group_id: string; modifier_id: string; available: boolean }, key) =>
      ask<ModifierGroup>(
        api.PATCH("/api/v1/restaurants/{rid}/menu/modifier-groups/{group_id}/modifiers/{modifier_id}", {
          params: {
            path: { rid, group_id: values.group_id, modifier_id: values.modifier_id },
            header: header(key),
          },
          body: { available: values.available },
        }),
      ),
    onFailed,
  });
}

export function usePutPriceList(id: string | null, onDone: (list: PriceList) => void) {
  const rid = useRestaurantId();
  return useCommand({
    name: "menu.put_price_list",
    run: (body: PriceListInput, key) => {
      const base = "/api/v1/restaurants/{rid}/menu/price-lists" as const;
      return ask<PriceList>(
        id === null
          ? api.POST(base, { params: { path: { rid }, header: header(key) }, body })
          : api.PUT(`${base}/{list_id}`, {
              params: { path: { rid, list_id: id }, header: header(key) },
              body,
            }),
      );
    },
    onDone,
  });
}

export function useRemovePriceList(onDone: () => void) {
  const rid = useRestaurantId();
  return useCommand({
    name: "menu.remove_price_list",
    run: ({ id }: { id: string }, key) =>
      ask(
        api.DELETE("/api/v1/restaurants/{rid}/menu/price-lists/{list_id}", {
          params: { path: { rid, list_id: id }, header: header(key) },
        }),
      ),
    onDone,
  });
}

/** `left` null stops counting. */
export function useCountdown(onDone: () => void) {
  const rid = useRestaurantId();
  const path = "/api/v1/restaurants/{rid}/menu/items/{item_id}/countdown" as const;
  return useCommand({
    name: "menu.countdown",
    run: async ({ id, left }: { id: string; left: number | null }, key) => {
      const params = { path: { rid, item_id: id }, header: header(key) };
      if (left === null) await ask(api.DELETE(path, { params }));
      else await ask(api.PUT(path, { params, body: { left } }));
    },
    onDone,
  });
}

export function useArrange() {
  const rid = useRestaurantId();
  const onFailed = useComplain();
  return useCommand({
    name: "menu.arrange",
    inTurn: true,
    run: (body: { category_ids?: string[]; item_ids?: string[] }, key) =>
      ask(
        api.PUT("/api/v1/restaurants/{rid}/menu/positions", {
          params: { path: { rid }, header: header(key) },
          body,
        }),
      ),
    onFailed,
  });
}

export function useSendImage(onDone: (image: MenuImage) => void) {
  const rid = useRestaurantId();
  return useCommand({
    name: "menu.add_image",
    run: ({ file }: { file: File }, key) =>
      ask<MenuImage>(
        api.POST("/api/v1/restaurants/{rid}/menu/images", {
          params: { path: { rid }, header: header(key) },
          body: file as unknown as number[],
          headers: { "content-type": "application/octet-stream" },
          ...sending.asIs,
        }),
      ),
    onDone,
  });
}

export function useBringMenu(onDone: (brought: MenuImported) => void) {
  const rid = useRestaurantId();
  return useCommand({
    name: "menu.bring",
    run: ({ file, skip_dirty }: { file: File; at: number; skip_dirty: boolean }, key) =>
      ask<MenuImported>(
        api.POST("/api/v1/restaurants/{rid}/imports/menu", {
          params: { path: { rid }, query: { skip_dirty }, header: header(key) },
          body: file as unknown as string,
          headers: { "content-type": sending.kindOf(file) },
          ...sending.asIs,
        }),
      ),
    onDone,
  });
}

/** Hands the menu to the browser as a file. */
export function useExportMenu() {
  const rid = useRestaurantId();
  const onFailed = useComplain();
  return useCommand({
    name: "menu.export",
    run: () =>
      ask<string>(
        api.GET("/api/v1/restaurants/{rid}/export/menu.csv", {
          params: { path: { rid } },
          parseAs: "text",
        }) as Promise<{ data?: string; error?: unknown; response: Response }>,
      ),
    onDone: (text) => {
      const url = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
      const link = document.createElement("a");
      link.href = url;
      link.download = "menu.csv";
      link.click();
      URL.revokeObjectURL(url);
    },
    onFailed,
  });
}

export function useSendMenu(onDone: (took: MenuTook[]) => void) {
  const rid = useRestaurantId();
  return useCommand({
    name: "menu.send",
    run: ({ to }: { to: string[] }, key) =>
      ask<MenuTook[]>(
        api.POST("/api/v1/restaurants/{rid}/menu/sending", {
          params: { path: { rid }, header: header(key) },
          body: { to },
        }),
      ),
    onDone,
  });
}
