// What the page shows, kept in its address: the area, plan or list, the table in hand, whose tables, editing.
import { useMediaQuery } from "@mantine/hooks";
import { getRouteApi } from "@tanstack/react-router";
import { useCallback } from "react";

const route = getRouteApi("/shell/tables");

export interface Screen {
  area?: string | undefined;
  view?: string | undefined;
  table?: string | undefined;
  whose?: string | undefined;
  mode?: string | undefined;
}

export type Mode = "live" | "edit" | "sections";

export function useScreen() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  // A plan needs room: a phone begins with the list.
  const isNarrow = useMediaQuery("(max-width: 760px)") ?? false;
  const set = useCallback(
    (change: Screen, how: { replace?: boolean } = {}) => {
      void navigate({
        search: (old: Screen) =>
          Object.fromEntries(
            Object.entries({ ...old, ...change }).filter(([, value]) => value !== undefined && value !== ""),
          ),
        replace: how.replace ?? false,
      });
    },
    [navigate],
  );
  const mode: Mode = search.mode === "edit" || search.mode === "sections" ? search.mode : "live";
  const view = search.view === "list" || search.view === "plan" ? search.view : isNarrow ? "list" : "plan";
  return {
    area: search.area,
    table: search.table,
    isMine: search.whose === "mine",
    mode,
    view,
    set,
  } as const;
}
