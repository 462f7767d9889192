// What can be done with seats. Each of these may be sent any number of times and is done once: the
// service knows a claim by its key, and a reservation by its id.
import { clocked } from "../hold/clock";
import { forgetHold, rememberHold } from "../hold/memory";
import { queries } from "../shell/query-client";
import { ask, client, type Schemas } from "./client";
import { isProblem } from "./problem";
import { reservation, type Reservation } from "./queries";
import { untilAnswered } from "./resend";
import { asSomebody } from "./session";

export type Claim = Schemas["Claim"];
export type Selected = Schemas["Selected"];

const ONE = "/v1/concerts/{concert}/reservations/{reservation}";
/** How long confirming may wait for the durable store, which rarely takes a tenth of a second. */
const PREFER = "wait=3";

/** Does it, and keeps what came of it for every page that shows it. */
async function done(send: () => Promise<Reservation>): Promise<Reservation> {
  const answer = await asSomebody(() => untilAnswered(() => clocked(send)));
  keep(answer);
  return answer;
}

export function keep(answer: Reservation): void {
  queries.setQueryData(reservation(answer.concert, answer.id).queryKey, answer);
  void queries.invalidateQueries({ queryKey: ["own", answer.concert] });
  rememberHold(answer);
}

export function reserve(concert: string, key: string, body: Claim): Promise<Reservation> {
  const params = { path: { concert }, header: { "Idempotency-Key": key } };
  return done(() => ask(client.POST("/v1/concerts/{concert}/reservations", { params, body })));
}

export function change(concert: string, id: string, body: Selected): Promise<Reservation> {
  const params = { path: { concert, reservation: id } };
  return ending(id, () => ask(client.PUT(`${ONE}/selection`, { params, body })));
}

export function confirm(concert: string, id: string): Promise<Reservation> {
  const params = { path: { concert, reservation: id }, header: { Prefer: PREFER } };
  return ending(id, () => ask(client.POST(`${ONE}/confirm`, { params })));
}

export function extend(concert: string, id: string): Promise<Reservation> {
  const params = { path: { concert, reservation: id } };
  return ending(id, () =>
    ask(client.POST(`${ONE}/extend`, { params })).catch((error: unknown) => {
      // It works once: sent again after a lost answer, it says that it is done.
      if (!isProblem(error, "already-extended")) throw error;
      return ask(client.GET(ONE, { params }));
    }),
  );
}

export function release(concert: string, id: string): Promise<Reservation> {
  const params = { path: { concert, reservation: id } };
  return ending(id, () => ask(client.DELETE(ONE, { params })));
}

export function cancel(concert: string, id: string): Promise<Reservation> {
  const params = { path: { concert, reservation: id } };
  return ending(id, () => ask(client.POST(`${ONE}/cancel`, { params })));
}

/** Does it to a hold that may have ended meanwhile, and then no page may go on counting it down. */
async function ending(id: string, send: () => Promise<Reservation>): Promise<Reservation> {
  try {
    return await done(send);
  } catch (error) {
    const over = ["hold-expired", "already-released", "already-cancelled", "no-such-reservation"];
    if (over.some((kind) => isProblem(error, kind))) {
      forgetHold(id);
      void queries.invalidateQueries({ queryKey: ["reservation"] });
      void queries.invalidateQueries({ queryKey: ["own"] });
    }
    throw error;
  }
}
