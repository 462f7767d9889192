// The price categories: what the map's colours mean, and a way to look for one only.
import type { Concert } from "../api/queries";
import { categoryCss } from "../map/theme";
import { useDark } from "../shell/dark";
import { text } from "../text/en";
import { count, money } from "../text/format";

interface Props {
  categories: Concert["categories"];
  /** What is left of each, once that is known. */
  left: readonly number[] | null;
  /** The one that is looked for, or -1 for all. */
  only: number;
  onOnly: (category: number) => void;
}

export function Prices({ categories, left, only, onOnly }: Props) {
  const dark = useDark();
  const dearestFirst = categories.map((category, index) => ({ ...category, index }));
  dearestFirst.sort((one, other) => other.price.amount - one.price.amount);
  return (
    <section class="prices" aria-label={text.concert.prices}>
      <ul>
        {dearestFirst.map(({ name, color, price, index }) => (
          <li key={index}>
            <button
              type="button"
              class="price"
              aria-pressed={only === index}
              data-dimmed={only >= 0 && only !== index}
              onClick={() => onOnly(only === index ? -1 : index)}
            >
              <span class="price-dot" style={{ backgroundColor: categoryCss(color, dark) }} />
              <span class="price-name">{name}</span>
              <span class="price-left">{left === null ? "" : leftText(left[index] ?? 0)}</span>
              <span class="price-amount">{money(price)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function leftText(left: number): string {
  return left === 0 ? text.concert.none : text.concert.free(count(left));
}
