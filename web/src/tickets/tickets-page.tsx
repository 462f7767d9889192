// What somebody has bought: a code for each seat, to show or to print, also without a network.
import { useInfiniteQuery, useQuery } from "@tanstack/preact-query";
import { useEffect, useState } from "preact/hooks";

import { isProblem } from "../api/problem";
import { me, purchasePages, type Purchase } from "../api/queries";
import { mayHaveSession } from "../api/session";
import { useTitle } from "../shell/title";
import { Wrong } from "../shell/wrong";
import { text } from "../text/en";
import { keepTickets, keptTickets } from "./kept";
import { Order } from "./order";
import "./tickets.css";

export default function TicketsPage() {
  useTitle(text.tickets.title);
  const enabled = mayHaveSession();
  const found = useInfiniteQuery({ ...purchasePages(), enabled, retry: 1 });
  const [kept] = useState(keptTickets);
  const fresh = found.data?.pages.flatMap((page) => page.items);
  useEffect(() => {
    if (fresh !== undefined) keepTickets(fresh);
  }, [found.data]);
  useEffect(() => {
    if (found.hasNextPage && !found.isFetching) void found.fetchNextPage();
  }, [found.hasNextPage, found.isFetching]);

  const nobody = !enabled || isProblem(found.error, "unauthenticated");
  const purchases = fresh ?? kept ?? (nobody ? [] : undefined);
  if (purchases === undefined) {
    if (found.error !== null) return <Wrong error={found.error} retry={() => void found.refetch()} />;
    return <Waiting />;
  }
  return (
    <div class="column tickets">
      <div class="tickets-head">
        <h1>{text.tickets.title}</h1>
        {purchases.length > 0 && (
          <button type="button" class="button unprinted" onClick={() => print()}>
            {text.tickets.print}
          </button>
        )}
      </div>
      {fresh === undefined && found.error !== null && !nobody && <p class="notice unprinted">{text.tickets.offline}</p>}
      {purchases.length === 0 ? <None /> : <Orders purchases={purchases} onChange={() => void found.refetch()} />}
      {purchases.length > 0 && enabled && <GuestNote />}
    </div>
  );
}

function Orders({ purchases, onChange }: { purchases: readonly Purchase[]; onChange: () => void }) {
  const now = Date.now();
  const isPast = ({ concert }: Purchase) => Date.parse(concert.starts_at) < now - 86_400_000;
  const soonest = (one: Purchase, other: Purchase) => Date.parse(one.concert.starts_at) - Date.parse(other.concert.starts_at);
  const coming = purchases.filter((it) => !isPast(it)).sort(soonest);
  const past = purchases.filter(isPast);
  const order = (purchase: Purchase) => <Order key={purchase.id} {...{ purchase, onChange }} />;
  return (
    <>
      {coming.map(order)}
      {past.length > 0 && (
        <section class="unprinted">
          <h2>{text.tickets.past}</h2>
          {past.map(order)}
        </section>
      )}
    </>
  );
}

/** A guest's tickets hang on this browser, which they should know before they lose it. */
function GuestNote() {
  const found = useQuery(me());
  if (found.data === undefined || found.data.email !== null) return null;
  return (
    <p class="notice guest-note unprinted">
      <span>{text.tickets.guest}</span>
      <a class="button" href="/account">
        {text.tickets.toAccount}
      </a>
    </p>
  );
}

function None() {
  return (
    <>
      <p class="quiet">{text.tickets.none}</p>
      <a class="button" href="/">
        {text.tickets.find}
      </a>
    </>
  );
}

function Waiting() {
  return (
    <div class="column tickets">
      <h1>{text.tickets.title}</h1>
      <div class="skeleton" style={{ height: "220px" }} />
    </div>
  );
}
