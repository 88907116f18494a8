// What can be done to the floor. The answers go straight onto the screen; the `changed` event refreshes the rest.
import { useQueryClient } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type {
  Floor,
  FloorArea,
  FloorAreaInput,
  FloorSpot,
  FloorTable,
  FloorTableInput,
  NewFloor,
} from "../api/types";
import { useCommand } from "../api/useCommand";
import { useRestaurantId } from "../app/queries";
import { useComplain } from "../kit/notify";
import { floorQuery } from "./queries";

const BASE = "/api/v1/restaurants/{rid}/floor";

function usePut() {
  const client = useQueryClient();
  const { queryKey } = floorQuery(useRestaurantId());
  return {
    floor: (floor: Floor) => client.setQueryData(queryKey, floor),
    table: (table: FloorTable) =>
      client.setQueryData(queryKey, (floor) => {
        if (floor === undefined) return floor;
        const isKnown = floor.tables.some((one) => one.id === table.id);
        const tables = isKnown
          ? floor.tables.map((one) => (one.id === table.id ? table : one))
          : [...floor.tables, table];
        return { ...floor, tables };
      }),
    again: () => client.invalidateQueries({ queryKey }),
  };
}

export function useLayOut() {
  const rid = useRestaurantId();
  const put = usePut();
  return useCommand({
    name: "floor.lay_out",
    run: (body: NewFloor, key) =>
      ask<Floor>(api.POST(BASE, { params: { path: { rid }, header: { "Idempotency-Key": key } }, body })),
    onDone: put.floor,
    onFailed: useComplain(),
  });
}

export function useSaveArea(onDone: (area: FloorArea) => void) {
  const rid = useRestaurantId();
  const put = usePut();
  return useCommand({
    name: "floor.save_area",
    run: ({ id, ...body }: FloorAreaInput & { id: string | null }, key) => {
      const header = { "Idempotency-Key": key };
      return ask<FloorArea>(
        id === null
          ? api.POST(`${BASE}/areas`, { params: { path: { rid }, header }, body })
          : api.PUT(`${BASE}/areas/{area_id}`, { params: { path: { rid, area_id: id }, header }, body }),
      );
    },
    onDone: (area) => void put.again().then(() => onDone(area)),
  });
}

export function useRemoveArea(onDone: () => void) {
  const rid = useRestaurantId();
  const put = usePut();
  return useCommand({
    name: "floor.remove_area",
    run: ({ id }: { id: string }, key) =>
      ask(
        api.DELETE(`${BASE}/areas/{area_id}`, {
          params: { path: { rid, area_id: id }, header: { "Idempotency-Key": key } },
        }),
      ),
    onDone: () => void put.again().then(onDone),
    onFailed: useComplain(),
  });
}

export function useSaveTable(onDone: (table: FloorTable) => void) {
  const rid = useRestaurantId();
  const put = usePut();
  return useCommand({
    name: "floor.save_table",
    run: ({ id, ...body }: FloorTableInput & { id: string | null }, key) => {
      const header = { "Idempotency-Key": key };
      return ask<FloorTable>(
        id === null
          ? api.POST(`${BASE}/tables`, { params: { path: { rid }, header }, body })
          : api.PUT(`${BASE}/tables/{table_id}`, { params: { path: { rid, table_id: id }, header }, body }),
      );
    },
    onDone: (table) => {
      put.table(table);
      onDone(table);
    },
  });
}

export function useRemoveTable(onDone: () => void) {
  const rid = useRestaurantId();
  const put = usePut();
  return useCommand({
    name: "floor.remove_table",
    run: ({ id }: { id: string }, key) =>
      ask(
        api.DELETE(`${BASE}/tables/{table_id}`, {
          params: { path: { rid, table_id: id }, header: { "Idempotency-Key": key } },
        }),
      ),
    onDone: () => void put.again().then(onDone),
    onFailed: useComplain(),
  });
}

export interface Placing {
  table_id: string;
  spot: FloorSpot;
}

export function useArrange(options: {
  onDone: (placed: Placing[]) => void;
  onFailed: (placed: Placing[]) => void;
}) {
  const rid = useRestaurantId();
  const put = usePut();
  const complain = useComplain();
  return useCommand({
    name: "floor.arrange",
    inTurn: true,
    run: (tables: Placing[], key) =>
      ask<Floor>(
        api.POST(`${BASE}/arrange`, {
          params: { path: { rid }, header: { "Idempotency-Key": key } },
          body: { tables },
        }),
      ),
    onDone: (floor, placed) => {
      put.floor(floor);
      options.onDone(placed);
    },
    onFailed: (error, placed) => {
      complain(error);
      options.onFailed(placed);
    },
  });
}

/** Who serves these tables: I, nobody, or the person with this id. */
export function useAssign(onDone?: () => void) {
  const rid = useRestaurantId();
  const put = usePut();
  return useCommand({
    name: "floor.assign",
    run: ({ table_ids, to }: { table_ids: string[]; to: "me" | "nobody" | { staff_id: string } }, key) => {
      const params = { path: { rid }, header: { "Idempotency-Key": key } };
      if (to === "me") return ask<Floor>(api.POST(`${BASE}/take`, { params, body: { table_ids } }));
      if (to === "nobody") return ask<Floor>(api.POST(`${BASE}/release`, { params, body: { table_ids } }));
      return ask<Floor>(api.POST(`${BASE}/assign`, { params, body: { table_ids, staff_id: to.staff_id } }));
    },
    onDone: (floor) => {
      put.floor(floor);
      onDone?.();
    },
    onFailed: useComplain(),
  });
}

export function useCall() {
  const rid = useRestaurantId();
  const put = usePut();
  return useCommand({
    name: "floor.call",
    run: ({ id, wants }: { id: string; wants: "waiter" | "bill" }, key) =>
      ask<FloorTable>(
        api.POST(`${BASE}/tables/{table_id}/call`, {
          params: { path: { rid, table_id: id }, header: { "Idempotency-Key": key } },
          body: { wants },
        }),
      ),
    onDone: put.table,
    onFailed: useComplain(),
  });
}

/** `since_ms` makes the answer to another call another wish. */
export function useAnswer() {
  const rid = useRestaurantId();
  const put = usePut();
  return useCommand({
    name: "floor.answer",
    run: ({ id }: { id: string; since_ms: number }, key) =>
      ask<FloorTable>(
        api.POST(`${BASE}/tables/{table_id}/answer`, {
          params: { path: { rid, table_id: id }, header: { "Idempotency-Key": key } },
        }),
      ),
    onDone: put.table,
    onFailed: useComplain(),
  });
}
