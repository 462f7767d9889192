// Tickets on this device, for when there is no network at the door.
import type { Purchase } from "../api/queries";

const KEPT = "frontrow.tickets";

export function keptTickets(): Purchase[] | undefined {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEPT) ?? "null");
    return Array.isArray(kept) ? (kept as Purchase[]) : undefined;
  } catch {
    return undefined;
  }
}

export function keepTickets(purchases: readonly Purchase[]): void {
  localStorage.setItem(KEPT, JSON.stringify(purchases));
}

export function forgetTickets(): void {
  localStorage.removeItem(KEPT);
}
