import { describe, expect, it } from "vitest";
import { words as en } from "./words-en";
import { words as es } from "./words-es";

function keys(texts: object, prefix = ""): string[] {
  return Object.entries(texts).flatMap(([key, value]) =>
    typeof value === "object" ? keys(value as object, `${prefix}${key}.`) : [`${prefix}${key}`],
  );
}

function placeholders(texts: object, prefix = ""): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).flatMap(([key, value]) =>
      typeof value === "object"
        ? Object.entries(placeholders(value as object, `${prefix}${key}.`))
        : [[`${prefix}${key}`, (String(value).match(/\{\{\w+\}\}/g) ?? []).sort().join(" ")]],
    ),
  );
}

describe("the two languages", () => {
  it("speak about the same features", () => {
    expect(Object.keys(es).sort()).toEqual(Object.keys(en).sort());
  });

  it.each(Object.keys(en))("have the same keys and the same placeholders in %s", (feature) => {
    expect(keys(es[feature] ?? {}).sort()).toEqual(keys(en[feature] ?? {}).sort());
    expect(placeholders(es[feature] ?? {})).toEqual(placeholders(en[feature] ?? {}));
  });

  it("leave no text empty", () => {
    const empty = [en, es].flatMap((language) =>
      Object.entries(language).flatMap(([feature, texts]) =>
        keys(texts)
          .filter(
            (key) =>
              key.split(".").reduce<unknown>((at, part) => (at as Record<string, unknown>)[part], texts) ===
              "",
          )
          .map((key) => `${feature}:${key}`),
      ),
    );
    expect(empty).toEqual([]);
  });
});
