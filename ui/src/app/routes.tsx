// Every page of the window, as a plain list. To add one: a createRoute here, its name in `routeTree`, and its
// words under `nav` in locales/*/common.json. The rail, the search and the keys are made from this list.
import { createRootRoute, createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { IconBell, IconSettings, IconSun, IconToolsKitchen2, IconUsers } from "@tabler/icons-react";
import type { ComponentType } from "react";
import { NotFoundPage } from "./NotFoundPage";
import { currentSession } from "./session";
import { Shell } from "./Shell";
import { text } from "./search-params";
import type common from "../locales/en/common.json";

declare module "@tanstack/react-router" {
  interface StaticDataRouteOption {
    /** How the page is called: a key of `nav` in common.json. */
    title?: keyof typeof common.nav;
    /** Permission without which the page is neither shown nor opened. */
    needs?: string;
    /** Where the rail shows it; pages of one entity have none. */
    rail?: "work" | "house";
    icon?: ComponentType<{ size?: number; stroke?: number }>;
    /** Key sequence that goes there. */
    keys?: string;
  }
}

const root = createRootRoute({ notFoundComponent: NotFoundPage });

const firstRun = createRoute({
  getParentRoute: () => root,
  path: "/first-run",
  component: lazyRouteComponent(() => import("../first-run/FirstRunPage"), "FirstRunPage"),
});
const login = createRoute({
  getParentRoute: () => root,
  path: "/login",
  validateSearch: text("next"),
  component: lazyRouteComponent(() => import("../login/LoginPage"), "LoginPage"),
});

const shell = createRoute({
  getParentRoute: () => root,
  id: "shell",
  component: Shell,
  notFoundComponent: NotFoundPage,
  beforeLoad: ({ location }) => {
    if (currentSession() === null) {
      const next = location.pathname === "/" ? {} : { next: location.href };
      throw redirect({ to: "/login", search: next });
    }
  },
});

const home = createRoute({ getParentRoute: () => shell, path: "/" });

const today = createRoute({
  getParentRoute: () => shell,
  path: "/today",
  staticData: { title: "today", needs: "today.read", rail: "work", icon: IconSun, keys: "g t" },
  component: lazyRouteComponent(() => import("../today/TodayPage"), "TodayPage"),
});
const menu = createRoute({
  getParentRoute: () => shell,
  path: "/menu",
  staticData: { title: "menu", needs: "menu.read", rail: "work", icon: IconToolsKitchen2, keys: "g m" },
  validateSearch: text("category", "q", "item"),
  component: lazyRouteComponent(() => import("../menu/MenuPage"), "MenuPage"),
});
const staff = createRoute({
  getParentRoute: () => shell,
  path: "/staff",
  staticData: { title: "staff", needs: "staff.read", rail: "work", icon: IconUsers, keys: "g p" },
  validateSearch: text("person"),
  component: lazyRouteComponent(() => import("../staff/StaffPage"), "StaffPage"),
});
const inbox = createRoute({
  getParentRoute: () => shell,
  path: "/inbox",
  staticData: { title: "inbox", needs: "inbox.read", rail: "house", icon: IconBell, keys: "g i" },
  validateSearch: text("show"),
  component: lazyRouteComponent(() => import("../inbox/InboxPage"), "InboxPage"),
});
const settings = createRoute({
  getParentRoute: () => shell,
  path: "/settings",
  staticData: { title: "settings", rail: "house", icon: IconSettings, keys: "g s" },
  component: lazyRouteComponent(() => import("../settings/SettingsPage"), "SettingsPage"),
});

/** In the order of the rail. */
export const pages = [today, menu, staff, inbox, settings] as const;

export const routeTree = root.addChildren([firstRun, login, shell.addChildren([home, ...pages])]);
