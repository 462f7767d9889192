// A page, or the part of one, that could not be had: what to do about it.
import { text } from "../text/en";
import { problemText } from "../text/problem-text";

export function Wrong({ error, retry }: { error: unknown; retry?: () => void }) {
  return (
    <div class="column wrong" role="alert">
      <h1>{text.error.title}</h1>
      <p class="quiet">{problemText(error)}</p>
      <div class="wrong-actions">
        {retry && (
          <button type="button" class="button" onClick={retry}>
            {text.error.retry}
          </button>
        )}
        <a class="button button-plain" href="/">
          {text.error.home}
        </a>
      </div>
    </div>
  );
}

export function Missing() {
  return (
    <div class="column wrong">
      <h1>{text.error.missing}</h1>
      <p class="quiet">{text.error.missingHelp}</p>
      <div class="wrong-actions">
        <a class="button" href="/">
          {text.error.home}
        </a>
      </div>
    </div>
  );
}
