import { expect, test } from "vitest";

import { Problem } from "./problem";
import { untilAnswered, waitAfter } from "./resend";

const problem = (status: number, retryAfter: number | null = null) => new Problem("x", status, {}, retryAfter);

test("a lost answer is asked for again, and what was decided is not", async () => {
  const waits: number[] = [];
  const wait = async (ms: number) => void waits.push(ms);
  const answers = [problem(0), problem(503), "held"];
  const send = async () => {
    const next = answers.shift();
    if (next instanceof Problem) throw next;
    return next;
  };
  expect(await untilAnswered(send, wait)).toBe("held");
  expect(waits).toHaveLength(2);

  let sent = 0;
  const refused = async () => {
    sent += 1;
    throw problem(409);
  };
  await expect(untilAnswered(refused, wait)).rejects.toThrow();
  expect(sent).toBe(1);
});

test("it is not asked for ever", async () => {
  let sent = 0;
  const send = async () => {
    sent += 1;
    throw problem(0);
  };
  await expect(untilAnswered(send, async () => {})).rejects.toThrow();
  expect(sent).toBe(6);
});

test("who is told how long to wait waits that long, and never all at once", () => {
  expect(waitAfter(problem(503, 2), 1, 0)).toBe(2_000);
  expect(waitAfter(problem(503, 2), 1, 1)).toBe(3_000);
  expect(waitAfter(problem(0), 3, 0)).toBe(1_600);
  expect(waitAfter(problem(503, 600), 1, 0)).toBe(8_000);
});
