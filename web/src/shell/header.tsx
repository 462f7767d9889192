// The site's name and its few ways, on every page.
import { text } from "../text/en";

export function Header() {
  return (
    <header class="header">
      <a class="wordmark" href="/" aria-label={text.site}>
        <svg viewBox="0 0 26 20" width="26" height="20" aria-hidden="true">
          <g fill="currentColor" opacity=".45">
            <circle cx="4" cy="5" r="2.4" />
            <circle cx="13" cy="3.6" r="2.4" />
            <circle cx="22" cy="5" r="2.4" />
          </g>
          <g class="wordmark-lit">
            <circle cx="4" cy="15" r="3.2" />
            <circle cx="13" cy="13.6" r="3.2" />
          </g>
          <circle cx="22" cy="15" r="3.2" fill="currentColor" />
        </svg>
        {text.site}
      </a>
      <nav class="ways">
        <a class="way" href="/tickets">
          {text.nav.tickets}
        </a>
        <a class="way" href="/account">
          {text.nav.account}
        </a>
      </nav>
    </header>
  );
}
