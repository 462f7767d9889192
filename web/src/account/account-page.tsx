// Who is asking: a guest, somebody with an account, or nobody yet.
import { useQuery } from "@tanstack/preact-query";

import { isProblem } from "../api/problem";
import { me } from "../api/queries";
import { forgetSession, mayHaveSession } from "../api/session";
import { useTitle } from "../shell/title";
import { Wrong } from "../shell/wrong";
import { text } from "../text/en";
import "./account.css";
import { Recover, Register, SignIn } from "./forms";
import { KeepCode } from "./keep-code";
import { SignOut } from "./sign-out";

export default function AccountPage() {
  useTitle(text.account.title);
  const found = useQuery({ ...me(), enabled: mayHaveSession(), retry: 1 });
  const nobody = !mayHaveSession() || isProblem(found.error, "unauthenticated");
  if (nobody) forgetSession();
  if (!nobody && found.data === undefined) {
    if (found.error !== null) return <Wrong error={found.error} retry={() => void found.refetch()} />;
    return (
      <div class="column account">
        <h1>{text.account.title}</h1>
        <div class="skeleton" style={{ height: "200px" }} />
      </div>
    );
  }
  const email = nobody ? null : (found.data?.email ?? null);
  const name = found.data?.name ?? email;
  return (
    <div class="column account">
      <h1>{text.account.title}</h1>
      <p class="quiet">{nobody ? text.account.nobody : email === null ? text.account.guest : text.account.signedInAs(name ?? email)}</p>
      {email === null && (
        <div class="account-ways">
          {nobody && <SignIn open />}
          <Register open={!nobody} />
          {!nobody && <KeepCode />}
          {!nobody && <SignIn />}
          <Recover />
        </div>
      )}
      {!nobody && <SignOut guest={email === null} />}
    </div>
  );
}
