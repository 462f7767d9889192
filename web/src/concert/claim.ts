// Claiming seats, once. A claim is written down under its key before it is sent: should the answer
// get lost, or the page with it, the same claim goes out again and finds the same reservation.
import { freshKey } from "../api/keys";
import { Problem } from "../api/problem";
import type { Reservation } from "../api/queries";
import { reserve, type Claim } from "../api/reservations";

interface Pending {
  key: string;
  body: Claim;
  /** When it was first sent, by this device: long after that nobody waits for it any more. */
  at: number;
}

const WAITED_FOR_MS = 3 * 60_000;

const place = (concert: string) => `frontrow.claim.${concert}`;

export function pendingClaim(concert: string): Pending | null {
  try {
    const kept = JSON.parse(sessionStorage.getItem(place(concert)) ?? "null") as Pending | null;
    return kept !== null && Date.now() - kept.at < WAITED_FOR_MS ? kept : null;
  } catch {
    return null;
  }
}

export function claim(concert: string, body: Claim): Promise<Reservation> {
  // The same wish, still without an answer, is the same claim.
  const before = pendingClaim(concert);
  const same = before !== null && JSON.stringify(before.body) === JSON.stringify(body);
  const pending = same ? before : { key: freshKey(), body, at: Date.now() };
  sessionStorage.setItem(place(concert), JSON.stringify(pending));
  return send(concert, pending);
}

/** Goes on with a claim that was sent before the page was loaded anew, if there is one. */
export function resumeClaim(concert: string): Promise<Reservation> | null {
  const pending = pendingClaim(concert);
  return pending === null ? null : send(concert, pending);
}

async function send(concert: string, pending: Pending): Promise<Reservation> {
  try {
    const held = await reserve(concert, pending.key, pending.body);
    sessionStorage.removeItem(place(concert));
    return held;
  } catch (error) {
    // What was decided is decided; what was not answered is still to be asked.
    if (!(error instanceof Problem) || !error.passes) sessionStorage.removeItem(place(concert));
    throw error;
  }
}
