// Mantine gives the focus back when a dialog is closed, and not when it is taken away while it is open.
import { useEffect, useState } from "react";

/** Closing gives the focus back to where it was, unless something else has taken it. */
export function useFocusBack(): void {
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      requestAnimationFrame(() => {
        const isLost = document.activeElement === null || document.activeElement === document.body;
        if (isLost && before instanceof HTMLElement && before.isConnected) before.focus();
      });
    },
    [before],
  );
}
