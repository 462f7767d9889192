// The one way to the service: typed by its OpenAPI document, and every failure a `Problem`.
import createClient from "openapi-fetch";

import type { components, paths } from "../generated/schema";
import { unreachable, problemOf, type Problem } from "./problem";

export type Schemas = components["schemas"];

export const client = createClient<paths>({ baseUrl: "/", credentials: "same-origin" });

interface Answered<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** What the service answered, or a thrown `Problem` that says why it did not. */
export async function ask<T>(request: Promise<Answered<T>>): Promise<T> {
  const answered = await request.catch((): Problem => {
    throw unreachable();
  });
  if (!("response" in answered)) throw answered;
  const { data, error, response } = answered;
  if (!response.ok) throw problemOf(response, error);
  return data as T;
}
