// The holds of this browser, in every tab: so that wherever somebody is on the site, the clock of
// what they hold is in sight. The service has the truth; this only knows where to look.
import type { Reservation } from "../api/queries";
import { store } from "../shell/store";

const KEPT = "frontrow.holds";

export interface RememberedHold {
  concert: string;
  id: string;
  /** By the service's clock, in milliseconds since 1970. */
  deadline: number;
}

function read(): RememberedHold[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEPT) ?? "[]");
    return Array.isArray(kept) ? (kept as RememberedHold[]) : [];
  } catch {
    return [];
  }
}

export const holds = store<RememberedHold[]>(read());

addEventListener("storage", (event) => {
  if (event.key === KEPT) holds.set(read());
});

/** Keeps in mind what a reservation is by now: a hold, or not any more. */
export function rememberHold(reservation: Reservation): void {
  const others = read().filter((hold) => hold.id !== reservation.id);
  const { concert, id } = reservation;
  const held = { concert, id, deadline: Date.parse(reservation.deadline) };
  write(reservation.state === "held" ? [...others, held] : others);
}

export function forgetHold(id: string): void {
  const kept = read();
  if (kept.some((hold) => hold.id === id)) write(kept.filter((hold) => hold.id !== id));
}

export function forgetHolds(): void {
  write([]);
}

function write(kept: RememberedHold[]): void {
  localStorage.setItem(KEPT, JSON.stringify(kept));
  holds.set(kept);
}
