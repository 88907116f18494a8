import { useQueryClient } from "@tanstack/react-query";
import { useRestaurantId } from "../app/queries";
import { api, ask } from "../api/client";
import type { Person, Role } from "../api/types";
import { useCommand } from "../api/useCommand";
import { useComplain } from "../kit/notify";
import { staffQuery } from "./queries";

export interface NewPerson {
  name: string;
  role: Role;
  email?: string;
  password?: string;
  pin?: string;
}

function usePut(): (person: Person) => void {
  const queryClient = useQueryClient();
  const rid = useRestaurantId();
  return (person) =>
    queryClient.setQueryData(staffQuery(rid).queryKey, (staff) => {
      if (staff === undefined) return staff;
      const isKnown = staff.items.some((one) => one.id === person.id);
      const items = isKnown
        ? staff.items.map((one) => (one.id === person.id ? person : one))
        : [...staff.items, person];
      return { ...staff, items };
    });
}

export function useAddPerson(onDone: (person: Person) => void) {
  const rid = useRestaurantId();
  const put = usePut();
  return useCommand({
    name: "staff.add",
    secret: true,
    run: (body: NewPerson, key) =>
      ask<Person>(
        api.POST("/api/v1/restaurants/{rid}/staff", {
          params: { path: { rid }, header: { "Idempotency-Key": key } },
          body,
        }),
      ),
    onDone: (person) => {
      put(person);
      onDone(person);
    },
  });
}

export function useChangePerson(onDone: (person: Person) => void) {
  const rid = useRestaurantId();
  const put = usePut();
  const complain = useComplain();
  return useCommand({
    name: "staff.change",
    run: ({ id, ...body }: { id: string; name?: string; role?: Role; active?: boolean }, key) =>
      ask<Person>(
        api.PATCH("/api/v1/restaurants/{rid}/staff/{staff_id}", {
          params: { path: { rid, staff_id: id }, header: { "Idempotency-Key": key } },
          body,
        }),
      ),
    onDone: (person) => {
      put(person);
      onDone(person);
    },
    onFailed: complain,
  });
}

/** The PIN of somebody else; null takes it away. */
export function useSetPin(onDone: (person: Person) => void) {
  const rid = useRestaurantId();
  const put = usePut();
  return useCommand({
    name: "staff.pin",
    secret: true,
    run: ({ id, pin }: { id: string; pin: string | null }, key) => {
      const params = { path: { rid, staff_id: id }, header: { "Idempotency-Key": key } };
      const path = "/api/v1/restaurants/{rid}/staff/{staff_id}/pin";
      return ask<Person>(
        pin === null ? api.DELETE(path, { params }) : api.PUT(path, { params, body: { pin } }),
      );
    },
    onDone: (person) => {
      put(person);
      onDone(person);
    },
  });
}

export function useGiveLogIn(onDone: (person: Person) => void) {
  const rid = useRestaurantId();
  const put = usePut();
  return useCommand({
    name: "staff.log_in",
    secret: true,
    run: ({ id, ...body }: { id: string; email: string; password: string }, key) =>
      ask<Person>(
        api.POST("/api/v1/restaurants/{rid}/staff/{staff_id}/log-in", {
          params: { path: { rid, staff_id: id }, header: { "Idempotency-Key": key } },
          body,
        }),
      ),
    onDone: (person) => {
      put(person);
      onDone(person);
    },
  });
}

export function useEndPinWait(onDone: () => void) {
  const rid = useRestaurantId();
  return useCommand({
    name: "staff.pin_wait",
    run: () => ask(api.DELETE("/api/v1/restaurants/{rid}/staff/pin-wait", { params: { path: { rid } } })),
    onDone,
    onFailed: useComplain(),
  });
}
