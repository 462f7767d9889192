// A hold that is running: its clock, its seats, and the one thing to do.
import { useEffect, useState } from "preact/hooks";

import { Problem } from "../api/problem";
import type { Concert, Reservation } from "../api/queries";
import { change, confirm, extend, release } from "../api/reservations";
import { text } from "../text/en";
import { clock, money } from "../text/format";
import { problemText } from "../text/problem-text";
import { ConcertLine } from "./concert-line";
import { useCountdown } from "./countdown";
import { Lines } from "./lines";

/** From here on the clock is in the accent's colour. */
const SHORT_MS = 60_000;
/** A look at the service shows its end; the first may come a moment early. */
const AFTER_END_MS = 1_000;

interface Props {
  reservation: Reservation;
  concert: Concert;
  /** The time is up by the service's clock. */
  onEnd: () => void;
}

export function Held({ reservation, concert, onEnd }: Props) {
  const left = useCountdown(Date.parse(reservation.deadline));
  const [busy, setBusy] = useState("");
  const [error, setError] = useState<Problem | null>(null);
  const over = left === 0;
  useEffect(() => {
    if (!over) return;
    onEnd();
    const again = setInterval(onEnd, AFTER_END_MS);
    return () => clearInterval(again);
  }, [over]);

  const run = (what: string, work: () => Promise<Reservation>) => async () => {
    setBusy(what);
    setError(null);
    try {
      await work();
    } catch (caught) {
      if (!(caught instanceof Problem)) throw caught;
      setError(caught);
      onEnd();
    } finally {
      setBusy("");
    }
  };
  const { concert: at, id } = reservation;
  const merchant = concert.confirmed_by === "merchant";
  const disabled = busy !== "" || over;
  return (
    <div class="column hold">
      <h1 class="unseen">{text.hold.title}</h1>
      <ConcertLine concert={concert} />
      <Clock left={left} total={concert.hold_seconds * 1_000} extended={reservation.extended} />
      <p class="quiet">{text.hold.free}</p>
      {error !== null && (
        <p class="notice notice-strong" role="alert">
          {problemText(error)}
        </p>
      )}
      <Lines
        reservation={reservation}
        disabled={disabled}
        onDrop={(seats, areas) =>
          void run("drop", () => (seats.length + areas.length === 0 ? release(at, id) : change(at, id, { seats, areas })))()
        }
      />
      {!reservation.together && reservation.seats.length > 1 && <p class="small quiet">{text.hold.split}</p>}
      <div class="hold-foot">
        {merchant ? (
          <p class="notice">{text.hold.merchant}</p>
        ) : (
          <button type="button" class="button button-main button-wide" disabled={disabled} onClick={run("confirm", () => confirm(at, id))}>
            {busy === "confirm" ? text.hold.confirming : text.hold.confirm(money(reservation.total))}
          </button>
        )}
        <div class="hold-ways">
          <button type="button" class="button" disabled={disabled || reservation.extended} onClick={run("extend", () => extend(at, id))}>
            {reservation.extended ? text.hold.extended : text.hold.extend}
          </button>
          <a class="button" href={`/concerts/${concert.id}/${concert.slug}`}>
            {text.hold.change}
          </a>
          <button type="button" class="button" disabled={disabled} onClick={run("release", () => release(at, id))}>
            {text.hold.release}
          </button>
        </div>
      </div>
    </div>
  );
}

function Clock({ left, total, extended }: { left: number; total: number; extended: boolean }) {
  const whole = extended ? Math.max(total, left) : total;
  const share = Math.min(1, left / whole);
  const minutes = Math.ceil(left / 60_000);
  return (
    <div class="clock" data-short={left < SHORT_MS}>
      <p class="clock-time" role="timer">
        {clock(left)}
      </p>
      <p class="clock-says">{text.hold.left}</p>
      <div class="clock-bar" aria-hidden="true">
        <span style={{ transform: `scaleX(${share})` }} />
      </div>
      <span class="unseen" aria-live="polite">
        {text.hold.minutes(minutes)}
      </span>
    </div>
  );
}
