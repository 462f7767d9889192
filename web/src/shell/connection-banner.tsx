// Says across the page when what it shows may be old.
import { text } from "../text/en";
import { connection } from "./connection";
import { useStore } from "./store";

export function ConnectionBanner() {
  const state = useStore(connection);
  return (
    <div class="banner" role="status" data-state={state}>
      {state === "offline" && text.live.offline}
      {state === "reconnecting" && text.live.reconnecting}
    </div>
  );
}
