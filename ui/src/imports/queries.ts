// Keys: ["imports", restaurant, …]. The file itself goes as it is, packed or plain; the engine reads it.
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { ImportMapping, ImportPreview, ImportResult, ImportRun, Page, PastImport } from "../api/types";

const PAGE = 30;

/** A file chosen on this page; `at` tells two choices of the same name apart. */
export interface Chosen {
  file: File;
  at: number;
}

const asIs = {
  // The client would turn a body into JSON; a file goes as it is.
  bodySerializer: (body: unknown) => body as BodyInit,
};
/** Only the columns that were named: the rest the engine recognises itself. */
const columnsOf = (mapping: ImportMapping): Record<string, string> =>
  Object.fromEntries(
    Object.entries(mapping).flatMap(([field, column]) => (column == null ? [] : [[field, column]])),
  );
const kindOf = (file: File) => (/\.gz$/i.test(file.name) ? "application/gzip" : "text/csv");

export const previewQuery = (rid: string, chosen: Chosen, mapping: ImportMapping) =>
  queryOptions({
    queryKey: ["imports", rid, "preview", chosen.file.name, chosen.file.size, chosen.at, mapping],
    queryFn: () =>
      ask<ImportPreview>(
        api.POST("/api/v1/restaurants/{rid}/imports/preview", {
          params: { path: { rid }, query: columnsOf(mapping) },
          body: chosen.file as unknown as string,
          headers: { "content-type": kindOf(chosen.file) },
          ...asIs,
        }),
      ),
    // A preview is of this very file; nothing makes it old but an import.
    staleTime: Infinity,
    gcTime: 60_000,
  });

export const pastImportsQuery = (rid: string) =>
  infiniteQueryOptions({
    queryKey: ["imports", rid, "past"],
    queryFn: ({ pageParam }) =>
      ask<Page<PastImport>>(
        api.GET("/api/v1/restaurants/{rid}/imports", {
          params: {
            path: { rid },
            query: { limit: PAGE, ...(pageParam === "" ? {} : { cursor: pageParam }) },
          },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (last: Page<PastImport>) => last.next_cursor,
  });

/** How often a running import is looked at. */
const WATCH_MS = 300;

/** Imports on their way in; looked at while there are any, or `always`. */
export const runsQuery = (rid: string, always = false) =>
  queryOptions({
    queryKey: ["imports", rid, "running"],
    queryFn: () =>
      ask<ImportRun[]>(api.GET("/api/v1/restaurants/{rid}/imports/running", { params: { path: { rid } } })),
    refetchInterval: (query) => (always || (query.state.data?.length ?? 0) > 0 ? WATCH_MS : false),
  });

export function stopImport(rid: string, import_run_id: string): Promise<unknown> {
  return ask(
    api.DELETE("/api/v1/restaurants/{rid}/imports/running/{import_run_id}", {
      params: { path: { rid, import_run_id } },
    }),
  );
}

export function sendImport(
  rid: string,
  file: File,
  { skip_dirty, name, ...mapping }: ImportMapping & { skip_dirty: boolean; name: string },
  key: string,
): Promise<ImportResult> {
  return ask<ImportResult>(
    api.POST("/api/v1/restaurants/{rid}/imports", {
      params: {
        path: { rid },
        query: { ...columnsOf(mapping), skip_dirty, name },
        header: { "Idempotency-Key": key },
      },
      body: file as unknown as string,
      headers: { "content-type": kindOf(file) },
      ...asIs,
    }),
  );
}
