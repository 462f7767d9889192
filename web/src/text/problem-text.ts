// What to tell people about an error: never what broke, always what to do.
import { Problem } from "../api/problem";
import { text } from "./en";

export function problemText(error: unknown): string {
  const kind = error instanceof Problem ? error.kind : "unexpected";
  return text.problems[kind] ?? text.problems.unexpected ?? "";
}
