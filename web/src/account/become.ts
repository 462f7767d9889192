// Becoming somebody, and ceasing to be.
import { ask, client, type Schemas } from "../api/client";
import { isProblem } from "../api/problem";
import { untilAnswered } from "../api/resend";
import { forgetSession, mayHaveSession, rememberSession } from "../api/session";
import { forgetHolds } from "../hold/memory";
import { queries } from "../shell/query-client";
import { forgetTickets } from "../tickets/kept";

export async function signIn(email: string, password: string): Promise<void> {
  await become({ email, password, cookie: true });
}

export async function recover(code: string): Promise<void> {
  await become({ recovery_code: code.trim(), cookie: true });
}

async function become(body: Schemas["AccountSignIn"] | Schemas["RecoverySignIn"]): Promise<void> {
  await untilAnswered(() => ask(client.POST("/v1/sessions", { body })));
  forgetAll();
  rememberSession();
}

/** Makes an account of the guest that somebody is, or a new one. */
export async function register(email: string, password: string, name: string): Promise<void> {
  const body = { email, password, ...(name.trim() === "" ? {} : { name: name.trim() }) };
  const wasGuest = mayHaveSession();
  try {
    await untilAnswered(() => ask(client.POST("/v1/users", { body })));
  } catch (error) {
    if (!wasGuest || !isProblem(error, "unauthenticated")) throw error;
    // The guest's session has ended: there is nothing that could come along.
    await ask(client.DELETE("/v1/sessions/current")).catch(() => undefined);
    await untilAnswered(() => ask(client.POST("/v1/users", { body })));
  }
  if (wasGuest) await queries.invalidateQueries({ queryKey: ["me"] });
  else await signIn(email, password);
}

export async function recoveryCode(): Promise<Schemas["RecoveryBody"]> {
  return untilAnswered(() => ask(client.POST("/v1/sessions/recovery")));
}

export async function signOut(): Promise<void> {
  try {
    await untilAnswered(() => ask(client.DELETE("/v1/sessions/current")));
  } catch (error) {
    // A session that has ended already is what was wanted.
    if (!isProblem(error, "unauthenticated")) throw error;
  }
  forgetSession();
  forgetAll();
}

/** What is another's must not be seen by whoever comes next. */
function forgetAll(): void {
  forgetHolds();
  forgetTickets();
  queries.clear();
}
