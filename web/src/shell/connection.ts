// Whether what is on the page is what there is: offline, reconnecting, or as it should be.
import { store } from "./store";

export type Connection = "fine" | "reconnecting" | "offline";

export const connection = store<Connection>(navigator.onLine ? "fine" : "offline");

addEventListener("offline", () => connection.set("offline"));
// Being on a network does not mean that the service answers, so that has to show first.
addEventListener("online", () => connection.set("reconnecting"));

/** Says how the last question to the service went. */
export function heard(answered: boolean): void {
  if (answered) connection.set("fine");
  else connection.set(navigator.onLine ? "reconnecting" : "offline");
}
