// Rewind: in the present, where a moment is chosen; in the past, that moment held against now.
import { useRewound } from "../app/rewound";
import { BesideNow } from "./BesideNow";
import { Choose } from "./Choose";

export function RewindPage() {
  const moment = useRewound();
  return moment === null ? <Choose /> : <BesideNow moment={moment} />;
}
