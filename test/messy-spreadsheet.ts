/** A spreadsheet as it leaves an office in Germany, and what has to become of each of its cells. */
export interface MessySpreadsheet {
  /** The bytes, in windows-1252 or UTF-8 with a byte order mark. */
  readonly bytes: Buffer;
  readonly mapping: object;
  /** The traits of each person after the last of their rows. */
  readonly people: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  /** The cells that can't be what the mapping says, by the line in which their row begins. */
  readonly badCells: readonly { readonly line: number; readonly column: string; readonly value: string }[];
  /** The lines of the rows that nobody can be told from. */
  readonly badRows: readonly number[];
  readonly rows: number;
}

const HEADER = [
  'Kundennummer',
  ' Name ',
  'PLZ',
  'Umsatz',
  'Vertragsende',
  'Premium',
  'Interessen',
  'Notiz',
  'Newsletter',
];

const MAPPING = {
  visitorId: 'Kundennummer',
  timeZone: 'Europe/Berlin',
  traits: {
    name: 'Name',
    plz: 'PLZ',
    revenue: { column: 'Umsatz', type: 'number', decimal: ',' },
    endsOn: { column: 'Vertragsende', type: 'date', format: 'dd.mm.yyyy' },
    premium: { column: 'Premium', type: 'boolean' },
    interests: { column: 'Interessen', type: 'list', separator: '|' },
    note: 'Notiz',
  },
  consents: { newsletter: 'Newsletter' },
};

/**
 * Makes a spreadsheet of so many rows: semicolons, CRLF, decimal commas, days first, line breaks in quotes, rows that
 * come twice, empty ones, and every 50th with a cell that is wrong. The same number gives the same bytes.
 */
export function messySpreadsheet(rows: number, encoding: 'utf-8' | 'windows-1252' = 'utf-8'): MessySpreadsheet {
  const lines: string[] = [`${HEADER.join(';')};;`];
  const people = new Map<string, Readonly<Record<string, unknown>>>();
  const badCells: { line: number; column: string; value: string }[] = [];
  const badRows: number[] = [];
  let line = 2;
  for (let row = 0; row < rows; row++) {
    // Every tenth row is the one before it once more.
    const n = row % 10 === 9 ? row - 1 : row;
    const { id, cells, traits, bad } = person(n);
    const text = [id, ...cells].join(';');
    if (id === '') badRows.push(line);
    else people.set(id, traits);
    if (bad && id !== '') badCells.push({ line, ...bad });
    lines.push(n % 7 === 0 ? text : `${text};;`);
    line += text.split('\r\n').length;
    if (row % 1000 === 500) {
      lines.push(';;;;;;;;;;', '');
      line += 2;
    }
  }
  const text = `${lines.join('\r\n')}\r\n`;
  const bytes = encoding === 'utf-8' ? Buffer.from(`\uFEFF${text}`) : Buffer.from(text, 'latin1');
  return { bytes, mapping: MAPPING, people, badCells, badRows, rows };
}

interface Person {
  readonly id: string;
  readonly cells: readonly string[];
  readonly traits: Readonly<Record<string, unknown>>;
  readonly bad?: { readonly column: string; readonly value: string };
}

function person(n: number): Person {
  const [euros, cents] = [1000 + (n % 900_000), n % 100];
  const day = new Date(Date.UTC(2026, 0, 1 + (n % 700))).toISOString().slice(0, 10);
  const plz = String(1067 + (n % 90_000)).padStart(5, '0');
  const note = n % 5 === 0 ? `Zeile eins; "zwei"\r\nMüller ${n}` : `Notiz ${n}`;
  const good = {
    ...{ name: `Jürgen Groß ${n}`, plz, revenue: Number(`${euros}.${String(cents).padStart(2, '0')}`) },
    ...{ endsOn: day, premium: n % 2 === 0, interests: ['Küche', `Bad ${n % 9}`], note },
  };
  const written = {
    revenue: `${grouped(euros)},${String(cents).padStart(2, '0')}`,
    endsOn: day.split('-').reverse().join('.'),
    premium: good.premium ? 'ja' : 'Nein',
  };
  const bad = badCell(n);
  const shown = { ...written, ...(bad ? { [bad.trait]: bad.value } : {}) };
  const { [bad?.trait ?? '']: _, ...left } = good as Record<string, unknown>;
  const cells = [good.name, plz, shown.revenue, shown.endsOn, shown.premium, good.interests.join(' | ')];
  const id = n % 997 === 996 ? '' : `K-${String(n).padStart(7, '0')}`;
  return {
    ...{ id, cells: [...cells, quoted(note), n % 3 === 0 ? 'ja' : 'nein'], traits: left },
    ...(bad ? { bad: { column: bad.column, value: bad.value } } : {}),
  };
}

function badCell(n: number): { readonly trait: string; readonly column: string; readonly value: string } | undefined {
  if (n % 50 === 10) return { trait: 'revenue', column: 'Umsatz', value: 'auf Anfrage' };
  if (n % 50 === 20) return { trait: 'endsOn', column: 'Vertragsende', value: '30.02.2026' };
  return n % 50 === 30 ? { trait: 'premium', column: 'Premium', value: 'vielleicht' } : undefined;
}

function grouped(euros: number): string {
  return String(euros).replace(/\B(?=(\d{3})+$)/g, '.');
}

function quoted(text: string): string {
  return /[;"\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
