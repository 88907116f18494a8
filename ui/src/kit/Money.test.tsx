import { MantineProvider } from "@mantine/core";
import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { afterEach, expect, it } from "vitest";
import { isAmount } from "./format";
import { MoneyInput } from "./Money";

afterEach(cleanup);

function Form(props: { first: number | null }) {
  const [minor, setMinor] = useState(props.first);
  return (
    <MantineProvider>
      <MoneyInput label="Tip" value={minor} onChange={setMinor} />
      <output>{minor === null ? "empty" : isAmount(minor) ? String(minor) : "unread"}</output>
    </MantineProvider>
  );
}
const said = () => document.querySelector("output")?.textContent;
const invalid = () => screen.getByLabelText("Tip").getAttribute("aria-invalid") === "true";

it("says what it cannot read, and never takes it for empty or for another sum", async () => {
  render(<Form first={null} />);
  const field = screen.getByLabelText("Tip");
  for (const text of ["abc", "1e9", "9 x 5", "-5"]) {
    await userEvent.clear(field);
    expect(said(), text).toBe("empty");
    await userEvent.type(field, text);
    await userEvent.tab();
    expect([said(), invalid()], text).toEqual(["unread", true]);
    expect(field, text).toHaveProperty("value", text);
  }
  await userEvent.clear(field);
  await userEvent.type(field, "12,5");
  expect([said(), invalid()]).toEqual(["1250", false]);
});

it("comes back empty after a form kept what could not be read", () => {
  render(<Form first={NaN} />);
  expect([said(), invalid()]).toEqual(["empty", false]);
});
