// Keys: ["menu", restaurant, …], and ["menu_now", restaurant] for what changes by itself and by selling.
import { queryOptions } from "@tanstack/react-query";
import { api, ask, engineOrigin } from "../api/client";
import type { Menu, MenuHit, MenuNow, MenuPreview, MenuWouldTake, PriceList } from "../api/types";

/** A price list may begin or end meanwhile, and a key to the pictures run out. */
const NOW_MS = 60_000;

export const menuQuery = (rid: string) =>
  queryOptions({
    queryKey: ["menu", rid],
    queryFn: () => ask<Menu>(api.GET("/api/v1/restaurants/{rid}/menu", { params: { path: { rid } } })),
  });

export const menuNowQuery = (rid: string) =>
  queryOptions({
    queryKey: ["menu_now", rid],
    queryFn: () => ask<MenuNow>(api.GET("/api/v1/restaurants/{rid}/menu/now", { params: { path: { rid } } })),
    refetchInterval: NOW_MS,
  });

export const menuSearchQuery = (rid: string, q: string) =>
  queryOptions({
    queryKey: ["menu", rid, "search", q],
    queryFn: () =>
      ask<{ items: MenuHit[] }>(
        api.GET("/api/v1/restaurants/{rid}/menu/search", { params: { path: { rid }, query: { q } } }),
      ),
    enabled: q.trim() !== "",
  });

export const priceListsQuery = (rid: string) =>
  queryOptions({
    queryKey: ["menu", rid, "price-lists"],
    queryFn: () =>
      ask<{ price_lists: PriceList[] }>(
        api.GET("/api/v1/restaurants/{rid}/menu/price-lists", { params: { path: { rid } } }),
      ),
  });

/** Where a picture is; the key stands in for the token that an image cannot send. */
export function imageUrl(rid: string, hash: string, key: string): string {
  return `${engineOrigin()}/api/v1/restaurants/${rid}/menu/images/${hash}?key=${encodeURIComponent(key)}`;
}

const asIs = { bodySerializer: (body: unknown) => body as BodyInit };
const kindOf = (file: File) => (/\.gz$/i.test(file.name) ? "application/gzip" : "text/csv");

export const menuPreviewQuery = (rid: string, chosen: { file: File; at: number }) =>
  queryOptions({
    queryKey: ["menu", rid, "preview", chosen.file.name, chosen.file.size, chosen.at],
    queryFn: () =>
      ask<MenuPreview>(
        api.POST("/api/v1/restaurants/{rid}/imports/menu/preview", {
          params: { path: { rid } },
          body: chosen.file as unknown as string,
          headers: { "content-type": kindOf(chosen.file) },
          ...asIs,
        }),
      ),
    gcTime: 60_000,
  });

export const sending = { asIs, kindOf };

/** Under the key of the menu: what changes it is looked at anew. */
export const menuSendingQuery = (rid: string, to: string[]) =>
  queryOptions({
    queryKey: ["menu", rid, "sending", ...to],
    queryFn: () =>
      ask<MenuWouldTake[]>(
        api.POST("/api/v1/restaurants/{rid}/menu/sending/preview", {
          params: { path: { rid } },
          body: { to },
        }),
      ),
    gcTime: 0,
    staleTime: 0,
  });
