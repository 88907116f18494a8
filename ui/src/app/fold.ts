// Whether this device keeps the rail's fold open. Who looks after the computers has it open from the start.
import { useState } from "react";
import { useMembership } from "./queries";

const KEY = "comanda.fold";

function kept(): boolean | null {
  try {
    const said = localStorage.getItem(KEY);
    return said === null ? null : said === "open";
  } catch {
    return null;
  }
}

export function useFold(): [boolean, (isOpen: boolean) => void] {
  const isAdmin = useMembership()?.role === "admin";
  const [wanted, setWanted] = useState(kept);
  return [
    wanted ?? isAdmin,
    (isOpen) => {
      setWanted(isOpen);
      try {
        localStorage.setItem(KEY, isOpen ? "open" : "closed");
      } catch {
        // Not stored: the choice lasts as long as the page.
      }
    },
  ];
}
