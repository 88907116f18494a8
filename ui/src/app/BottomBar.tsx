// The rail of small screens: the four pages used most and a sheet with everything else.
import { Drawer } from "@mantine/core";
import { IconKeyboard, IconMenu2 } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useBadges } from "./badges";
import { MeMenu } from "./MeMenu";
import { usePages } from "./pages";
import { Entry } from "./Rail";
import styles from "./shell.module.css";

const DIRECT = 4;

export function BottomBar(props: { onKeys: () => void }) {
  const { t } = useTranslation();
  const { reachable } = usePages();
  const badges = useBadges();
  const [open, setOpen] = useState(false);
  return (
    <nav className={styles.bottom} aria-label={t("rail")}>
      {reachable.slice(0, DIRECT).map((page) => {
        const Icon = page.icon;
        return (
          <Link key={page.path} to={page.path} activeProps={{ "data-on": "" }}>
            {Icon !== undefined && <Icon size={20} stroke={1.7} />}
            <span>{page.label}</span>
          </Link>
        );
      })}
      <button type="button" onClick={() => setOpen(true)}>
        <IconMenu2 size={20} stroke={1.7} />
        <span>{t("more")}</span>
      </button>
      <Drawer opened={open} onClose={() => setOpen(false)} position="bottom" size="auto" title={t("more")}>
        <div className={styles.sheet}>
          {reachable.map((page) => (
            <Entry key={page.path} page={page} badge={badges[page.title]} onGo={() => setOpen(false)} />
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
          <hr />
          <MeMenu />
        </div>
      </Drawer>
    </nav>
  );
}
