// What somebody holds, and its clock; and what became of it, whichever way it ended.
import { useQuery } from "@tanstack/preact-query";
import { useEffect } from "preact/hooks";

import { concert as concertQuery, reservation, type Concert, type Reservation } from "../api/queries";
import { asSomebody } from "../api/session";
import { useTitle } from "../shell/title";
import { Wrong } from "../shell/wrong";
import { text } from "../text/en";
import { clocked } from "./clock";
import { Ended } from "./ended";
import { Held } from "./held";
import "./hold.css";
import { rememberHold } from "./memory";

/** How often to look whether it was paid elsewhere, or changed in another tab. */
const LOOK_MS = 15_000;
const LOOK_FOR_PAYMENT_MS = 3_000;

export default function HoldPage({ concert: concertId, id }: { concert: string; id: string }) {
  const concert = useQuery(concertQuery(concertId));
  const query = reservation(concertId, id);
  const found = useQuery({
    ...query,
    queryFn: (context: { signal: AbortSignal }) => asSomebody(() => clocked(() => query.queryFn(context))),
    refetchInterval: ({ state }) => interval(state.data, concert.data),
    refetchOnWindowFocus: true,
  });
  useTitle(text.hold.title);
  // Other pages and tabs learn from here what it has become.
  useEffect(() => {
    if (found.data !== undefined) rememberHold(found.data);
  }, [found.data]);
  const error = found.error ?? concert.error;
  if (error !== null && (found.data === undefined || concert.data === undefined)) {
    return <Wrong error={error} retry={() => void Promise.all([found.refetch(), concert.refetch()])} />;
  }
  if (found.data === undefined || concert.data === undefined) return <Waiting />;
  const shared = { reservation: found.data, concert: concert.data };
  return found.data.state === "held" ? <Held {...shared} onEnd={() => void found.refetch()} /> : <Ended {...shared} />;
}

function interval(held: Reservation | undefined, concert: Concert | undefined): number | false {
  if (held?.state !== "held") return false;
  return concert?.confirmed_by === "merchant" ? LOOK_FOR_PAYMENT_MS : LOOK_MS;
}

function Waiting() {
  return (
    <div class="column hold">
      <div class="skeleton" style={{ height: "120px" }} />
      <div class="skeleton" style={{ height: "180px" }} />
    </div>
  );
}
