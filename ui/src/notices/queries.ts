// Keys: ["alerts", restaurant, "targets" or "mail"]: told by the engine with what else it says of alerts.
import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { components } from "../api/schema";

type S = components["schemas"];
export type NoticeTarget = S["NoticeTarget"];
export type NoticeTargets = S["NoticeTargets"];
export type NoticeTried = S["NoticeTried"];
export type NewNoticeTarget = S["NewNoticeTarget"];
export type AddedNoticeTarget = S["AddedNoticeTarget"];
export type MailServer = S["MailServer"];
export type MailSecurity = S["MailSecurity"];
export type MailSetting = S["MailSetting"];
export type NewMailServer = S["NewMailServer"];

export const noticeTargetsQuery = (rid: string) =>
  queryOptions({
    queryKey: ["alerts", rid, "targets"],
    queryFn: () =>
      ask<NoticeTargets>(api.GET("/api/v1/restaurants/{rid}/alerts/targets", { params: { path: { rid } } })),
  });

export const mailServerQuery = (rid: string) =>
  queryOptions({
    queryKey: ["alerts", rid, "mail"],
    queryFn: () =>
      ask<MailSetting>(api.GET("/api/v1/restaurants/{rid}/alerts/mail", { params: { path: { rid } } })),
  });

/** A mailbox is shown as it is; of a web address its origin, which begins with its scheme. */
export const isMail = (target: NoticeTarget) => !target.origin.includes("://");
