// A small form that becomes one request.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";

import { Problem } from "../api/problem";
import { problemText } from "../text/problem-text";

interface Props {
  title: string;
  action: string;
  open?: boolean;
  help?: string;
  /** What the fields say, by their names. */
  onSend: (values: Record<string, string>) => Promise<void>;
  children: ComponentChildren;
}

export function Form({ title, action, open = false, help, onSend, children }: Props) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Problem | null>(null);
  const send = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    setBusy(true);
    setError(null);
    try {
      const values = [...new FormData(form)].map(([name, value]) => [name, String(value)] as const);
      await onSend(Object.fromEntries(values));
    } catch (caught) {
      if (!(caught instanceof Problem)) throw caught;
      setError(caught);
    } finally {
      setBusy(false);
    }
  };
  return (
    <details class="account-way" open={open}>
      <summary>{title}</summary>
      <form onSubmit={(event) => void send(event)}>
        {help !== undefined && <p class="quiet small">{help}</p>}
        {children}
        {error !== null && (
          <p class="notice notice-strong" role="alert">
            {problemText(error)}
          </p>
        )}
        <button type="submit" class="button button-main" disabled={busy}>
          {action}
        </button>
      </form>
    </details>
  );
}

interface FieldProps {
  name: string;
  label: string;
  type?: string;
  autocomplete: string;
  required?: boolean;
  minLength?: number;
  help?: string;
}

export function Field({ name, label, type = "text", autocomplete, required = true, minLength, help }: FieldProps) {
  return (
    <label class="account-field">
      <span>{label}</span>
      <input class="field" {...{ name, type, autocomplete, required }} {...(minLength === undefined ? {} : { minLength })} />
      {help !== undefined && <span class="small quiet">{help}</span>}
    </label>
  );
}
