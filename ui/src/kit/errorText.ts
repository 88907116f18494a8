// Turns an error into three sentences: what, why, what to do. Only codes a screen can explain better than the
// engine's own message have texts of their own; every other shows the engine's message.
import { useTranslation } from "react-i18next";
import type { ApiError } from "../api/errors";
import { span } from "./format";

export interface ErrorText {
  what: string;
  why: string;
  remedy: string;
  /** What and why, where there is one line. */
  short: string;
}

const explained = [
  "unreachable",
  "forbidden",
  "not_found",
  "overloaded",
  "too_many_requests",
  "internal",
  "illegal_step",
  "conflict",
] as const;
/** What has to take a write, and does not now. */
const takers = ["disk", "ledger"] as const;
type Explained = (typeof explained)[number];

export function useErrorText(): (error: ApiError) => ErrorText {
  const explain = useExplained();
  return (error) => {
    const text = explain(error);
    return { ...text, short: `${text.what}. ${text.why}` };
  };
}

function useExplained(): (error: ApiError) => Omit<ErrorText, "short"> {
  const { t } = useTranslation();
  return (error) => {
    const code = explained.find((known): known is Explained => known === error.code);
    if (code === undefined)
      return { what: t("error.other.what"), why: error.message, remedy: t("error.other.remedy") };
    const away = code === "overloaded" ? takers.find((one) => one === error.details?.["reason"]) : undefined;
    if (away !== undefined)
      return {
        what: t(`error.${away}.what`),
        why: t(`error.${away}.why`),
        remedy: t(`error.${away}.remedy`),
      };
    const own = code === "illegal_step" || code === "conflict" || code === "forbidden";
    return {
      what: t(`error.${code}.what`),
      why: own && error.message !== "" ? error.message : t(`error.${code}.why`),
      remedy:
        code === "too_many_requests" && error.retryAfterS !== null
          ? t("error.too_many_requests.wait", { wait: span(error.retryAfterS * 1000) })
          : t(`error.${code}.remedy`),
    };
  };
}
