// What was bought at once: its tickets, and giving them back.
import { useState } from "preact/hooks";

import { Problem } from "../api/problem";
import type { Purchase } from "../api/queries";
import { cancel } from "../api/reservations";
import { serverClock } from "../hold/clock";
import { text } from "../text/en";
import { longMoment, money, moment } from "../text/format";
import { problemText } from "../text/problem-text";
import { Code, contentOf } from "./code";
import { stubsOf, type Stub } from "./stubs";

export function Order({ purchase, onChange }: { purchase: Purchase; onChange: () => void }) {
  const { concert, state, total } = purchase;
  const cancelled = state !== "confirmed";
  return (
    <article class="order" data-cancelled={cancelled}>
      <header class="order-head">
        <h2>
          <a href={`/concerts/${concert.id}/${concert.slug}`}>{concert.artist}</a>
        </h2>
        <p class="quiet">
          {longMoment(concert.starts_at, concert.venue.time_zone)} · {concert.venue.name}
        </p>
      </header>
      {cancelled ? (
        <p class="notice">{purchase.cause === "user" ? text.tickets.cancelled : text.tickets.cancelledBy}</p>
      ) : (
        <>
          <ul class="stubs">
            {stubsOf(purchase).map((stub) => (
              <Ticket key={stub.place} purchase={purchase} stub={stub} />
            ))}
          </ul>
          <footer class="order-foot">
            <span class="quiet small">
              {text.tickets.order(purchase.id.slice(0, 8).toUpperCase())} · {money(total)}
            </span>
            <GiveBack purchase={purchase} onChange={onChange} />
          </footer>
        </>
      )}
    </article>
  );
}

function Ticket({ purchase, stub }: { purchase: Purchase; stub: Stub }) {
  const { concert } = purchase;
  const name = stub.row === null ? stub.section : text.concert.rowSeat(stub.row, stub.seat ?? "");
  return (
    <li class="stub">
      <div class="stub-text">
        <p class="stub-artist">{concert.artist}</p>
        <p class="small quiet">{moment(concert.starts_at, concert.venue.time_zone)}</p>
        <p class="small quiet">{concert.venue.name}</p>
        <dl class="stub-place">
          <Part name={text.tickets.section} value={stub.section} />
          {stub.row !== null && <Part name={text.tickets.row} value={stub.row} />}
          {stub.seat !== null && <Part name={text.tickets.seat} value={stub.seat} />}
          {stub.row === null && <Part name={text.tickets.place} value={text.tickets.standing} />}
        </dl>
      </div>
      <Code content={contentOf(purchase.id, stub.place)} label={text.tickets.code(name)} />
    </li>
  );
}

function Part({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function GiveBack({ purchase, onChange }: { purchase: Purchase; onChange: () => void }) {
  const [asking, setAsking] = useState(false);
  const [error, setError] = useState<Problem | null>(null);
  const { concert, id } = purchase;
  if (Date.parse(concert.cancel_until) <= serverClock.now()) return null;
  const giveBack = async () => {
    try {
      await cancel(concert.id, id);
      onChange();
    } catch (caught) {
      if (!(caught instanceof Problem)) throw caught;
      setError(caught);
    }
    setAsking(false);
  };
  if (error !== null) {
    return (
      <p class="small" role="alert">
        {problemText(error)}
      </p>
    );
  }
  if (!asking) {
    return (
      <button type="button" class="button button-plain unprinted" title={text.tickets.cancelUntil(longMoment(concert.cancel_until))} onClick={() => setAsking(true)}>
        {text.tickets.cancel}
      </button>
    );
  }
  return (
    <span class="order-sure" role="group" aria-label={text.tickets.cancelSure}>
      <span>{text.tickets.cancelSure}</span>
      <button type="button" class="button" onClick={() => void giveBack()}>
        {text.tickets.cancelYes}
      </button>
      <button type="button" class="button button-plain" onClick={() => setAsking(false)}>
        {text.tickets.cancelNo}
      </button>
    </span>
  );
}
