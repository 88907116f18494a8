// Stations, what is made at each, and this device's printers.
import { api, ask } from "../api/client";
import type { KitchenStation, Printer } from "../api/types";
import { useCommand } from "../api/useCommand";
import { useRestaurantId } from "../app/queries";
import { useComplain } from "../kit/notify";

export interface StationWish {
  /** The one that changes; null: a new one. */
  was: KitchenStation | null;
  name: string;
  category_ids: string[];
  item_ids: string[];
  /** Now and as it shall be; null: none. */
  printerWas: string | null;
  printer: string | null;
}

const same = (a: string[], b: string[]) => a.length === b.length && a.every((one) => b.includes(one));

/** Name, what is made there and printer are three things to the engine; each is asked for only if it changes. */
export function useSaveStation(onDone: () => void) {
  const rid = useRestaurantId();
  return useCommand<StationWish, KitchenStation>({
    name: "stations.save",
    run: async (wish, key) => {
      const keyed = (part: string) => ({ "Idempotency-Key": `${key}-${part}` });
      const { was, name } = wish;
      let station =
        was === null
          ? await ask<KitchenStation>(
              api.POST("/api/v1/restaurants/{rid}/stations", {
                params: { path: { rid }, header: keyed("add") },
                body: { name },
              }),
            )
          : was;
      const path = { rid, station_id: station.id };
      if (was !== null && was.name !== name)
        station = await ask<KitchenStation>(
          api.PATCH("/api/v1/restaurants/{rid}/stations/{station_id}", {
            params: { path, header: keyed("name") },
            body: { name },
          }),
        );
      const { category_ids, item_ids } = wish;
      if (!same(category_ids, was?.category_ids ?? []) || !same(item_ids, was?.item_ids ?? []))
        station = await ask<KitchenStation>(
          api.PUT("/api/v1/restaurants/{rid}/stations/{station_id}/routes", {
            params: { path, header: keyed("routes") },
            body: { category_ids, item_ids },
          }),
        );
      if (wish.printer !== wish.printerWas) {
        const params = { path, header: keyed("printer") };
        const at = "/api/v1/restaurants/{rid}/stations/{station_id}/printer";
        if (wish.printer === null) await ask(api.DELETE(at, { params }));
        else await ask<Printer>(api.PUT(at, { params, body: { printer_id: wish.printer } }));
      }
      return station;
    },
    onDone,
  });
}

export function useRemoveStation(onDone: () => void) {
  const rid = useRestaurantId();
  return useCommand({
    name: "stations.remove",
    run: ({ id }: { id: string }, key) =>
      ask(
        api.DELETE("/api/v1/restaurants/{rid}/stations/{station_id}", {
          params: { path: { rid, station_id: id }, header: { "Idempotency-Key": key } },
        }),
      ),
    onDone,
    onFailed: useComplain(),
  });
}
