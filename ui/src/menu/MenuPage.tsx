// What the restaurant sells: categories on the side, items as dense rows. Prices and "86" change in the row;
// everything else in a form. The rows are virtual, so that thousands of items stay quick.
import { Button, SegmentedControl, TextInput } from "@mantine/core";
import { IconPlus, IconSearch, IconToolsKitchen2 } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { type ReactNode, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay, useRestaurantId } from "../app/queries";
import type { Menu, MenuCategory, MenuItem } from "../api/types";
import { Answer } from "../kit/Answer";
import { useFormat } from "../kit/format";
import { KeyCaps } from "../kit/KeyCaps";
import { useKeys } from "../kit/keys";
import { PageHead } from "../kit/Page";
import { SkeletonPage } from "../kit/Skeletons";
import { EmptyState } from "../kit/States";
import { CategoryForm } from "./CategoryForm";
import { CategoryRail } from "./CategoryRail";
import { ChoicesPane } from "./ChoicesPane";
import { FilePane } from "./FilePane";
import { ItemForm } from "./ItemForm";
import { ItemList } from "./ItemList";
import styles from "./menu.module.css";
import { PricesPane } from "./PricesPane";
import { menuNowQuery, menuQuery } from "./queries";

const route = getRouteApi("/shell/menu");

type Open =
  { what: "item"; item: MenuItem | null } | { what: "category"; category: MenuCategory | null } | null;

export function MenuPage() {
  const query = useQuery(menuQuery(useRestaurantId()));
  return (
    <Answer query={query} skeleton={<SkeletonPage rows={12} />}>
      {(menu) => <Tabs menu={menu} />}
    </Answer>
  );
}

const tabs = ["items", "choices", "prices", "file"] as const;
type Tab = (typeof tabs)[number];

/** What of the menu is shown stands in the address. */
function Tabs({ menu }: { menu: Menu }) {
  const { t } = useTranslation("menu");
  const may = useMay();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const tab = tabs.find((one) => one === search.tab) ?? "items";
  const reachable = tabs.filter((one) => one !== "file" || may("exports.read") || may("imports.write"));
  const choice = (
    <div className={styles.tabs}>
      <SegmentedControl
        size="sm"
        aria-label={t("tab.label")}
        data={reachable.map((value) => ({ value, label: t(`tab.${value}`) }))}
        value={tab}
        onChange={(value) =>
          void navigate({ search: value === "items" ? {} : { tab: value as Tab }, replace: true })
        }
      />
    </div>
  );
  if (tab === "items") return <Loaded menu={menu} tabs={choice} />;
  return (
    <>
      <PageHead title={t("title")} sub={t(`tab.${tab}Sub`)} />
      {choice}
      {tab === "choices" && <ChoicesPane menu={menu} />}
      {tab === "prices" && <PricesPane menu={menu} />}
      {tab === "file" && <FilePane />}
    </>
  );
}

function Loaded({ menu, tabs }: { menu: Menu; tabs: ReactNode }) {
  const { t } = useTranslation("menu");
  const { t: common } = useTranslation();
  const { count } = useFormat();
  const may = useMay();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [open, setOpen] = useState<Open>(null);
  const searchField = useRef<HTMLInputElement>(null);
  const canWrite = may("menu.write");
  const items = menu.categories.flatMap((category) => category.items);
  const now = useQuery(menuNowQuery(useRestaurantId())).data;
  const gone = new Set(now?.countdowns.filter((one) => one.left === 0).map((one) => one.item_id));
  const soldOut = items.filter((item) => !item.available || gone.has(item.id)).length;
  const addItem = () => setOpen({ what: "item", item: null });
  const addCategory = () => setOpen({ what: "category", category: null });

  useKeys([
    { keys: "f", label: t("key.find"), group: t("title"), run: () => searchField.current?.focus() },
    ...(canWrite
      ? [
          {
            keys: "n",
            label: t("item.add"),
            group: t("title"),
            run: menu.categories.length === 0 ? addCategory : addItem,
          },
          { keys: "c", label: t("category.add"), group: t("title"), run: addCategory },
        ]
      : []),
  ]);

  const forms = (
    <>
      {open?.what === "item" && (
        <ItemForm
          key={open.item?.id ?? "new"}
          item={open.item}
          categories={menu.categories}
          groups={menu.modifier_groups}
          initialCategory={search.category}
          onClose={() => setOpen(null)}
        />
      )}
      {open?.what === "category" && (
        <CategoryForm
          category={open.category}
          onClose={() => setOpen(null)}
          onAdded={(category) => void navigate({ search: { category: category.id }, replace: true })}
        />
      )}
    </>
  );

  if (menu.categories.length === 0) {
    return (
      <>
        <PageHead title={t("title")} />
        {tabs}
        <EmptyState
          icon={IconToolsKitchen2}
          title={t("empty.title")}
          text={canWrite ? t("empty.text") : t("empty.textReader")}
        >
          {canWrite && <Button onClick={addCategory}>{t("empty.add")}</Button>}
        </EmptyState>
        {forms}
      </>
    );
  }
  return (
    <>
      <PageHead
        title={t("title")}
        sub={`${t("sub.items", { count: items.length, n: count(items.length) })} ${t("sub.categories", { count: menu.categories.length })}. ${
          soldOut === 0 ? t("sub.allThere") : t("sub.soldOut", { count: soldOut })
        }`}
      >
        {canWrite && (
          <>
            <Button variant="default" onClick={addCategory}>
              {t("category.add")}
            </Button>
            <Button
              onClick={addItem}
              leftSection={<IconPlus size={15} />}
              rightSection={<KeyCaps keys="n" onAccent />}
            >
              {t("item.add")}
            </Button>
          </>
        )}
      </PageHead>
      {tabs}
      <div className={styles.work}>
        <CategoryRail
          menu={menu}
          chosen={search.category}
          onChoose={(category) =>
            void navigate({ search: (old) => ({ ...old, category, item: undefined }), replace: true })
          }
          onEdit={canWrite ? (category) => setOpen({ what: "category", category }) : null}
        />
        <div className={styles.main}>
          <TextInput
            ref={searchField}
            className={styles.find}
            aria-label={t("find")}
            placeholder={t("find")}
            leftSection={<IconSearch size={15} />}
            rightSection={<KeyCaps keys="f" />}
            value={search.q ?? ""}
            onChange={(event) => {
              const q = event.currentTarget.value;
              void navigate({
                search: (old) => ({ ...old, q: q === "" ? undefined : q, item: undefined }),
                replace: true,
              });
            }}
            onKeyDown={(event) => {
              if (event.key === "Escape") {
                void navigate({ search: (old) => ({ ...old, q: undefined }), replace: true });
                event.currentTarget.blur();
              }
            }}
          />
          <ItemList
            menu={menu}
            now={now}
            category={search.category}
            q={search.q}
            focused={search.item}
            onEdit={canWrite ? (item) => setOpen({ what: "item", item }) : null}
            canToggle={canWrite || may("menu.available")}
          />
          <p className={styles.hint}>
            {canWrite ? t("hint") : t("hintReader")} <KeyCaps keys="?" /> {common("keys.map")}
          </p>
        </div>
      </div>
      {forms}
    </>
  );
}
