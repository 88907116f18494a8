import { describe, expect, it } from "vitest";
import type { Menu } from "../api/types";
import { LANGUAGES, plainItem, sample, STEPS } from "./samples";

const place = { origin: "http://127.0.0.1:8787", restaurant: "0197-r", item: "0197-i" };
const all = LANGUAGES.flatMap((language) => STEPS.map((step) => [language, step] as const));

describe("a sample", () => {
  it.each(all)(
    "in %s to %s is of this engine and this restaurant, with the key from outside",
    (language, step) => {
      const text = sample(language, step, place);
      expect(text).toContain(place.origin);
      expect(text).toContain(place.restaurant);
      expect(text).toContain("COMANDA_KEY");
      expect(text).not.toMatch(/ck_|undefined|\[object/);
    },
  );

  it.each(LANGUAGES)("in %s that opens an order does it once", (language) => {
    const text = sample(language, "open", place);
    expect(text).toContain("Idempotency-Key");
    expect(text).toMatch(/"item_id": ?"0197-i"/);
    expect(sample(language, "open", { ...place, item: null })).toMatch(/"lines": ?\[\]/);
  });

  it("orders what needs no choice", () => {
    const item = (id: string, more: object) => ({
      id,
      name: id,
      available: true,
      variants: [],
      group_ids: [],
      ...more,
    });
    const items = [
      item("gone", { available: false }),
      item("sizes", { variants: [{}] }),
      item("choice", { group_ids: ["must"] }),
      item("plain", { group_ids: ["may"] }),
    ];
    const modifier_groups = [
      { id: "must", min: 1 },
      { id: "may", min: 0 },
    ];
    expect(plainItem({ categories: [{ items }], modifier_groups } as unknown as Menu)?.id).toBe("plain");
    expect(plainItem({ categories: [], modifier_groups: [] })).toBeNull();
  });
});
