import { Menu } from "@mantine/core";
import { IconCheck, IconChevronRight, IconPlus, IconSelector } from "@tabler/icons-react";
import { Link, useNavigate, useRouterState } from "@tanstack/react-router";
import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { useBadges } from "./badges";
import { Mark } from "./Brand";
import { MeMenu } from "./MeMenu";
import { type PageEntry, usePages } from "./pages";
import { meQuery, useMay, useMembership, useRestaurant } from "./queries";
import { chooseRestaurant } from "./session";
import { useFold } from "./fold";
import styles from "./shell.module.css";

export function Rail() {
  const { t } = useTranslation();
  const { reachable } = usePages();
  const badges = useBadges();
  const behind = reachable.filter((page) => page.rail === "behind");
  return (
    <nav className={styles.rail} aria-label={t("rail")}>
      <RestaurantSwitch />
      <div className={styles.pages}>
        {reachable
          .filter((page) => page.rail === "work")
          .map((page) => (
            <Entry key={page.path} page={page} badge={badges[page.title]} />
          ))}
        <hr />
        {reachable
          .filter((page) => page.rail === "house")
          .map((page) => (
            <Entry key={page.path} page={page} badge={badges[page.title]} />
          ))}
        {behind.length > 0 && <Behind pages={behind} />}
      </div>
      <MeMenu />
    </nav>
  );
}

/** What is opened when something is wrong, folded away until then; closed, it still shows where one is. */
function Behind({ pages }: { pages: PageEntry[] }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useFold();
  const pathname = useRouterState({ select: (state) => state.location.pathname });
  const id = useId();
  return (
    <>
      <button
        type="button"
        className={`${styles.entry} ${styles.fold}`}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
      >
        <IconChevronRight size={17} stroke={1.7} aria-hidden />
        <span>{t("behind")}</span>
      </button>
      <div id={id} role="group" aria-label={t("behind")} className={styles.folded}>
        {pages
          .filter((page) => isOpen || pathname === page.path)
          .map((page) => (
            <Entry key={page.path} page={page} />
          ))}
      </div>
    </>
  );
}

export function Entry(props: { page: PageEntry; badge?: number | string | undefined; onGo?: () => void }) {
  const { page, badge } = props;
  const Icon = page.icon;
  return (
    <Link to={page.path} className={styles.entry} activeProps={{ "data-on": "" }} onClick={props.onGo}>
      {Icon !== undefined && <Icon size={17} stroke={1.7} />}
      <span>{page.label}</span>
      {badge !== undefined && badge !== 0 && <b className="num">{badge}</b>}
    </Link>
  );
}

export function RestaurantSwitch() {
  const { t } = useTranslation();
  const restaurant = useRestaurant();
  const current = useMembership();
  const others = useQuery(meQuery).data?.restaurants ?? [];
  const name = restaurant?.name ?? current?.name ?? "";
  const mayAdd = useMay()("restaurants.write");
  const navigate = useNavigate();
  const pathname = useRouterState({ select: (state) => state.location.pathname });
  if (others.length < 2 && !mayAdd) {
    return (
      <div className={styles.brand}>
        <Mark />
        <span title={name}>{name}</span>
      </div>
    );
  }
  return (
    <Menu position="bottom-start" width={220}>
      <Menu.Target>
        <button
          type="button"
          className={styles.brand}
          aria-label={t(others.length < 2 ? "restaurantMore" : "restaurantSwitch", { name })}
        >
          <Mark />
          <span>{name}</span>
          <IconSelector size={14} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {others.map((one) => (
          <Menu.Item
            key={one.id}
            onClick={() => {
              chooseRestaurant(one.id);
              // An order of one is not found at the other: its list is.
              void navigate({ to: `/${pathname.split("/")[1] ?? ""}` });
            }}
            rightSection={one.id === current?.id ? <IconCheck size={14} /> : null}
          >
            {one.name}
          </Menu.Item>
        ))}
        {mayAdd && (
          <>
            <Menu.Divider />
            <Menu.Item
              leftSection={<IconPlus size={14} />}
              onClick={() => void navigate({ to: "/restaurants/new" })}
            >
              {t("restaurantAdd")}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
