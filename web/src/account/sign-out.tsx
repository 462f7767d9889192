// Signing out, which a guest does for good.
import { useLocation } from "preact-iso";
import { useState } from "preact/hooks";

import { text } from "../text/en";
import { signOut } from "./become";

export function SignOut({ guest }: { guest: boolean }) {
  const { route } = useLocation();
  const [busy, setBusy] = useState(false);
  const leave = async () => {
    if (guest && !confirm(text.account.signOutWarning)) return;
    setBusy(true);
    try {
      await signOut();
      route("/");
    } finally {
      setBusy(false);
    }
  };
  return (
    <button type="button" class="button" disabled={busy} onClick={() => void leave()}>
      {guest ? text.account.signOutGuest : text.account.signOut}
    </button>
  );
}
