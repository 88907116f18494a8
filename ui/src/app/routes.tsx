// Every page of the window, as a plain list. To add one: a createRoute here, its name in `routeTree`, and its
// words under `nav` in locales/*/common.json. The rail, the search and the keys are made from this list.
import type { Permission } from "../api/types";
import { createRootRoute, createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import {
  IconArmchair2,
  IconBell,
  IconBellRinging,
  IconBook,
  IconCash,
  IconDatabaseExport,
  IconDevices2,
  IconChecklist,
  IconChartBar,
  IconChefHat,
  IconClock,
  IconFileImport,
  IconFileText,
  IconFingerprint,
  IconGauge,
  IconHeartbeat,
  IconHistory,
  IconReceipt,
  IconServer2,
  IconSettings,
  IconSun,
  IconToolsKitchen2,
  IconUsers,
} from "@tabler/icons-react";
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
    needs?: Permission;
    /** Where the rail shows it, "behind" in its fold; pages of one entity have none. */
    rail?: "work" | "house" | "behind";
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

const pair = createRoute({
  getParentRoute: () => root,
  path: "/pair",
  component: lazyRouteComponent(() => import("../house/PairingPage"), "PairingPage"),
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

/** What no other page answers to, inside the frame: the way back is beside it. */
const nowhere = createRoute({ getParentRoute: () => shell, path: "$", component: NotFoundPage });
const home = createRoute({ getParentRoute: () => shell, path: "/" });

const today = createRoute({
  getParentRoute: () => shell,
  path: "/today",
  staticData: { title: "today", needs: "today.read", rail: "work", icon: IconSun, keys: "g t" },
  component: lazyRouteComponent(() => import("../today/TodayPage"), "TodayPage"),
});
const orders = createRoute({
  getParentRoute: () => shell,
  path: "/orders",
  staticData: { title: "orders", needs: "orders.read", rail: "work", icon: IconReceipt, keys: "g o" },
  validateSearch: text("view", "order", "tab", "new", "table", "state", "date", "q"),
  component: lazyRouteComponent(() => import("../orders/OrdersPage"), "OrdersPage"),
});
const kitchen = createRoute({
  getParentRoute: () => shell,
  path: "/kitchen",
  staticData: { title: "kitchen", needs: "kitchen.read", rail: "work", icon: IconChefHat, keys: "g k" },
  validateSearch: text("station"),
  component: lazyRouteComponent(() => import("../kitchen/KitchenPage"), "KitchenPage"),
});
const tables = createRoute({
  getParentRoute: () => shell,
  path: "/tables",
  staticData: { title: "tables", needs: "floor.read", rail: "work", icon: IconArmchair2, keys: "g f" },
  validateSearch: text("area", "view", "table", "whose", "mode"),
  component: lazyRouteComponent(() => import("../floor/FloorPage"), "FloorPage"),
});
const menu = createRoute({
  getParentRoute: () => shell,
  path: "/menu",
  staticData: { title: "menu", needs: "menu.read", rail: "work", icon: IconToolsKitchen2, keys: "g m" },
  validateSearch: text("category", "q", "item", "tab"),
  component: lazyRouteComponent(() => import("../menu/MenuPage"), "MenuPage"),
});
const till = createRoute({
  getParentRoute: () => shell,
  path: "/till",
  staticData: { title: "till", needs: "till.read", rail: "work", icon: IconCash, keys: "g c" },
  validateSearch: text("do"),
  component: lazyRouteComponent(() => import("../till/TillPage"), "TillPage"),
});
const zReport = createRoute({
  getParentRoute: () => shell,
  path: "/till/z/$number",
  staticData: { title: "till", needs: "till.read" },
  component: lazyRouteComponent(() => import("../till/ZReportPage"), "ZReportPage"),
});
const staff = createRoute({
  getParentRoute: () => shell,
  path: "/staff",
  staticData: { title: "staff", needs: "staff.read", rail: "work", icon: IconUsers, keys: "g p" },
  validateSearch: text("person"),
  component: lazyRouteComponent(() => import("../staff/StaffPage"), "StaffPage"),
});
const times = createRoute({
  getParentRoute: () => shell,
  path: "/staff/times",
  staticData: { title: "times", needs: "clock.read" },
  validateSearch: text("week"),
  component: lazyRouteComponent(() => import("../clock/TimesPage"), "TimesPage"),
});
const roles = createRoute({
  getParentRoute: () => shell,
  path: "/staff/roles",
  staticData: { title: "roles", needs: "staff.read" },
  component: lazyRouteComponent(() => import("../staff/RolesPage"), "RolesPage"),
});
const clock = createRoute({
  getParentRoute: () => shell,
  path: "/clock",
  staticData: { title: "clock", needs: "clock.own", rail: "work", icon: IconClock, keys: "g h" },
  component: lazyRouteComponent(() => import("../clock/ClockPage"), "ClockPage"),
});
const tasks = createRoute({
  getParentRoute: () => shell,
  path: "/tasks",
  staticData: { title: "tasks", needs: "tasks.read", rail: "work", icon: IconChecklist, keys: "g d" },
  validateSearch: text("whose"),
  component: lazyRouteComponent(() => import("../tasks/TasksPage"), "TasksPage"),
});
const audit = createRoute({
  getParentRoute: () => shell,
  path: "/audit",
  staticData: { title: "audit", needs: "audit.read", rail: "behind", icon: IconFingerprint, keys: "g a" },
  validateSearch: text("person", "thing", "action", "outcome", "from", "to"),
  component: lazyRouteComponent(() => import("../audit/AuditPage"), "AuditPage"),
});
const rewind = createRoute({
  getParentRoute: () => shell,
  path: "/rewind",
  staticData: { title: "rewind", needs: "rewind.read", rail: "behind", icon: IconHistory, keys: "g b" },
  validateSearch: text("date"),
  component: lazyRouteComponent(() => import("../rewind/RewindPage"), "RewindPage"),
});
const backups = createRoute({
  getParentRoute: () => shell,
  path: "/backups",
  staticData: {
    title: "backups",
    needs: "backups.read",
    rail: "behind",
    icon: IconDatabaseExport,
    keys: "g v",
  },
  component: lazyRouteComponent(() => import("../backups/BackupsPage"), "BackupsPage"),
});
const reports = createRoute({
  getParentRoute: () => shell,
  path: "/reports",
  staticData: { title: "reports", needs: "reports.read", rail: "work", icon: IconChartBar, keys: "g r" },
  validateSearch: text("days", "from", "to", "show", "of"),
  component: lazyRouteComponent(() => import("../reports/ReportsPage"), "ReportsPage"),
});
const addRestaurant = createRoute({
  getParentRoute: () => shell,
  path: "/restaurants/new",
  staticData: { title: "addRestaurant", needs: "restaurants.write" },
  component: lazyRouteComponent(() => import("../first-run/AddRestaurantPage"), "AddRestaurantPage"),
});
const imports = createRoute({
  getParentRoute: () => shell,
  path: "/imports",
  staticData: { title: "imports", needs: "imports.read", rail: "behind", icon: IconFileImport, keys: "g u" },
  component: lazyRouteComponent(() => import("../imports/ImportsPage"), "ImportsPage"),
});
const inbox = createRoute({
  getParentRoute: () => shell,
  path: "/inbox",
  staticData: { title: "inbox", needs: "inbox.read", rail: "house", icon: IconBell, keys: "g i" },
  validateSearch: text("show"),
  component: lazyRouteComponent(() => import("../inbox/InboxPage"), "InboxPage"),
});
const alerts = createRoute({
  getParentRoute: () => shell,
  path: "/alerts",
  staticData: { title: "alerts", needs: "health.read", rail: "behind", icon: IconBellRinging, keys: "g x" },
  component: lazyRouteComponent(() => import("../alerts/AlertsPage"), "AlertsPage"),
});
const deployments = createRoute({
  getParentRoute: () => shell,
  path: "/deployments",
  staticData: {
    title: "deployments",
    needs: "deployments.read",
    rail: "behind",
    icon: IconServer2,
    keys: "g n",
  },
  validateSearch: text("deployment"),
  component: lazyRouteComponent(() => import("../deployments/DeploymentsPage"), "DeploymentsPage"),
});
const loads = createRoute({
  getParentRoute: () => shell,
  path: "/load-tests",
  staticData: { title: "loads", needs: "loads.run", rail: "behind", icon: IconGauge, keys: "g l" },
  validateSearch: text("run", "plan", "before", "after", "target"),
  component: lazyRouteComponent(() => import("../loads/LoadsPage"), "LoadsPage"),
});
const health = createRoute({
  getParentRoute: () => shell,
  // Not /health: there the engine itself answers, for load balancers.
  path: "/engine/health",
  staticData: { title: "health", needs: "health.read", rail: "behind", icon: IconHeartbeat, keys: "g e" },
  component: lazyRouteComponent(() => import("../health/HealthPage"), "HealthPage"),
});
const limits = createRoute({
  getParentRoute: () => shell,
  path: "/engine/limits",
  staticData: { title: "limits", needs: "health.read" },
  component: lazyRouteComponent(() => import("../limits/LimitsPage"), "LimitsPage"),
});
const queries = createRoute({
  getParentRoute: () => shell,
  path: "/engine/queries",
  staticData: { title: "queries", needs: "health.read" },
  validateSearch: text("show"),
  component: lazyRouteComponent(() => import("../queries/QueriesPage"), "QueriesPage"),
});
const logs = createRoute({
  getParentRoute: () => shell,
  path: "/logs",
  staticData: { title: "logs", needs: "logs.read", rail: "behind", icon: IconFileText, keys: "g w" },
  validateSearch: text("stream", "q", "level"),
  component: lazyRouteComponent(() => import("../logs/LogsPage"), "LogsPage"),
});
const sync = createRoute({
  getParentRoute: () => shell,
  path: "/sync",
  staticData: { title: "sync", needs: "sync.read", rail: "behind", icon: IconDevices2, keys: "g y" },
  component: lazyRouteComponent(() => import("../sync/SyncPage"), "SyncPage"),
});
const house = createRoute({
  getParentRoute: () => shell,
  path: "/sync/house",
  staticData: { title: "house", needs: "sync.read" },
  component: lazyRouteComponent(() => import("../house/HousePage"), "HousePage"),
});
const settings = createRoute({
  getParentRoute: () => shell,
  path: "/settings",
  staticData: { title: "settings", rail: "house", icon: IconSettings, keys: "g s" },
  component: lazyRouteComponent(() => import("../settings/SettingsPage"), "SettingsPage"),
});
const apiKeys = createRoute({
  getParentRoute: () => shell,
  path: "/settings/api-keys",
  staticData: { title: "apiKeys", needs: "keys.write" },
  component: lazyRouteComponent(() => import("../api-keys/ApiKeysPage"), "ApiKeysPage"),
});
const printers = createRoute({
  getParentRoute: () => shell,
  path: "/settings/printers",
  staticData: { title: "printers", needs: "kitchen.read" },
  component: lazyRouteComponent(() => import("../printing/PrintersPage"), "PrintersPage"),
});
const guide = createRoute({
  getParentRoute: () => shell,
  path: "/guide",
  staticData: { title: "guide", icon: IconBook, keys: "F1" },
  validateSearch: text("chapter", "q"),
  component: lazyRouteComponent(() => import("../guide/GuidePage"), "GuidePage"),
});
const developers = createRoute({
  getParentRoute: () => shell,
  path: "/developers",
  staticData: { title: "developers", needs: "keys.write" },
  validateSearch: text("in"),
  component: lazyRouteComponent(() => import("../developers/DevelopersPage"), "DevelopersPage"),
});

/** In the order of the rail. */
export const pages = [
  today,
  orders,
  kitchen,
  tables,
  menu,
  till,
  zReport,
  tasks,
  clock,
  staff,
  times,
  roles,
  reports,
  addRestaurant,
  imports,
  inbox,
  audit,
  rewind,
  backups,
  deployments,
  loads,
  sync,
  house,
  health,
  alerts,
  limits,
  queries,
  logs,
  settings,
  printers,
  apiKeys,
  developers,
  guide,
] as const;

export const routeTree = root.addChildren([
  firstRun,
  login,
  pair,
  shell.addChildren([home, ...pages, nowhere]),
]);
