// The next step, always in reach: how many and the best there are, or what was chosen and to hold it.
import type { Concert } from "../api/queries";
import type { House } from "../map/house";
import { text } from "../text/en";
import { money } from "../text/format";
import { sizeOf, type Choice } from "./choice";
import { fullName, nameOf } from "./seat-text";
import { Stepper } from "./stepper";

interface Props {
  concert: Concert;
  house: House;
  choice: Choice;
  party: number;
  most: number;
  busy: boolean;
  /** The hold that is being changed, if there is one. */
  holdAddress: string | null;
  onParty: (party: number) => void;
  onBest: () => void;
  onHold: () => void;
  onRemove: (seat: number) => void;
  onPlaces: (area: string, quantity: number) => void;
}

export function Dock(props: Props) {
  const { choice, holdAddress, house } = props;
  const empty = sizeOf(choice) === 0;
  if (empty && house.count === 0) return <p class="dock quiet">{text.concert.nothing}</p>;
  return (
    <div class="dock">
      {empty && holdAddress === null ? <Best {...props} /> : <Chosen {...props} />}
      {holdAddress !== null && (
        <a class="button button-plain button-wide" href={holdAddress}>
          {text.concert.toHold}
        </a>
      )}
    </div>
  );
}

function Best({ party, most, busy, onParty, onBest }: Props) {
  return (
    <>
      <div class="dock-best">
        <Stepper
          value={party}
          least={1}
          most={most}
          label={text.concert.how}
          fewer={text.concert.fewerPeople}
          more={text.concert.morePeople}
          onChange={onParty}
        />
        <button type="button" class="button button-main" disabled={busy} onClick={onBest}>
          {busy ? text.concert.holding : text.concert.bestAction(party)}
        </button>
      </div>
      <p class="small quiet">{text.concert.bestHelp}</p>
    </>
  );
}

function Chosen({ concert, house, choice, busy, holdAddress, onHold, onRemove, onPlaces }: Props) {
  const priceOf = (category: number) => concert.categories[category]?.price.amount ?? 0;
  const currency = concert.categories[0]?.price.currency ?? "EUR";
  const areas = house.areas.filter(({ id }) => (choice.areas[id] ?? 0) > 0);
  const total =
    choice.seats.reduce((sum, seat) => sum + priceOf(house.category[seat] ?? 0), 0) +
    areas.reduce((sum, { id, category }) => sum + priceOf(category) * (choice.areas[id] ?? 0), 0);
  const size = sizeOf(choice);
  return (
    <>
      <ul class="chosen" aria-label={text.concert.chosen}>
        {choice.seats.map((seat) => {
          const name = nameOf(house, seat);
          return (
            <li key={seat}>
              <span class="chosen-name">
                <b>{text.concert.rowSeat(name.row, name.seat)}</b>
                <span class="small quiet">{name.section}</span>
              </span>
              <span>{money({ amount: priceOf(house.category[seat] ?? 0), currency })}</span>
              <Remove label={text.concert.remove(fullName(name))} onClick={() => onRemove(seat)} />
            </li>
          );
        })}
        {areas.map(({ id, name, category }) => (
          <li key={id}>
            <span class="chosen-name">
              <b>{text.hold.places(choice.areas[id] ?? 0, name)}</b>
            </span>
            <span>{money({ amount: priceOf(category) * (choice.areas[id] ?? 0), currency })}</span>
            <Remove label={text.concert.remove(name)} onClick={() => onPlaces(id, 0)} />
          </li>
        ))}
      </ul>
      <button type="button" class="button button-main button-wide dock-hold" disabled={busy || size === 0} onClick={onHold}>
        <span>{busy ? text.concert.holding : holdAddress === null ? text.concert.hold(size) : text.concert.update(size)}</span>
        <span>{money({ amount: total, currency })}</span>
      </button>
      <p class="small quiet dock-until">{text.concert.until(Math.round(concert.hold_seconds / 60))}</p>
    </>
  );
}

function Remove({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <button type="button" class="remove" aria-label={label} onClick={onClick}>
      <svg viewBox="0 0 16 16" width="14" height="14" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" aria-hidden="true">
        <path d="m4 4 8 8m0-8-8 8" />
      </svg>
    </button>
  );
}
