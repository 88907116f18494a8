// Ctrl K: pages, people, items and actions in one field. Items are looked for by the engine, because a menu may be
// long; the rest is looked through here, from queries the pages use too.
import { useMantineColorScheme } from "@mantine/core";
import { Spotlight } from "@mantine/spotlight";
import {
  IconArrowRight,
  IconCash,
  IconLock,
  IconLogout,
  IconMoon,
  IconPassword,
  IconPlus,
  IconReceipt,
  IconSchool,
  IconSearch,
  IconToolsKitchen2,
  IconUser,
  IconUserCircle,
} from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "../kit/format";
import { KeyCaps } from "../kit/KeyCaps";
import { plain } from "../kit/plain";
import { takeTyped } from "../kit/typed-ahead";
import { useFocusBack } from "../kit/useFocusBack";
import { useOrderName } from "../kit/orderName";
import { menuSearchQuery } from "../menu/queries";
import { openOrdersQuery, useFoundOrders } from "../orders/queries";
import { staffQuery } from "../staff/queries";
import { tillQuery } from "../till/queries";
import { useLock } from "./at-till";
import { usePages } from "./pages";
import { useCanPractise } from "./practising";
import { useMay, useRestaurantId } from "./queries";
import { searchStore } from "./search-store";
import { useSignOut } from "./useSignOut";

interface Hit {
  id: string;
  group: string;
  label: string;
  note?: ReactNode;
  icon: ReactNode;
  keys?: string | undefined;
  run: () => void;
  /** The engine found it: it is not looked through again. */
  isFound?: boolean;
}

/** More than this cannot be looked through with the eyes. */
const PER_GROUP = 6;

/** What can be done with the drawer as it stands. */
const tillDoes = (isOpen: boolean) => (isOpen ? (["close", "move"] as const) : (["open"] as const));

interface Opens {
  onSwitch: () => void;
  onOwnPin: () => void;
  onPractise: () => void;
}

