// What to look for: words, a city, a month.
import { useEffect, useState } from "preact/hooks";

import { text } from "../text/en";
import type { Wanted } from "./listing";
import { cities, monthsFrom } from "./choices";

/** What somebody types is looked for when they pause for so long. */
const PAUSE_MS = 250;

export function Filters({ wanted, onChange }: { wanted: Wanted; onChange: (wanted: Wanted) => void }) {
  const [words, setWords] = useState(wanted.q);
  useEffect(() => setWords(wanted.q), [wanted.q]);
  useEffect(() => {
    if (words === wanted.q) return;
    const timer = setTimeout(() => onChange({ ...wanted, q: words }), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [words]);
  const chosen = wanted.city !== "" || wanted.month !== "" || wanted.q !== "";
  return (
    <form class="filters" role="search" onSubmit={(event) => event.preventDefault()}>
      <input
        class="field filters-words"
        type="search"
        enterkeyhint="search"
        value={words}
        placeholder={text.list.search}
        aria-label={text.list.searchLabel}
        onInput={(event) => setWords(event.currentTarget.value)}
      />
      <select
        class="field"
        aria-label={text.list.city}
        value={wanted.city}
        onChange={(event) => onChange({ ...wanted, city: event.currentTarget.value })}
      >
        <option value="">{text.list.everywhere}</option>
        {cities(wanted.city).map((city) => (
          <option key={city} value={city}>
            {city}
          </option>
        ))}
      </select>
      <select
        class="field"
        aria-label={text.list.when}
        value={wanted.month}
        onChange={(event) => onChange({ ...wanted, month: event.currentTarget.value })}
      >
        <option value="">{text.list.anyTime}</option>
        {monthsFrom(new Date()).map(({ key, name }) => (
          <option key={key} value={key}>
            {name}
          </option>
        ))}
      </select>
      {chosen && (
        <button type="button" class="button button-plain" onClick={() => onChange({ q: "", city: "", month: "" })}>
          {text.list.clear}
        </button>
      )}
    </form>
  );
}
