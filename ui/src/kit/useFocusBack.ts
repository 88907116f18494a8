// Mantine gives the focus back when a dialog is closed, and not when it is taken away while it is open.
import { useEffect, useState } from "react";

/** Closing gives the focus back to where it was, or to the page's title if that is gone; never from what has it now. */
export function useFocusBack(): void {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      requestAnimationFrame(() => {
        const isLost = document.activeElement === null || document.activeElement === document.body;
        if (!isLost) return;
        const isThere = before instanceof HTMLElement && before.isConnected;
        (isThere ? before : document.querySelector<HTMLElement>("[data-page-title]"))?.focus();
      });
    },
    [before],
  );
}
