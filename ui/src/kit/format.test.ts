import { describe, expect, it } from "vitest";
import { makeFormat, parseMoney } from "./format";

const euro = makeFormat({ locale: "en", currency: "EUR", exponent: 2, time_zone: "Europe/Madrid" });

describe("money", () => {
  it("is written from minor units by the currency's exponent", () => {
    expect(euro.money(120_460)).toBe("€1,204.60");
    expect(makeFormat({ locale: "en", currency: "JPY", exponent: 0, time_zone: "UTC" }).money(1200)).toBe(
      "¥1,200",
    );
    expect(
      makeFormat({ locale: "en", currency: "KWD", exponent: 3, time_zone: "UTC" }).moneyPlain(1234),
    ).toBe("1.234");
  });

  it("is read as people type it", () => {
    const check = (text: string, exponent: number, minor: number | null) =>
      expect(parseMoney(text, exponent), text).toBe(minor);
    check("12,50", 2, 1250);
    check("12.5", 2, 1250);
    check("12.", 2, 1200);
    check("€ 12", 2, 1200);
    check("1.204,60", 2, 120_460);
    check("1,204.60", 2, 120_460);
    check("1,204", 2, 120_400);
    check("1200", 0, 1200);
    check("1.234", 3, 1234);
    check(".5", 2, 50);
    check("-3,20", 2, -320);
    check("", 2, null);
    check("abc", 2, null);
  });

  it("is never guessed from what is no amount", () => {
    for (const text of [
      "0.005",
      "1e9",
      "9 x 5",
      "9.5.0",
      "12.345",
      "1,2,3",
      "01,204",
      "--3",
      "+4",
      "5-",
      ".",
    ])
      expect(parseMoney(text, 2), text).toBeNull();
    expect(parseMoney("12.5", 0)).toBeNull();
  });

  it("has threes behind the mark that the restaurant groups by, and decimals behind the other", () => {
    expect(parseMoney("12,345", 2, ".")).toBe(1_234_500);
    expect(parseMoney("12,345", 2, ",")).toBeNull();
    expect(parseMoney("12.345", 2, ",")).toBe(1_234_500);
    expect(parseMoney("1,234", 3, ".")).toBe(1_234_000);
    expect(parseMoney("1,234", 3, ",")).toBe(1234);
    expect(parseMoney("1 204,60", 2, ",")).toBe(120_460);
    expect(parseMoney("1204,60", 2, ",")).toBe(120_460);
  });
});

describe("time", () => {
  it("is the restaurant's, not the device's", () => {
    expect(euro.time(Date.UTC(2026, 10, 20, 18, 42))).toBe("19:42");
    expect(euro.date(Date.UTC(2026, 10, 20, 23, 30))).toBe("21 Nov 2026");
  });

  it("leaves a business date where it is in every zone", () => {
    for (const time_zone of ["Pacific/Auckland", "America/Los_Angeles"]) {
      expect(makeFormat({ locale: "en-GB", currency: "EUR", exponent: 2, time_zone }).day("2026-11-20")).toBe(
        "Fri 20 Nov",
      );
    }
  });

  it("says spans in the largest unit that still tells something", () => {
    expect(euro.span(42_000)).toBe("42 s");
    expect(euro.span(11 * 60_000)).toBe("11 min");
    expect(euro.span(72 * 60_000)).toBe("1 h 12");
    expect(euro.span(72 * 3600_000)).toBe("3 d");
  });

  it("names days and months in the words of the screen, whatever the restaurant writes", () => {
    const english = { locale: "en", currency: "EUR", exponent: 2, time_zone: "Europe/Madrid" };
    const spanish = makeFormat(english, "es");
    expect(spanish.weekdayLong("2026-11-21")).toBe("sábado");
    expect(spanish.day("2026-11-21")).toBe("sáb 21 nov");
    expect(spanish.dayLong("2026-11-21")).toBe("sábado, 21 de noviembre de 2026");
    expect(makeFormat({ ...english, locale: "es" }, "en").weekdayLong("2026-11-21")).toBe("Saturday");
    expect(spanish.money(120460)).toBe("€1,204.60");
  });
});

describe("sizes and waits", () => {
  it("are said in the unit that tells them apart", () => {
    expect(euro.bytes(0)).toBe("0 B");
    expect(euro.bytes(999)).toBe("999 B");
    expect(euro.bytes(1_536_000)).toBe("1.5 MB");
    expect(euro.bytes(252_000_000_000)).toBe("252 GB");
    expect(euro.took(340)).toBe("0.34 ms");
    expect(euro.took(12_400)).toBe("12 ms");
    expect(euro.took(1_240_000)).toBe("1.2 s");
  });
});
