// Who is asking. Nobody needs an account to buy: who takes a first seat becomes a guest, whose
// session is in a cookie that scripts cannot read.
import { ask, client } from "./client";
import { Problem, isProblem } from "./problem";
import { untilAnswered } from "./resend";

/** Whether this browser was given a session. The cookie cannot be read, so this is remembered. */
const KNOWN = "frontrow.session";

/** Whether there is any point in asking for what is personal. */
export function mayHaveSession(): boolean {
  return localStorage.getItem(KNOWN) !== null;
}

export function rememberSession(): void {
  localStorage.setItem(KNOWN, "yes");
}

export function forgetSession(): void {
  localStorage.removeItem(KNOWN);
}

/** Makes whoever is asking a guest, unless they are somebody. Two tabs at once make one guest. */
async function begin(): Promise<void> {
  await alone("frontrow.session", async () => {
    if (mayHaveSession() && (await isSomebody())) return;
    await untilAnswered(() => ask(client.POST("/v1/sessions", { body: { cookie: true } })));
    rememberSession();
  });
}

async function isSomebody(): Promise<boolean> {
  try {
    await ask(client.GET("/v1/sessions/current"));
    return true;
  } catch (error) {
    if (isProblem(error, "unauthenticated")) return false;
    throw error;
  }
}

/** Runs something that needs a session, with a new one if there is none or it has ended. */
export async function asSomebody<T>(work: () => Promise<T>): Promise<T> {
  if (!mayHaveSession()) await begin();
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Problem) || error.kind !== "unauthenticated") throw error;
    await begin();
    return work();
  }
}

async function alone(name: string, work: () => Promise<void>): Promise<void> {
  // Plain http on another host than one's own has no locks; two guests are then the worst.
  if (navigator.locks === undefined) return work();
  await navigator.locks.request(name, work);
}
