// The ways to be somebody.
import { useLocation } from "preact-iso";

import { text } from "../text/en";
import { recover, register, signIn } from "./become";
import { Field, Form } from "./form";

const PASSWORD_LEAST = 12;

export function SignIn({ open = false }: { open?: boolean }) {
  const { route } = useLocation();
  return (
    <Form
      title={text.account.signIn}
      action={text.account.signIn}
      open={open}
      onSend={async ({ email = "", password = "" }) => {
        await signIn(email, password);
        route("/tickets");
      }}
    >
      <Field name="email" type="email" label={text.account.email} autocomplete="username" />
      <Field name="password" type="password" label={text.account.password} autocomplete="current-password" />
    </Form>
  );
}

export function Register({ open = false }: { open?: boolean }) {
  const { route } = useLocation();
  return (
    <Form
      title={text.account.register}
      action={text.account.register}
      open={open}
      help={text.account.registerHelp}
      onSend={async ({ email = "", password = "", name = "" }) => {
        await register(email, password, name);
        route("/tickets");
      }}
    >
      <Field name="name" label={text.account.name} autocomplete="name" required={false} />
      <Field name="email" type="email" label={text.account.email} autocomplete="username" />
      <Field
        name="password"
        type="password"
        label={text.account.password}
        autocomplete="new-password"
        minLength={PASSWORD_LEAST}
        help={text.account.passwordHelp}
      />
    </Form>
  );
}

export function Recover() {
  const { route } = useLocation();
  return (
    <Form
      title={text.account.useRecovery}
      action={text.account.useRecoveryAction}
      onSend={async ({ code = "" }) => {
        await recover(code);
        route("/tickets");
      }}
    >
      <Field name="code" label={text.account.recovery} autocomplete="one-time-code" />
    </Form>
  );
}
