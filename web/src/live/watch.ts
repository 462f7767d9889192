// Watching a concert: whoever draws seats is told what is free now, and again whenever that changes.
// How it is found out is this file's affair alone: for now by asking again and again, which the
// service makes cheap (an answer is shared for a second by all who ask).
import { ask, client } from "../api/client";
import { waitAfter } from "../api/resend";
import { Problem } from "../api/problem";
import { unpack } from "../map/states";
import { heard } from "../shell/connection";

export interface Seen {
  /** Each seat's state. */
  states: Uint8Array;
  /** Free places of each standing area, in the order of the seat map. */
  places: number[];
  /** Whether seats can be claimed. */
  sale: "scheduled" | "open" | "paused" | "closed";
}

const EVERY_MS = 1_500;

/** Tells what is seen of a concert of so many seats, until the function that it returns is called. */
export function watch(concert: string, seats: number, onSeen: (seen: Seen) => void): () => void {
  let timer = 0;
  let failures = 0;
  let last = "";
  const stopped = new AbortController();

  const look = async () => {
    const params = { path: { concert } };
    try {
      const body = await ask(client.GET("/v1/concerts/{concert}/availability", { params, signal: stopped.signal }));
      if (stopped.signal.aborted) return;
      failures = 0;
      heard(true);
      const places = body.areas.map(({ counts }) => counts.available);
      const now = `${body.sale_state} ${places.join()} ${body.states}`;
      if (now !== last) onSeen({ states: unpack(body.states, seats), places, sale: body.sale_state });
      last = now;
      wait(EVERY_MS * (0.85 + 0.3 * Math.random()));
    } catch (error) {
      if (stopped.signal.aborted) return;
      failures = Math.min(failures + 1, 4);
      heard(false);
      wait(error instanceof Problem ? waitAfter(error, failures) : EVERY_MS);
    }
  };
  const wait = (ms: number) => {
    clearTimeout(timer);
    // Nobody looks at a hidden page; it asks when it is looked at again.
    if (!document.hidden) timer = window.setTimeout(() => void look(), ms);
  };
  const shown = () => wait(document.hidden ? EVERY_MS : 0);
  document.addEventListener("visibilitychange", shown);
  addEventListener("online", shown);
  void look();
  return () => {
    stopped.abort();
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", shown);
    removeEventListener("online", shown);
  };
}
