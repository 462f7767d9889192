// Sending again until there is an answer. Every request that changes something can be sent again as
// it was: the service finds the first answer. So a lost reply is never shown as a failure.
import { Problem } from "./problem";

/** How often a request is sent at most, and what to wait in between when the service did not say. */
const TIMES = 6;
const FIRST_WAIT_MS = 400;
const WAIT_MS_MAX = 8_000;

/** The answer to a request that can be sent again, sent again while the problem may pass. */
export async function untilAnswered<T>(
  send: () => Promise<T>,
  wait: (ms: number) => Promise<void> = sleep,
): Promise<T> {
  for (let time = 1; ; time += 1) {
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof Problem) || !error.passes || time === TIMES) throw error;
      await wait(waitAfter(error, time));
    }
  }
}

/** What to wait after a problem that may pass. Half of it is chance, lest all come back at once. */
export function waitAfter(problem: Problem, time: number, chance: number = Math.random()): number {
  const grown = FIRST_WAIT_MS * 2 ** (time - 1);
  const asked = problem.retryAfter === null ? grown : problem.retryAfter * 1_000;
  return Math.min(WAIT_MS_MAX, asked * (1 + chance / 2));
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
