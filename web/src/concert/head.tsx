// What is played, by whom, where and when; and how the sale stands, if there is anything to say.
import type { Concert } from "../api/queries";
import { text } from "../text/en";
import { longMoment, moment } from "../text/format";

type Sale = Concert["sale"]["state"];

export function Head({ concert, sale }: { concert: Concert; sale: Sale }) {
  const { artist, title, venue, starts_at: startsAt } = concert;
  const note = noteOf(concert, sale);
  return (
    <div class="head">
      <h1>{artist}</h1>
      <p class="head-title">{title}</p>
      <p class="quiet head-where">
        <time dateTime={startsAt} title={longMoment(startsAt, venue.time_zone)}>
          {moment(startsAt, venue.time_zone)}
        </time>
        <span>{venue.name.includes(venue.city) ? venue.name : `${venue.name}, ${venue.city}`}</span>
      </p>
      {note !== null && <p class="notice head-note">{note}</p>}
    </div>
  );
}

function noteOf(concert: Concert, sale: Sale): string | null {
  if (sale === "scheduled") return text.concert.notOpen(longMoment(concert.sale.opens_at));
  if (sale === "paused") return text.concert.paused;
  if (sale === "closed") return text.concert.closed;
  return null;
}
