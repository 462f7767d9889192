// The seats and places of a hold, and a way to give each back.
import type { Reservation } from "../api/queries";
import { text } from "../text/en";
import { money } from "../text/format";

interface Props {
  reservation: Reservation;
  disabled: boolean;
  /** All that is to be kept. */
  onDrop: (seats: string[], areas: { area: string; quantity: number }[]) => void;
}

export function Lines({ reservation, disabled, onDrop }: Props) {
  const seats = reservation.seats.map(({ seat }) => seat);
  const areas = reservation.areas.map(({ area, quantity }) => ({ area, quantity }));
  return (
    <ul class="lines">
      {reservation.seats.map(({ seat, section, row, label, category, price }) => (
        <li key={seat}>
          <span>
            <b>{text.concert.rowSeat(row, label)}</b>
            <span class="small quiet">{section === category ? section : `${section} · ${category}`}</span>
          </span>
          <span>{money(price)}</span>
          <button
            type="button"
            class="button button-plain"
            disabled={disabled}
            aria-label={text.hold.drop(`${section}, ${text.concert.rowSeat(row, label)}`)}
            onClick={() => onDrop(seats.filter((other) => other !== seat), areas)}
          >
            <Cross />
          </button>
        </li>
      ))}
      {reservation.areas.map(({ area, name, quantity, price }) => (
        <li key={area}>
          <span>
            <b>{text.hold.places(quantity, name)}</b>
            <span class="small quiet">{text.tickets.standing}</span>
          </span>
          <span>{money({ ...price, amount: price.amount * quantity })}</span>
          <button
            type="button"
            class="button button-plain"
            disabled={disabled}
            aria-label={text.hold.drop(name)}
            onClick={() => {
              const fewer = areas.map((it) => (it.area === area ? { area, quantity: it.quantity - 1 } : it));
              onDrop(seats, fewer.filter((it) => it.quantity > 0));
            }}
          >
            <Cross />
          </button>
        </li>
      ))}
    </ul>
  );
}

function Cross() {
  return (
    <svg viewBox="0 0 16 16" width="14" height="14" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" aria-hidden="true">
      <path d="m4 4 8 8m0-8-8 8" />
    </svg>
  );
}
