import { describe, expect, it } from "vitest";
import type { BackupTrigger } from "./queries";
import { draftOf, statusesOf, wishOf } from "./trigger";

const TRIGGER: BackupTrigger = {
  method: "POST",
  url: "https://shop.example/backups",
  body: null,
  headers: [
    { name: "x-api-key", value: null },
    { name: "x-from", value: "comanda" },
  ],
  statuses: [202],
  says: null,
  poll: {
    url: null,
    pointer: "/href",
    every_s: 5,
    done: { pointer: "/state", equals: "done" },
    failed: null,
  },
  limit_s: 600,
};

describe("how a backup is asked for", () => {
  it("goes back as it came, and a secret that is not typed again is left out", () => {
    const headers = [
      { name: "x-api-key", value: null, secret: true },
      { name: "x-from", value: "comanda", secret: false },
    ];
    expect(wishOf(draftOf(TRIGGER))).toEqual({ ...TRIGGER, headers });
  });

  it("says nothing of what is left empty", () => {
    const wish = wishOf({ ...draftOf(null), url: "https://shop.example/", method: "GET", body: "left over" });
    expect([wish.body, wish.says, wish.poll, wish.statuses]).toEqual([null, null, null, []]);
  });

  it("reads statuses as people type them, and lets the engine refuse what is none", () => {
    expect(statusesOf(" 200,202  409;")).toEqual([200, 202, 409]);
    expect(statusesOf("2xx 200")).toEqual([0, 200]);
  });
});
