// How a backup is asked for, as the form holds it: every field is there, empty where nothing is said.
import type { BackupTrigger, TriggerWish } from "./queries";

export interface HeaderDraft {
  name: string;
  value: string;
  secret: boolean;
  /** A secret one whose value is kept: left empty it stays. */
  kept: boolean;
}

export interface Says {
  pointer: string;
  equals: string;
}

export interface Draft {
  method: BackupTrigger["method"];
  url: string;
  body: string;
  headers: HeaderDraft[];
  /** As people type them: "200, 202". */
  statuses: string;
  says: Says;
  polls: boolean;
  where: "answer" | "fixed";
  pollPointer: string;
  pollUrl: string;
  every_s: number;
  done: Says;
  failed: Says;
  limit_s: number;
}

const NOTHING: Says = { pointer: "", equals: "" };

export function draftOf(trigger: BackupTrigger | null): Draft {
  const poll = trigger?.poll ?? null;
  return {
    method: trigger?.method ?? "POST",
    url: trigger?.url ?? "",
    body: trigger?.body ?? "",
    headers: (trigger?.headers ?? []).map((header) => ({
      name: header.name,
      value: header.value ?? "",
      secret: header.value == null,
      kept: header.value == null,
    })),
    statuses: (trigger?.statuses ?? []).join(", "),
    says: trigger?.says ?? NOTHING,
    polls: poll !== null,
    where: poll?.url == null ? "answer" : "fixed",
    pollPointer: poll?.pointer ?? "",
    pollUrl: poll?.url ?? "",
    every_s: poll?.every_s ?? 5,
    done: poll?.done ?? NOTHING,
    failed: poll?.failed ?? NOTHING,
    limit_s: trigger?.limit_s ?? 300,
  };
}

const said = (says: Says) => (says.pointer.trim() === "" && says.equals === "" ? null : says);

/** The statuses that are numbers; what is none goes as 0, and is refused with its place. */
export const statusesOf = (typed: string): number[] =>
  typed
    .split(/[\s,;]+/)
    .filter((one) => one !== "")
    .map((one) => (/^\d{1,4}$/.test(one) ? Number(one) : 0));

export function wishOf(draft: Draft): TriggerWish {
  return {
    method: draft.method,
    url: draft.url,
    body: draft.method === "GET" || draft.body === "" ? null : draft.body,
    headers: draft.headers.map(({ name, value, secret }) => ({
      name,
      value: value === "" ? null : value,
      secret,
    })),
    statuses: statusesOf(draft.statuses),
    says: said(draft.says),
    poll: draft.polls
      ? {
          url: draft.where === "fixed" ? draft.pollUrl : null,
          pointer: draft.where === "answer" ? draft.pollPointer : null,
          every_s: draft.every_s,
          done: draft.done,
          failed: said(draft.failed),
        }
      : null,
    limit_s: draft.limit_s,
  };
}
