// The guide: how a day is done here, and what to do on the day something breaks. A list of chapters, and the one that
// is read; to be printed too.
import { Button, NativeSelect, TextInput } from "@mantine/core";
import { IconPrinter, IconSearch } from "@tabler/icons-react";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useLayoutEffect } from "react";
import { useTranslation } from "react-i18next";
import { usePages } from "../app/pages";
import { PageBody, PageHead } from "../kit/Page";
import { ChapterText } from "./ChapterText";
import styles from "./guide.module.css";
import { type Chapter, filterChapters } from "./model";

const route = getRouteApi("/shell/guide");
const parts = ["day", "trouble"] as const;

export function GuidePage() {
  const { t } = useTranslation("guide");
  const { chapter: wanted, q = "" } = route.useSearch();
  const navigate = route.useNavigate();
  const pages = usePages().all;
  const texts: Record<string, Chapter> = t("chapters", { returnObjects: true });
  const all = Object.entries(texts).map(([id, chapter]) => ({ id, chapter }));
  const found = filterChapters(all, q, (path) => pages.find((page) => page.path === path)?.label ?? path);
  const open = all.find(({ id }) => id === wanted) ?? found[0] ?? all[0];
  const titleOf = (id: string) => texts[id]?.title ?? id;

  // Another chapter begins at its head.
  const id = open?.id;
  useLayoutEffect(() => {
    document.getElementById("page")?.scrollTo(0, 0);
  }, [id]);

  return (
    <>
      <PageHead title={t("title")} sub={t("sub")}>
        <Button
          className={styles.noPrint}
          variant="default"
          leftSection={<IconPrinter size={16} />}
          onClick={() => window.print()}
        >
          {t("print")}
        </Button>
      </PageHead>
      <PageBody>
        <div className={styles.guide}>
          <nav className={styles.side} aria-label={t("chaptersLabel")}>
            <TextInput
              aria-label={t("filter")}
              placeholder={t("filter")}
              leftSection={<IconSearch size={15} />}
              value={q}
              onChange={(event) => {
                const typed = event.currentTarget.value;
                // What is found is shown as it is found.
                void navigate({ search: typed === "" ? { chapter: id } : { q: typed }, replace: true });
              }}
            />
            <span className="visually-hidden" role="status">
              {q !== "" && t("found", { count: found.length })}
            </span>
            {found.length === 0 && <p className={styles.none}>{t("none", { q })}</p>}
            {parts.map((part) => {
              const list = found.filter(({ chapter }) => chapter.part === part);
              return (
                list.length > 0 && (
                  <section key={part} className={styles.wide}>
                    <h2>{t(`part.${part}`)}</h2>
                    <ul>
                      {list.map((one) => (
                        <li key={one.id}>
                          <Link
                            to="/guide"
                            search={q === "" ? { chapter: one.id } : { chapter: one.id, q }}
                            aria-current={one.id === id ? "page" : undefined}
                          >
                            {one.chapter.title}
                          </Link>
                        </li>
                      ))}
                    </ul>
                  </section>
                )
              );
            })}
            {found.length > 0 && (
              <NativeSelect
                className={styles.narrow}
                aria-label={t("chapter")}
                value={found.some((one) => one.id === id) ? id : ""}
                onChange={(event) =>
                  void navigate({
                    search: { chapter: event.currentTarget.value, ...(q === "" ? {} : { q }) },
                  })
                }
                data={parts.map((part) => ({
                  group: t(`part.${part}`),
                  items: found
                    .filter(({ chapter }) => chapter.part === part)
                    .map((one) => ({ value: one.id, label: one.chapter.title })),
                }))}
              />
            )}
          </nav>
          {open !== undefined && <ChapterText key={open.id} chapter={open.chapter} titleOf={titleOf} />}
        </div>
      </PageBody>
    </>
  );
}
