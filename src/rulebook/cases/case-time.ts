import type { Definition, Definitions } from '../../engine/language/definitions.js';
import type { Millis } from '../../engine/language/millis.js';
import { instant } from '../read/instant.js';

/** Another time for every case. */
export interface CaseTime {
  readonly now: Millis;
  /** Whether what the visitor did, and until when they consented, moves along, so that it is as long ago as it was. */
  readonly moveHistory: boolean;
}

/** The same definitions, with every case written as if it were another time. */
export function casesAt(definitions: Definitions, time: CaseTime): Definitions {
  return { ...definitions, cases: new Map([...definitions.cases].map(([id, written]) => [id, caseAt(written, time)])) };
}

function caseAt(written: Definition<'cases'>, { now, moveHistory }: CaseTime): Definition<'cases'> {
  const byMs = now - instant(written.now);
  const visitor = moveHistory && written.visitor ? { visitor: movedVisitor(written.visitor, byMs) } : {};
  return { ...written, ...visitor, now: whenOf(now) };
}

function movedVisitor(
  visitor: NonNullable<Definition<'cases'>['visitor']>,
  byMs: Millis,
): NonNullable<Definition<'cases'>['visitor']> {
  const { interactions = [], contacts, consents = {} } = visitor;
  return {
    ...visitor,
    interactions: interactions.map((one) => ({ ...one, timestamp: moved(one.timestamp, byMs) })),
    ...(contacts && { contacts: contacts.map((one) => ({ ...one, timestamp: moved(one.timestamp, byMs) })) }),
    consents: Object.fromEntries(
      Object.entries(consents).map(([purpose, said]) => [
        purpose,
        typeof said === 'string' || said.until === undefined ? said : { ...said, until: moved(said.until, byMs) },
      ]),
    ),
  };
}

function moved(when: string, byMs: Millis): string {
  return whenOf(instant(when) + byMs);
}

/** Years before 0 and after 9999 have another form, which rule files don't know: they stop there. */
function whenOf(at: Millis): string {
  return new Date(
    Math.min(Math.max(at, Date.parse('0001-01-01T00:00:00Z')), Date.parse('9999-12-31T23:59:59Z')),
  ).toISOString();
}
