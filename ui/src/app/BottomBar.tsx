// The rail of small screens: the four pages used most and a sheet with everything else.
import { Drawer } from "@mantine/core";
import { IconKeyboard, IconMenu2 } from "@tabler/icons-react";
import { Link, useRouterState } from "@tanstack/react-router";
import { Fragment, useState } from "react";
import { useTranslation } from "react-i18next";
import { useBadges } from "./badges";
import { MeMenu } from "./MeMenu";
import { usePages } from "./pages";
import { Entry } from "./Rail";
import styles from "./shell.module.css";

const DIRECT = 4;
/** As the rail has them. */
const PARTS = ["work", "house", "behind"] as const;

export function BottomBar(props: { onKeys: () => void }) {
  const { t } = useTranslation();
  const { reachable } = usePages();
  const badges = useBadges();
  const [open, setOpen] = useState(false);
  const pathname = useRouterState({ select: (state) => state.location.pathname });
  const direct = reachable.slice(0, DIRECT);
  const isElsewhere = !direct.some((page) => pathname === page.path || pathname.startsWith(`${page.path}/`));
  return (
    <nav className={styles.bottom} aria-label={t("rail")}>
      {direct.map((page) => {
        const Icon = page.icon;
        return (
          <Link key={page.path} to={page.path} activeProps={{ "data-on": "" }}>
            {Icon !== undefined && <Icon size={20} stroke={1.7} />}
            <span>{page.label}</span>
          </Link>
        );
      })}
      <button type="button" data-on={isElsewhere ? "" : undefined} onClick={() => setOpen(true)}>
        <IconMenu2 size={20} stroke={1.7} />
        <span>{t("more")}</span>
      </button>
      <Drawer opened={open} onClose={() => setOpen(false)} position="bottom" size="auto" title={t("more")}>
        <div className={styles.sheet}>
          {PARTS.map((part) => (
            <Fragment key={part}>
              {reachable
                .filter((page) => page.rail === part)
                .map((page) => (
                  <Entry key={page.path} page={page} badge={badges[page.title]} onGo={() => setOpen(false)} />
                ))}
              <hr />
            </Fragment>
          ))}
          <button
            type="button"
            className={styles.entry}
            onClick={() => {
              setOpen(false);
              props.onKeys();
            }}
          >
            <IconKeyboard size={17} stroke={1.7} />
            <span>{t("keys.map")}</span>
          </button>
          <MeMenu />
        </div>
      </Drawer>
    </nav>
  );
}
