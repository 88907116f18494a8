import { MantineProvider } from "@mantine/core";
import { cleanup, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { createRef } from "react";
import { afterEach, expect, test, vi } from "vitest";
import type { Menu } from "../api/types";
import "../app/i18n";
import { Picker } from "./Picker";

afterEach(cleanup);

const item = (name: string) => ({
  id: name,
  category_id: "c",
  name,
  price_minor: 100,
  tax_rate_bp: 1000,
  station: "kitchen",
  available: true,
  position: 0,
  variants: [],
  group_ids: [],
  allergens: [],
  stock_tracked: false,
});
const menuOf = (...names: string[]) =>
  ({ categories: [{ id: "c", name: "Pizze", position: 0, items: names.map(item) }] }) as unknown as Menu;

const input = createRef<HTMLInputElement>();
const nothing = () => undefined;

function picker(menu: Menu, onAdd: (name: string) => void, early?: { typed: string; isEntered: boolean }) {
  return (
    <MantineProvider>
      <Picker
        menu={menu}
        lines={[]}
        input={input}
        isFirst
        {...(early !== undefined && { early })}
        onAdd={(item) => onAdd(item.name)}
        onChange={nothing}
      />
    </MantineProvider>
  );
}
const field = () => screen.getByRole<HTMLInputElement>("combobox");

test("Enter before the dish is in the menu takes it when it comes", async () => {
  const onAdd = vi.fn();
  const { rerender } = render(picker(menuOf("Diavola"), onAdd));
  await userEvent.type(field(), "marg{Enter}");
  expect(onAdd).not.toHaveBeenCalled();
  rerender(picker(menuOf("Diavola", "Margherita"), onAdd));
  await waitFor(() => expect(onAdd.mock.calls).toEqual([["Margherita"]]));
  expect(field().value).toBe("");
});

test("other letters after Enter take back what was meant", async () => {
  const onAdd = vi.fn();
  const { rerender } = render(picker(menuOf("Diavola"), onAdd));
  await userEvent.type(field(), "marg{Enter}o");
  rerender(picker(menuOf("Diavola", "Margherita", "Margot"), onAdd));
  await userEvent.type(field(), "{Backspace}");
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(onAdd).not.toHaveBeenCalled();
});

test("what was typed before the field was there is in it, and Enter after it counts", async () => {
  const onAdd = vi.fn();
  render(picker(menuOf("Margherita"), onAdd, { typed: "mar", isEntered: false }));
  expect(field().value).toBe("mar");
  expect(onAdd).not.toHaveBeenCalled();
  cleanup();
  render(picker(menuOf("Margherita"), onAdd, { typed: "mar", isEntered: true }));
  await waitFor(() => expect(onAdd.mock.calls).toEqual([["Margherita"]]));
});
