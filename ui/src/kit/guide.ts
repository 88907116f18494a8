// Which chapter of the guide says what to do, step by step, about what Health and the alerts name.
const chapters = {
  database_unreadable: "database",
  restaurant_unreadable: "database",
  disk_full: "disk",
  disk_nearly_full: "disk",
  disk_low: "disk",
  tickets_stuck: "printer",
  backups_fail: "backups",
  backups_failing: "backups",
  backups_behind: "backups",
  backups_too_old: "backups",
  backups_none: "backups",
  sync_queue_old: "away",
  limit_violations: "flood",
} as const;

export type GuideChapter =
  (typeof chapters)[keyof typeof chapters] | "died" | "away" | "clock" | "flood" | "redis";

export const guideFor: Readonly<Partial<Record<string, GuideChapter>>> = chapters;
