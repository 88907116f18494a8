// Lets the compiler check every key. One line a feature.
import type alerts from "../locales/en/alerts.json";
import type apiKeys from "../locales/en/api-keys.json";
import type audit from "../locales/en/audit.json";
import type backups from "../locales/en/backups.json";
import type clock from "../locales/en/clock.json";
import type common from "../locales/en/common.json";
import type deployments from "../locales/en/deployments.json";
import type firstRun from "../locales/en/first-run.json";
import type floor from "../locales/en/floor.json";
import type health from "../locales/en/health.json";
import type imports from "../locales/en/imports.json";
import type inbox from "../locales/en/inbox.json";
import type jobs from "../locales/en/jobs.json";
import type kitchen from "../locales/en/kitchen.json";
import type limits from "../locales/en/limits.json";
import type notices from "../locales/en/notices.json";
import type ownSessions from "../locales/en/own-sessions.json";
import type loads from "../locales/en/loads.json";
import type login from "../locales/en/login.json";
import type logs from "../locales/en/logs.json";
import type menu from "../locales/en/menu.json";
import type orders from "../locales/en/orders.json";
import type queries from "../locales/en/queries.json";
import type reports from "../locales/en/reports.json";
import type rewind from "../locales/en/rewind.json";
import type secondFactor from "../locales/en/second-factor.json";
import type settings from "../locales/en/settings.json";
import type staff from "../locales/en/staff.json";
import type sync from "../locales/en/sync.json";
import type tasks from "../locales/en/tasks.json";
import type tickets from "../locales/en/tickets.json";
import type till from "../locales/en/till.json";
import type today from "../locales/en/today.json";
import type updates from "../locales/en/updates.json";
import type wallClock from "../locales/en/wall-clock.json";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "common";
    resources: {
      alerts: typeof alerts;
      "api-keys": typeof apiKeys;
      audit: typeof audit;
      backups: typeof backups;
      clock: typeof clock;
      common: typeof common;
      deployments: typeof deployments;
      tasks: typeof tasks;
      "first-run": typeof firstRun;
      floor: typeof floor;
      health: typeof health;
      imports: typeof imports;
      inbox: typeof inbox;
      jobs: typeof jobs;
      kitchen: typeof kitchen;
      limits: typeof limits;
      notices: typeof notices;
      "own-sessions": typeof ownSessions;
      loads: typeof loads;
      login: typeof login;
      logs: typeof logs;
      menu: typeof menu;
      orders: typeof orders;
      queries: typeof queries;
      reports: typeof reports;
      rewind: typeof rewind;
      "second-factor": typeof secondFactor;
      settings: typeof settings;
      staff: typeof staff;
      sync: typeof sync;
      tickets: typeof tickets;
      till: typeof till;
      today: typeof today;
      updates: typeof updates;
      "wall-clock": typeof wallClock;
    };
  }
}
