/** One person's data, written in the many ways that doors read alike. */
export const NDJSON = 'application/x-ndjson';
/** In seconds. */
export const TWENTY_DAYS = 1_728_000;
/** In seconds since 1970, as not all spellings tell more; what begins here is retained whole. */
export const FIRST = Math.floor(Date.now() / 1_000) - 30 * 86_400;

/** How one id may be written, as JSON. */
export const SPELLINGS: readonly (readonly [string, (id: string) => string])[] = [
  ['as it is', (id) => JSON.stringify(`${id} M\u00FCller`)],
  ['with blanks around it', (id) => JSON.stringify(` ${id} M\u00FCller\u00A0\t`)],
  ['with a mark at its beginning', (id) => JSON.stringify(`\uFEFF${id} M\u00FCller\u200B`)],
  ['decomposed', (id) => JSON.stringify(`${id} Mu\u0308ller`)],
];

/** One instant, of so many seconds since 1970, as JSON has it. */
export const TIMES: readonly ((seconds: number) => string)[] = [
  (seconds) => JSON.stringify(new Date(seconds * 1_000).toISOString()),
  (seconds) => JSON.stringify(new Date(seconds * 1_000).toISOString().replace('T', ' ').slice(0, 19)),
  (seconds) => JSON.stringify(new Date((seconds + 19_800) * 1_000).toISOString().replace('Z', '+0530')),
  (seconds) => JSON.stringify(new Date(seconds * 1_000).toUTCString()),
  (seconds) => `${seconds}`,
  (seconds) => `${seconds}000`,
  (seconds) => `${seconds}000000`,
  (seconds) => `"${seconds}000000000"`,
];

export interface Sending {
  readonly type?: string;
  readonly charset: string;
}

export interface Said extends Sending {
  readonly who: string;
  readonly when: string;
  readonly text: string;
  readonly amount: number;
  readonly message: string;
}

export function seen({ when, text, amount, message }: Omit<Said, 'who'>): string {
  const properties = `{"text":${JSON.stringify(text)},"amount":${amount}.50}`;
  const said = `"event":"Seen","timestamp":${when},"messageId":"${message}","properties":${properties}`;
  return `${said},"channel":"web","context":{"channel":"web"}`;
}

export function asked(who: string, event: string): string {
  return `{"visitorId":${who},"placements":["hero"],"events":[{"type":"track","userId":${who},${event}}]}`;
}

export function line(who: string, { when, text, amount }: Omit<Said, 'who'>): string {
  const traits = JSON.stringify({ text, amount: `${amount}.50` });
  return `{"visitorId":${who},"timestamp":${when},"traits":${traits},"consents":{"newsletter":"granted"}}\n`;
}

export function table(who: string, { when, text, amount }: Omit<Said, 'who'>): string {
  const cells = [who, when, text, `${amount}.50`, 'granted'].map((cell) =>
    cell.startsWith('"') ? String(JSON.parse(cell)) : cell,
  );
  return `visitorId;timestamp;text;amount;consents.newsletter\n${cells.map((cell) => `"${cell}"`).join(';')}\n`;
}

export function history(who: string, said: Omit<Said, 'who'>): string {
  return `{"visitorId":${who},"identities":{"known":[${who}]},"interactions":[{${seen(said)}}]}\n`;
}
