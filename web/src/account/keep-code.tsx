// A guest's way back, from another device or after this browser was lost.
import { useState } from "preact/hooks";

import type { Schemas } from "../api/client";
import { text } from "../text/en";
import { longMoment } from "../text/format";
import { recoveryCode } from "./become";
import { Form } from "./form";

export function KeepCode() {
  const [made, setMade] = useState<Schemas["RecoveryBody"] | null>(null);
  const [copied, setCopied] = useState(false);
  if (made === null) {
    return (
      <Form title={text.account.recovery} action={text.account.makeRecovery} help={text.account.recoveryHelp} onSend={async () => setMade(await recoveryCode())}>
        {null}
      </Form>
    );
  }
  const copy = async () => {
    await navigator.clipboard.writeText(made.recovery_code);
    setCopied(true);
  };
  return (
    <div class="notice account-code" role="status">
      <code>{made.recovery_code}</code>
      <span class="small quiet">{text.account.recoveryUntil(longMoment(made.expires_at))}</span>
      <button type="button" class="button" onClick={() => void copy()}>
        {copied ? text.account.copied : text.account.copy}
      </button>
    </div>
  );
}
