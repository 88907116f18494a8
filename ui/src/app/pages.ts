// The pages with their names, and which of them this person may open here.
import { useRouter } from "@tanstack/react-router";
import type { ComponentType } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "./queries";

export interface PageEntry {
  path: string;
  title: string;
  label: string;
  rail: "work" | "house" | "behind" | undefined;
  icon: ComponentType<{ size?: number; stroke?: number }> | undefined;
  keys: string | undefined;
  allowed: boolean;
}

interface Pages {
  all: PageEntry[];
  /** Those of the rail that this person may open. */
  reachable: PageEntry[];
  /** The same, and then the pages behind them: whatever has an address of its own is found by its name. */
  findable: PageEntry[];
}

export function usePages(): Pages {
  const { t } = useTranslation();
  const may = useMay();
  // Read from the router, not imported: the routes import the shell.
  const { routesById } = useRouter();
  const all = Object.values(routesById).flatMap((route) => {
    const about = route.options.staticData;
    if (about?.title === undefined) return [];
    return [
      {
        path: route.fullPath,
        title: about.title,
        label: t(`nav.${about.title}`),
        rail: about.rail,
        icon: about.icon,
        keys: about.keys,
        allowed: about.needs === undefined || may(about.needs),
      },
    ];
  });
  const reachable = all.filter((page) => page.allowed && page.rail !== undefined);
  const behind = all.filter((page) => page.allowed && page.rail === undefined && !page.path.includes("$"));
  return { all, reachable, findable: [...reachable, ...behind] };
}
