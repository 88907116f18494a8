// Load tests: what was run and what can be run; a plan, a run, or two runs compared, by what the address says.
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Compare } from "./Compare";
import { Overview } from "./Overview";
import { PlanPage } from "./PlanPage";
import { RunPage } from "./RunPage";

export function LoadsPage() {
  const { run, plan, before, after, target } = useSearch({ from: "/shell/load-tests" });
  const go = useGo();
  if (run !== undefined) return <RunPage key={run} id={run} onGo={go} />;
  if (plan !== undefined) return <PlanPage key={plan} wanted={plan} target={target} onGo={go} />;
  if (before !== undefined && after !== undefined) return <Compare before={before} after={after} onGo={go} />;
  return <Overview onGo={go} />;
}

export type Go = (search: { run?: string; plan?: string; before?: string; after?: string }) => void;

function useGo(): Go {
  const navigate = useNavigate();
  return (search) => void navigate({ to: "/load-tests", search });
}
