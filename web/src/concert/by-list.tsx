// The whole house without a picture: section, row, seat. For whoever uses a keyboard, a screen
// reader, or would rather read; it comes first in the order of tabs.
import { useState } from "preact/hooks";

import type { House } from "../map/house";
import { text } from "../text/en";
import { count } from "../text/format";

interface Props {
  house: House;
  isFree: (seat: number) => boolean;
  /** Free seats of each section. */
  free: readonly number[];
  chosen: readonly number[];
  priceOf: (seat: number) => string;
  onToggle: (seat: number) => void;
}

export function ByList({ house, isFree, free, chosen, priceOf, onToggle }: Props) {
  const [section, setSection] = useState(-1);
  const [row, setRow] = useState(-1);
  const sections = house.sections.map(({ name, first, end }, index) => ({ name, index, seats: end - first }));
  const inSection = house.sections[section];
  const rows = inSection === undefined ? [] : house.rows.slice(inSection.firstRow, inSection.endRow);
  return (
    <details class="by-list">
      <summary class="button button-wide">{text.concert.list}</summary>
      <div class="by-list-body">
        <label>
          <span class="small quiet">{text.concert.section}</span>
          <select
            class="field"
            value={section}
            onChange={(event) => {
              setSection(Number(event.currentTarget.value));
              setRow(-1);
            }}
          >
            <option value={-1}>{text.concert.chooseSection}</option>
            {sections
              .filter(({ seats }) => seats > 0)
              .map(({ name, index }) => (
                <option key={index} value={index}>
                  {text.concert.option(name, left(free[index] ?? 0))}
                </option>
              ))}
          </select>
        </label>
        <label>
          <span class="small quiet">{text.concert.row}</span>
          <select class="field" value={row} disabled={rows.length === 0} onChange={(event) => setRow(Number(event.currentTarget.value))}>
            <option value={-1}>{text.concert.chooseRow}</option>
            {rows.map(({ label, first, end }, index) => (
              <option key={index} value={index}>
                {text.concert.option(label, left(seatsIn(first, end).filter(isFree).length))}
              </option>
            ))}
          </select>
        </label>
        {rows[row] !== undefined && (
          <Seats
            label={text.concert.seatsIn(rows[row].label)}
            seats={seatsIn(rows[row].first, rows[row].end).filter((seat) => isFree(seat) || chosen.includes(seat))}
            {...{ house, chosen, priceOf, onToggle }}
          />
        )}
      </div>
    </details>
  );
}

interface SeatsProps extends Pick<Props, "house" | "chosen" | "priceOf" | "onToggle"> {
  label: string;
  seats: readonly number[];
}

function Seats({ label, seats, house, chosen, priceOf, onToggle }: SeatsProps) {
  if (seats.length === 0) return <p class="quiet small">{text.concert.noSeatsIn}</p>;
  return (
    <div role="group" aria-label={label} class="by-list-seats">
      {seats.map((seat) => {
        const accessible = house.accessible.has(seat) ? `, ${text.concert.accessibleSeat}` : "";
        return (
          <button
            key={seat}
            type="button"
            class="by-list-seat"
            aria-pressed={chosen.includes(seat)}
            aria-label={`${text.concert.seat(house.labelOf(seat))}, ${priceOf(seat)}${accessible}`}
            onClick={() => onToggle(seat)}
          >
            {house.labelOf(seat)}
          </button>
        );
      })}
    </div>
  );
}

function seatsIn(first: number, end: number): number[] {
  return Array.from({ length: end - first }, (_, index) => first + index);
}

function left(free: number): string {
  return free === 0 ? text.concert.none : text.concert.free(count(free));
}
