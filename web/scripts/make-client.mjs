// Makes the types of the API's client from the OpenAPI document that a test holds against the code.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import openapi, { astToString } from "openapi-typescript";

const SNAPSHOT = new URL(
  "../../tests/integration/http/snapshots/integration__http__openapi__openapi.snap",
  import.meta.url,
);
const TARGET = new URL("../src/generated/schema.d.ts", import.meta.url);

// A snapshot has a head of its own between two lines of dashes; the document follows.
const snapshot = readFileSync(SNAPSHOT, "utf8");
const document = JSON.parse(snapshot.slice(snapshot.indexOf("\n---\n") + 5));
const types = astToString(await openapi(document, { alphabetize: true }));
mkdirSync(new URL(".", TARGET), { recursive: true });
writeFileSync(TARGET, types);
