/** What is wrong with a number of a rule file that a number here can't hold to the last digit, and what to write. */
export function lostDigits(written: string): string {
  const kept = Number(written);
  if (!Number.isFinite(kept)) return `the number ${written} is larger than any that a number can hold; ${SMALLER}`;
  return `the number ${written} has more digits than a number keeps, it would be ${kept}; ${REMEDY}`;
}

const SMALLER = 'write a smaller one, or put it between quotes';
const REMEDY = 'write fewer digits, or, if it is an id, put it between quotes and send it as a text too';