export default function Search(props: Opens & { onClose: () => void }) {
  const { t } = useTranslation();
  const [query, setQuery] = useState("");
  const hits = useHits(props, query.trim());
  const more = useOrdersFound(query);
  useEffect(() => searchStore.open(), []);
  useFocusBack();
  const wanted = plain(query.trim());
  const found = hits.filter((hit) =>
    wanted === ""
      ? hit.group === t("search.pages") || hit.group === t("search.actions")
      : hit.isFound === true || plain(hit.label).includes(wanted),
  );
  found.push(...more.filter((hit) => !found.some((one) => one.id === hit.id)));
  const groups = [...new Set(found.map((hit) => hit.group))];
  return (
    <Spotlight.Root
      store={searchStore.store}
      query={query}
      onQueryChange={setQuery}
      onSpotlightClose={props.onClose}
      shortcut={null}
      scrollable
      maxHeight="60vh"
      // The field stays where it is while the answers below it come and go.
      centered={false}
      yOffset="12vh"
      radius="xl"
      attributes={{ content: { "aria-label": t("search.open") } }}
      overlayProps={{ color: "var(--veil)", backgroundOpacity: 1 }}
    >
      <Spotlight.Search
        // The letters that were typed before it was here, set as typing sets them: the first answer is picked.
        onFocus={(event) => {
          const before = takeTyped().replaceAll("\n", "");
          if (before !== "") typeInto(event.currentTarget, before + event.currentTarget.value);
        }}
        placeholder={t("search.hint")}
        aria-label={t("search.open")}
        leftSection={<IconSearch size={18} stroke={1.6} />}
      />
      <Spotlight.ActionsList>
        {groups.map((group) => (
          <Spotlight.ActionsGroup key={group} label={group}>
            {found
              .filter((hit) => hit.group === group)
              .slice(0, PER_GROUP + (wanted === "" ? 8 : 0))
              .map((hit) => (
                <Spotlight.Action
                  key={hit.id}
                  onClick={hit.run}
                  leftSection={hit.icon}
                  rightSection={hit.keys === undefined ? hit.note : <KeyCaps keys={hit.keys} />}
                  label={hit.label}
                />
              ))}
          </Spotlight.ActionsGroup>
        ))}
        {found.length === 0 && <Spotlight.Empty>{t("search.nothing", { query })}</Spotlight.Empty>}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

/** As if a person had typed it. */
function typeInto(field: HTMLInputElement, text: string): void {
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(field, text);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Long enough to be a number or a name. */
const ORDER_QUERY_MIN = 2;

/** Any order, also past ones, by number or table: asked of the engine. */
function useOrdersFound(typed: string): Hit[] {
  const { t } = useTranslation();
  const router = useRouter();
  const { money } = useFormat();
  const nameOf = useOrderName();
  const found = useFoundOrders(typed, { from: ORDER_QUERY_MIN });
  return (found ?? []).map((order) => ({
    id: order.id,
    group: t("search.orders"),
    label: `${nameOf(order)} · ${order.number}`,
    note: <span className="num">{money(order.total_minor)}</span>,
    icon: <IconReceipt size={17} stroke={1.7} />,
    run: () => void router.navigate({ to: "/orders", search: { order: order.id } }),
  }));
}

function useHits(props: Opens, wanted: string): Hit[] {
  const { t } = useTranslation();
  const rid = useRestaurantId();
  const router = useRouter();
  const may = useMay();
  const { money } = useFormat();
  const { findable } = usePages();
  const { setColorScheme } = useMantineColorScheme();
  const menu = useQuery({
    ...menuSearchQuery(rid, wanted),
    enabled: may("menu.read") && wanted !== "",
    placeholderData: keepPreviousData,
  }).data;
  const staff = useQuery({ ...staffQuery(rid), enabled: may("staff.read") }).data;
  const nameOf = useOrderName();
  const open = useQuery({ ...openOrdersQuery(rid), enabled: may("orders.read") }).data;
  const isDark = document.documentElement.dataset["mantineColorScheme"] === "dark";

  const pages = findable.map((page): Hit => {
    const Icon = page.icon ?? IconArrowRight;
    return {
      id: page.path,
      group: t("search.pages"),
      label: page.label,
      icon: <Icon size={17} stroke={1.7} />,
      keys: page.keys,
      run: () => void router.navigate({ to: page.path }),
    };
  });
  const items = (wanted === "" ? [] : (menu?.items ?? [])).map((item): Hit => ({
    id: item.id,
    group: t("search.items"),
    label: item.name,
    note: <span className="num">{money(item.price_minor)}</span>,
    icon: <IconToolsKitchen2 size={17} stroke={1.7} />,
    run: () => void router.navigate({ to: "/menu", search: { item: item.id } }),
    isFound: true,
  }));
  const people = (staff?.items ?? []).map((person): Hit => ({
    id: person.id,
    group: t("search.people"),
    label: person.name,
    note: t(`role.${person.role}`),
    icon: <IconUser size={17} stroke={1.7} />,
    run: () => void router.navigate({ to: "/staff", search: { person: person.id } }),
  }));
  const orders = (open?.items ?? []).map((order): Hit => ({
    id: order.id,
    group: t("search.orders"),
    label: `${nameOf(order)} · ${order.number}`,
    note: <span className="num">{money(order.due_minor)}</span>,
    icon: <IconReceipt size={17} stroke={1.7} />,
    run: () => void router.navigate({ to: "/orders", search: { order: order.id } }),
  }));
  const newOrder: Hit = {
    id: "new-order",
    group: t("search.actions"),
    label: t("search.newOrder"),
    icon: <IconPlus size={17} stroke={1.7} />,
    run: () => void router.navigate({ to: "/orders", search: { new: "1" } }),
  };
  const { mutate: lock } = useLock();
  const signOut = useSignOut();
  const till = useQuery({ ...tillQuery(rid), enabled: may("till.write") && may("till.read") }).data;
  const canPractise = useCanPractise();
  const action = (id: string, label: string, icon: ReactNode, run: () => void, keys?: string): Hit => ({
    id,
    group: t("search.actions"),
    label,
    icon,
    keys,
    run,
  });
  const actions: Hit[] = [
    // The search closes first and gives the focus back; the next dialog then takes it.
    action(
      "switch",
      t("search.switch"),
      <IconUserCircle size={17} stroke={1.7} />,
      () => setTimeout(props.onSwitch),
      ".",
    ),
    action("lock", t("search.lock"), <IconLock size={17} stroke={1.7} />, () => lock(), "alt+l"),
    action("own-pin", t("search.ownPin"), <IconPassword size={17} stroke={1.7} />, () =>
      setTimeout(props.onOwnPin),
    ),
    ...(may("orders.write") ? [newOrder] : []),
    ...(canPractise
      ? [
          action("practise", t("practice.title"), <IconSchool size={17} stroke={1.7} />, () =>
            setTimeout(props.onPractise),
          ),
        ]
      : []),
    ...(till === undefined
      ? []
      : tillDoes(till.session != null).map((what) =>
          action(
            `till-${what}`,
            t(`search.till.${what}`),
            <IconCash size={17} stroke={1.7} />,
            () => void router.navigate({ to: "/till", search: { do: what } }),
          ),
        )),
    action("sign-out", t("me.signOut"), <IconLogout size={17} stroke={1.7} />, () => signOut()),
    {
      id: "scheme",
      group: t("search.actions"),
      label: isDark ? t("me.light") : t("me.dark"),
      icon: <IconMoon size={17} stroke={1.7} />,
      run: () => setColorScheme(isDark ? "light" : "dark"),
    },
  ];
  return [...pages, ...orders, ...items, ...people, ...actions];
}
