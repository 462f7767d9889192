// Which concert it is, in two lines.
import type { Concert } from "../api/queries";
import { moment } from "../text/format";

type Shown = Pick<Concert, "id" | "slug" | "artist" | "venue" | "starts_at">;

export function ConcertLine({ concert }: { concert: Shown }) {
  const { venue } = concert;
  return (
    <p class="concert-line">
      <a href={`/concerts/${concert.id}/${concert.slug}`}>{concert.artist}</a>
      <span class="quiet">
        {moment(concert.starts_at, venue.time_zone)} · {venue.name}
      </span>
    </p>
  );
}
