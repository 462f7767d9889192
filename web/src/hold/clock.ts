// The page's one notion of the service's time.
import { ServerClock } from "./server-clock";

export const serverClock = new ServerClock(() => performance.now(), () => Date.now(), localStorage);

/** Asks, and notes the service's time from an answer that states it. */
export async function clocked<T extends { now: string }>(send: () => Promise<T>): Promise<T> {
  const sent = performance.now();
  const answer = await send();
  serverClock.note(answer.now, sent, performance.now());
  return answer;
}
