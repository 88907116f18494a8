import { expect, it } from "vitest";
import { missingRules } from "./password";

it("a password says what it still lacks", () => {
  const check = (password: string, missing: string[]) =>
    expect(missingRules(password), password).toEqual(missing);
  check("Trattoria-26", []);
  check("trattoria-26", ["upper"]);
  check("password", ["upper", "digit", "special"]);
  check("Ñandú-26", []);
  check("", ["length", "lower", "upper", "digit", "special"]);
});
