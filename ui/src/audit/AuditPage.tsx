// Who did what, newest first, with before and after; and whether the records are still what they were.
import { Button, Select, TextInput } from "@mantine/core";
import { IconDownload, IconFingerprint, IconX } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { asApiError } from "../api/errors";
import type { AuditEntry } from "../api/types";
import { useMay, useRestaurant, useRestaurantId } from "../app/queries";
import { useActionName } from "../kit/actionName";
import { Answer } from "../kit/Answer";
import { download } from "../kit/download";
import { useFormat } from "../kit/format";
import { useComplain } from "../kit/notify";
import { useOrderName } from "../kit/orderName";
import { PageBody, PageHead } from "../kit/Page";
import { SkeletonRows } from "../kit/Skeletons";
import { EmptyState } from "../kit/States";
import { wallOf } from "../kit/wall";
import { useFoundOrders } from "../orders/queries";
import { staffQuery } from "../staff/queries";
import styles from "./audit.module.css";
import { AuditRow } from "./AuditRow";
import { Chain } from "./Chain";
import { type AuditFilter, auditKindsQuery, auditQuery } from "./queries";
import { fieldOf, span } from "./span";

const route = getRouteApi("/shell/audit");
/** A search through many records goes on by itself until this many are found. */
const ENOUGH = 25;

export function AuditPage() {
  const { t } = useTranslation("audit");
  const rid = useRestaurantId();
  const filter = useFilter();
  const query = useInfiniteQuery(auditQuery(rid, filter));
  const complain = useComplain();
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  const isShort = items.length < ENOUGH;
  useEffect(() => {
    if (isShort && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [isShort, hasNextPage, isFetchingNextPage, fetchNextPage]);
  const save = () => {
    const params = new URLSearchParams();
    for (const [name, value] of Object.entries(filter)) if (name !== "thing") params.set(name, String(value));
    return download(`/api/v1/restaurants/${rid}/audit.csv?${params}`, "audit.csv").catch((error: unknown) =>
      complain(asApiError(error)),
    );
  };
  return (
    <>
      <PageHead title={t("title")} sub={t("sub")}>
        <Button
          variant="default"
          leftSection={<IconDownload size={15} />}
          disabled={filter.thing !== undefined}
          onClick={() => void save()}
        >
          CSV
        </Button>
      </PageHead>
      <PageBody>
        <Chain />
        <Filters />
        <Answer query={query} skeleton={<SkeletonRows />}>
          {() =>
            items.length === 0 && !hasNextPage ? (
              <EmptyState icon={IconFingerprint} title={t("empty.title")} text={t("empty.text")} />
            ) : (
              <>
                <Days items={items} />
                {hasNextPage && (
                  <Button
                    variant="default"
                    className={styles.more}
                    loading={isFetchingNextPage}
                    onClick={() => void fetchNextPage()}
                  >
                    {t("more")}
                  </Button>
                )}
              </>
            )
          }
        </Answer>
      </PageBody>
    </>
  );
}

function Days({ items }: { items: AuditEntry[] }) {
  const { dayLong } = useFormat();
  const zone = useRestaurant()?.time_zone ?? "UTC";
  const days = new Map<string, AuditEntry[]>();
  for (const item of items) {
    const date = wallOf(item.at_ms, zone).slice(0, 10);
    days.set(date, [...(days.get(date) ?? []), item]);
  }
  return [...days].map(([date, entries]) => (
    <section key={date} aria-label={dayLong(date)}>
      <h2 className={styles.day}>{dayLong(date)}</h2>
      <ol className={styles.list}>
        {entries.map((entry) => (
          <AuditRow key={entry.seq} entry={entry} />
        ))}
      </ol>
    </section>
  ));
}

function useFilter(): AuditFilter {
  const search = route.useSearch();
  const zone = useRestaurant()?.time_zone ?? "UTC";
  const { from, to } = span(search, zone);
  return {
    ...(search.person === undefined ? {} : { person: search.person }),
    ...(search.thing === undefined ? {} : { thing: search.thing }),
    ...(search.action === undefined ? {} : { action: search.action }),
    ...(search.outcome === "done" || search.outcome === "refused" ? { outcome: search.outcome } : {}),
    ...(from === null ? {} : { from_ms: from }),
    ...(to === null ? {} : { to_ms: to }),
  };
}

function Filters() {
  const { t } = useTranslation("audit");
  const rid = useRestaurantId();
  const may = useMay();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const people = useQuery({ ...staffQuery(rid), enabled: may("staff.read") }).data;
  const kinds = useQuery(auditKindsQuery(rid)).data;
  const actionName = useActionName();
  const set = (name: keyof typeof search, value: string | null) => {
    const rest = Object.fromEntries(Object.entries(search).filter(([one]) => one !== name));
    void navigate({ search: value === null || value === "" ? rest : { ...rest, [name]: value } });
  };
  const actions = (kinds?.actions ?? []).map((action) => ({ value: action, label: actionName(action) }));
  return (
    <search className={styles.filters}>
      <Select
        label={t("filter.person")}
        placeholder={t("filter.anybody")}
        clearable
        searchable
        value={search.person ?? null}
        onChange={(value) => set("person", value)}
        data={(people?.items ?? []).map((person) => ({ value: person.id, label: person.name }))}
      />
      <Select
        label={t("filter.action")}
        placeholder={t("filter.anything")}
        clearable
        searchable
        value={search.action ?? null}
        onChange={(value) => set("action", value)}
        data={actions.sort((a, b) => a.label.localeCompare(b.label))}
      />
      <Select
        label={t("filter.outcome")}
        placeholder={t("filter.both")}
        clearable
        value={search.outcome ?? null}
        onChange={(value) => set("outcome", value)}
        data={[
          { value: "done", label: t("filter.done") },
          { value: "refused", label: t("filter.refused") },
        ]}
      />
      <TextInput
        type="datetime-local"
        label={t("filter.from")}
        value={fieldOf(search.from, "T00:00")}
        onChange={(event) => set("from", event.currentTarget.value)}
      />
      <TextInput
        type="datetime-local"
        label={t("filter.to")}
        value={fieldOf(search.to, "T23:59")}
        onChange={(event) => set("to", event.currentTarget.value)}
      />
      {search.thing === undefined ? (
        <OrderPick onPick={(order) => set("thing", order)} />
      ) : (
        <Button
          variant="light"
          rightSection={<IconX size={14} aria-hidden />}
          aria-label={t("filter.notThing")}
          onClick={() => set("thing", null)}
        >
          {t("filter.thing")}
        </Button>
      )}
    </search>
  );
}

/** Any order there ever was, by its number, table or day. */
function OrderPick(props: { onPick: (order: string) => void }) {
  const { t } = useTranslation("audit");
  const may = useMay();
  const { day } = useFormat();
  const nameOf = useOrderName();
  const [typed, setTyped] = useState("");
  const found = useFoundOrders(typed) ?? [];
  if (!may("orders.read")) return null;
  return (
    <Select
      label={t("filter.order")}
      placeholder={t("filter.orderHint")}
      searchable
      searchValue={typed}
      onSearchChange={setTyped}
      value={null}
      onChange={(order) => order !== null && props.onPick(order)}
      data={found.map((order) => ({
        value: order.id,
        label: `${order.number} · ${nameOf(order)} · ${day(order.business_date)}`,
      }))}
      // The engine has looked already, also through notes.
      filter={({ options }) => options}
      nothingFoundMessage={typed.trim() === "" ? undefined : t("filter.noOrder")}
    />
  );
}
