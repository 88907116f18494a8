// Key: ["alerts", restaurant, "targets"]: told by the engine with what else it says of alerts.
import { queryOptions } from "@tanstack/react-query";
import { api, ask } from "../api/client";
import type { components } from "../api/schema";

type S = components["schemas"];
export type NoticeTarget = S["NoticeTarget"];
export type NoticeTargets = S["NoticeTargets"];
export type NoticeTried = S["NoticeTried"];
export type NewNoticeTarget = S["NewNoticeTarget"];
export type AddedNoticeTarget = S["AddedNoticeTarget"];

export const noticeTargetsQuery = (rid: string) =>
  queryOptions({
    queryKey: ["alerts", rid, "targets"],
    queryFn: () =>
      ask<NoticeTargets>(api.GET("/api/v1/restaurants/{rid}/alerts/targets", { params: { path: { rid } } })),
  });
