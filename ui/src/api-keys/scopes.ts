// What a key may do, by the part of the house it is about: the word before the dot.
import { useTranslation } from "react-i18next";
import type { Permission } from "../api/types";

export interface Part {
  /** "orders" */
  part: string;
  scopes: Permission[];
}

/** In the order they come in. */
export function byPart(scopes: Permission[]): Part[] {
  const parts = new Map<string, Permission[]>();
  for (const scope of scopes) {
    const part = scope.slice(0, scope.indexOf("."));
    parts.set(part, [...(parts.get(part) ?? []), scope]);
  }
  return [...parts].map(([part, own]) => ({ part, scopes: own }));
}

export function onlyReading(scopes: Permission[]): Permission[] {
  return scopes.filter((scope) => scope.endsWith(".read"));
}

/** The words the page of the roles has for them. */
export function useScopeWords(): { part: (part: string) => string; scope: (scope: Permission) => string } {
  const { t } = useTranslation("staff");
  const word = (key: string, otherwise: string) => t(key as "title", { defaultValue: otherwise });
  return {
    part: (part) => word(`feature.${part}`, part),
    scope: (scope) => word(`permission.${scope}`, scope),
  };
}
