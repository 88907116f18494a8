import { useNavigate } from "@tanstack/react-router";
import { api } from "../api/client";
import { endSession } from "./session";

/** Ends the session here at once; the engine is told, but a person leaves also when it does not answer. */
export function useSignOut(): () => void {
  const navigate = useNavigate();
  return () => {
    void api.DELETE("/api/v1/sessions/current").catch(() => undefined);
    // The request above already carries the token: headers are set before the first await yields.
    queueMicrotask(() => {
      endSession();
      void navigate({ to: "/login", search: {} });
    });
  };
}
