// Deployments: the servers this computer watches; one of them when the address names it.
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Detail } from "./Detail";
import { Overview } from "./Overview";

export function DeploymentsPage() {
  const { deployment } = useSearch({ from: "/shell/deployments" });
  const navigate = useNavigate();
  const open = (id: string | null) =>
    void navigate({ to: "/deployments", search: id === null ? {} : { deployment: id } });
  return deployment === undefined ? (
    <Overview onOpen={open} />
  ) : (
    <Detail key={deployment} id={deployment} onClose={() => open(null)} />
  );
}
