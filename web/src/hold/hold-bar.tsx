// The clock of what somebody holds, on every page but the hold's own.
import { useLocation } from "preact-iso";

import { useStore } from "../shell/store";
import { text } from "../text/en";
import { clock } from "../text/format";
import { useCountdown } from "./countdown";
import { holds, type RememberedHold } from "./memory";

export function HoldBar() {
  const { path } = useLocation();
  const kept = useStore(holds);
  const next = [...kept].sort((one, other) => one.deadline - other.deadline)[0];
  if (next === undefined || path.startsWith("/holds/")) return null;
  return <Bar hold={next} />;
}

function Bar({ hold }: { hold: RememberedHold }) {
  const left = useCountdown(hold.deadline);
  if (left === 0) return null;
  return (
    <a class="hold-bar" href={`/holds/${hold.concert}/${hold.id}`}>
      <span>{text.hold.bar(clock(left))}</span>
      <b>{text.hold.barAction}</b>
    </a>
  );
}
