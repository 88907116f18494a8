import { MantineProvider } from "@mantine/core";
import { cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { ApiError } from "../api/errors";
import "./i18n";
import { PinPad } from "./PinPad";

afterEach(cleanup);

function show(error: ApiError | null, onPin: (pin: string) => void) {
  return (
    <MantineProvider>
      <PinPad label="PIN" submit="Go" pending={false} error={error} onPin={onPin} />
    </MantineProvider>
  );
}

test("a PIN is typed or pressed, digits only, and sent with Enter", async () => {
  const onPin = vi.fn();
  render(show(null, onPin));
  const field = screen.getByLabelText("PIN");
  await userEvent.type(field, "4a7{Enter}");
  expect(onPin).not.toHaveBeenCalled();
  await userEvent.click(screen.getByRole("button", { name: "1" }));
  await userEvent.click(screen.getByRole("button", { name: "0" }));
  await userEvent.type(field, "{Enter}");
  expect(onPin).toHaveBeenCalledWith("4710");
});

test("a wrong PIN is typed anew, and during a wait none is sent", async () => {
  const onPin = vi.fn();
  const { rerender } = render(show(null, onPin));
  const field = screen.getByLabelText<HTMLInputElement>("PIN");
  await userEvent.type(field, "0000");
  rerender(show(new ApiError(403, "forbidden", "", "pin", null, { tries_left: 2 }), onPin));
  expect(field.value).toBe("");
  expect(document.activeElement).toBe(field);
  rerender(show(new ApiError(429, "too_many_requests", "", "pin", null, { wait_s: 30 }), onPin));
  await userEvent.type(field, "4711{Enter}");
  expect(onPin).not.toHaveBeenCalled();
});
