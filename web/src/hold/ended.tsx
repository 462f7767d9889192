// A reservation that is no hold any more: bought, run out, given back.
import type { Concert, Reservation } from "../api/queries";
import { text } from "../text/en";
import { ConcertLine } from "./concert-line";

interface Props {
  reservation: Reservation;
  concert: Concert;
}

export function Ended({ reservation, concert }: Props) {
  const bought = reservation.state === "confirmed";
  const [title, help] = said(reservation);
  return (
    <div class="column hold" role="status">
      <ConcertLine concert={concert} />
      <h1>{title}</h1>
      <p class="quiet">{bought && reservation.persisted === false ? text.hold.pending : help}</p>
      <div class="hold-foot">
        {bought ? (
          <a class="button button-main button-wide" href="/tickets">
            {text.hold.toTickets}
          </a>
        ) : (
          <a class="button button-main button-wide" href={`/concerts/${concert.id}/${concert.slug}`}>
            {text.hold.again}
          </a>
        )}
      </div>
    </div>
  );
}

function said({ state }: Reservation): [string, string] {
  if (state === "confirmed") return [text.hold.confirmed, text.hold.confirmedHelp];
  if (state === "released") return [text.hold.released, text.hold.releasedHelp];
  if (state === "cancelled") return [text.hold.cancelled, text.hold.cancelledHelp];
  return [text.hold.ended, text.hold.endedHelp];
}
