// Places where people stand: a number for each area.
import type { Concert } from "../api/queries";
import type { House } from "../map/house";
import { text } from "../text/en";
import { count, money } from "../text/format";
import type { Choice } from "./choice";
import { Stepper } from "./stepper";

interface Props {
  house: House;
  categories: Concert["categories"];
  places: readonly number[] | null;
  choice: Choice;
  most: number;
  onPlaces: (area: string, quantity: number) => void;
}

export function Areas({ house, categories, places, choice, most, onPlaces }: Props) {
  return (
    <ul class="areas">
      {house.areas.map(({ id, name, category }, index) => {
        const [price, left] = [categories[category]?.price, places?.[index]];
        const taken = choice.areas[id] ?? 0;
        return (
          <li key={id} class="area">
            <span>
              <b>{name}</b>
              <span class="small quiet">
                {price !== undefined && money(price)}
                {left !== undefined && ` · ${left === 0 ? text.concert.none : text.concert.free(count(left))}`}
              </span>
            </span>
            <Stepper
              value={taken}
              least={0}
              most={Math.min(most, (left ?? most) + taken)}
              label={text.concert.places(name)}
              fewer={text.concert.fewer(name)}
              more={text.concert.more(name)}
              onChange={(quantity) => onPlaces(id, quantity)}
            />
          </li>
        );
      })}
    </ul>
  );
}
