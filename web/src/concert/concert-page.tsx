// One concert: the house, what is free in it this second, and the way to a hold.
import { useQuery } from "@tanstack/preact-query";
import { useMemo, useRef, useState } from "preact/hooks";

import { concert as concertQuery, type Concert } from "../api/queries";
import type { House } from "../map/house";
import { useTitle } from "../shell/title";
import { Wrong } from "../shell/wrong";
import { text } from "../text/en";
import { money } from "../text/format";
import { problemText } from "../text/problem-text";
import { Areas } from "./areas";
import { ByList } from "./by-list";
import "./map.css";
import "./panel.css";
// Last, because on narrow screens it changes what the others say.
import "./concert.css";
import { Dock } from "./dock";
import { Head } from "./head";
import { Lost } from "./lost";
import { MapPane } from "./map-pane";
import { Prices } from "./prices";
import { runName } from "./seat-text";
import { tally } from "./tally";
import { useChoice } from "./use-choice";
import { useClaiming } from "./use-claiming";
import { useHouse } from "./use-house";
import { useOwnHold } from "./use-own-hold";
import { useSeen } from "./use-seen";

export default function ConcertPage({ id }: { id: string }) {
  const concert = useQuery(concertQuery(id));
  const house = useHouse(id);
  useTitle(concert.data?.artist);
  const error = concert.error ?? (house.data === undefined ? house.error : null);
  if (error !== null && concert.data === undefined) return <Wrong error={error} retry={() => void concert.refetch()} />;
  if (error !== null) return <Wrong error={error} retry={() => void house.refetch()} />;
  if (concert.data === undefined || house.data === undefined) return <Waiting concert={concert.data} />;
  return <Loaded concert={concert.data} house={house.data} />;
}

function Loaded({ concert, house }: { concert: Concert; house: House }) {
  const most = Math.min(concert.max_seats_per_user, concert.max_seats_per_reservation);
  const seen = useSeen(concert.id, house);
  const { hold } = useOwnHold(concert.id);
  const lose = useRef<(seats: readonly number[]) => void>(() => undefined);
  const claiming = useClaiming(concert.id, hold, (ids) => {
    lose.current(ids.map((seat) => house.find(seat)).filter((seat) => seat >= 0));
  });
  const chosen = useChoice(house, seen, hold, most, claiming.busy);
  lose.current = chosen.lose;
  const [only, setOnly] = useState(-1);
  const [party, setParty] = useState(Math.min(2, most));
  const [shown, setShown] = useState<readonly number[]>([]);
  const colours = useMemo(() => concert.categories.map(({ color }) => color), [concert.seat_map]);
  const left = useMemo(() => (seen === null ? null : tally(house, colours.length, seen)), [house, seen]);
  const sale = seen?.sale ?? concert.sale.state;
  const accessibleOnly = useMemo(() => only >= 0 && isAccessible(house, only), [house, only]);
  const price = (seat: number) => {
    const category = concert.categories[house.category[seat] ?? 0];
    return category === undefined ? "" : money(category.price);
  };
  const describe = (seat: number) => {
    const state = chosen.isMine(seat) ? text.concert.legend.yours : text.concert.states[seen?.states[seat] ?? 0];
    return `${price(seat)} · ${state}`;
  };
  const toggle = (seat: number) => {
    if (sale === "open" && chosen.isFree(seat)) chosen.toggle(seat);
  };
  return (
    <div class="concert">
      <Head concert={concert} sale={sale} />
      <div class="panel">
        {house.count > 0 && (
          <ByList
            house={house}
            isFree={chosen.isFree}
            free={left?.sections ?? []}
            chosen={chosen.choice.seats}
            priceOf={price}
            onToggle={toggle}
          />
        )}
        <Prices categories={concert.categories} left={left?.categories ?? null} only={only} onOnly={setOnly} />
        {house.areas.length > 0 && (
          <Areas
            {...{ house, most }}
            categories={concert.categories}
            places={seen?.places ?? null}
            choice={chosen.choice}
            onPlaces={chosen.places}
          />
        )}
        <div class="panel-foot">
          {chosen.loss !== null && (
            <Lost
              loss={chosen.loss}
              describe={({ seats }) => text.concert.take(runName(house, seats), price(seats[0] ?? 0))}
              onTake={({ seats }) => {
                chosen.take(seats);
                setShown(seats);
              }}
              onDismiss={chosen.forgive}
            />
          )}
          {claiming.error !== null && chosen.loss === null && (
            <p class="notice notice-strong" role="alert">
              {problemText(claiming.error)}
            </p>
          )}
          {chosen.isFull && <p class="small quiet">{text.concert.most(most)}</p>}
          {sale === "open" && (
            <Dock
              {...{ concert, house, party, most }}
              choice={chosen.choice}
              busy={claiming.busy}
              holdAddress={hold === null ? null : `/holds/${hold.concert}/${hold.id}`}
              onParty={setParty}
              onBest={() =>
                claiming.best({
                  quantity: party,
                  category: only < 0 ? null : (concert.categories[only]?.name ?? null),
                  accessible: accessibleOnly,
                })
              }
              onHold={() => claiming.hold(house, chosen.choice)}
              onRemove={toggle}
              onPlaces={chosen.places}
            />
          )}
        </div>
      </div>
      <MapPane
        {...{ house, colours, seen, only, shown, describe }}
        chosen={chosen.choice.seats}
        onSeat={toggle}
        onArea={(area) => {
          const { id } = house.areas[area] ?? {};
          if (id !== undefined && sale === "open") chosen.places(id, (chosen.choice.areas[id] ?? 0) + 1);
        }}
      />
    </div>
  );
}

/** Whether a category is for people who need it. */
function isAccessible(house: House, category: number): boolean {
  const seat = house.category.indexOf(category);
  return seat >= 0 && house.accessible.has(seat);
}

/** The page's shape while its house is on its way. */
function Waiting({ concert }: { concert: Concert | undefined }) {
  return (
    <div class="concert" role="status" aria-label={text.concert.loadingMap}>
      {concert === undefined ? <div class="skeleton head-waiting" /> : <Head concert={concert} sale={concert.sale.state} />}
      <div class="panel">
        <div class="skeleton panel-waiting" />
      </div>
      <div class="map map-waiting" />
    </div>
  );
}

