// The pages with their names, and which of them this person may open here.
import { useRouter } from "@tanstack/react-router";
import type { ComponentType } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "./queries";

export interface PageEntry {
  path: string;
  title: string;
  label: string;
  rail: "work" | "house" | undefined;
  icon: ComponentType<{ size?: number; stroke?: number }> | undefined;
  keys: string | undefined;
  allowed: boolean;
}

export function usePages(): { all: PageEntry[]; reachable: PageEntry[] } {
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
  return { all, reachable: all.filter((page) => page.allowed && page.rail !== undefined) };
}
