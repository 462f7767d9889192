// One concert of the list.
import type { ConcertItem } from "../api/queries";
import { text } from "../text/en";
import { count, moment, money } from "../text/format";
import { Art } from "./art";

const SIZES = "(min-width: 1100px) 420px, (min-width: 700px) 45vw, 120px";

export function Card({ concert, first }: { concert: ConcertItem; first: boolean }) {
  const { title, artist, venue, starts_at: startsAt } = concert;
  return (
    <a class="card" href={`/concerts/${concert.id}/${concert.slug}`}>
      <Art artist={artist} sizes={SIZES} first={first} />
      <span class="card-text">
        <time class="card-when" dateTime={startsAt}>
          {moment(startsAt, venue.time_zone)}
        </time>
        <span class="card-artist">{artist}</span>
        <span class="card-title">{title}</span>
        <span class="card-where">{place(venue)}</span>
        <span class="card-foot">
          <span>{text.list.from(money(concert.price_from))}</span>
          <span class={`card-left card-${concert.sale.state}`}>{state(concert)}</span>
        </span>
      </span>
    </a>
  );
}

/** A venue and its city, which is often in the venue's name already. */
function place({ name, city }: { name: string; city: string }): string {
  return name.includes(city) ? name : `${name}, ${city}`;
}

function state(concert: ConcertItem): string {
  const { state: sale, opens_at: opensAt } = concert.sale;
  if (sale === "scheduled") return text.list.opens(moment(opensAt));
  if (sale === "paused") return text.list.paused;
  if (sale === "closed") return text.list.closed;
  return concert.left === 0 ? text.list.soldOut : text.list.left(count(concert.left));
}
