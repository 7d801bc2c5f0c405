import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { readExactly } from '../../doors/exact-json.js';
import { isObject } from '../../engine/language/is-object.js';
import { CommandFailed } from '../../errors.js';
import { kinds } from '../../rulebook/kinds/kinds.js';

const FILE = join('.vscode', 'settings.json');

/** What VS Code calls its settings for JSON and, with the extension of Red Hat, for YAML. */
interface Settings {
  readonly 'json.schemas'?: readonly { readonly fileMatch?: readonly string[]; readonly url?: string }[];
  readonly 'yaml.schemas'?: Readonly<Record<string, string | readonly string[]>>;
}

/**
 * Tells VS Code, in the settings of the working folder, which schema is for which rule files; gives the file's path.
 */
export function writeVscodeSettings(dir: string): string {
  const inside = relative(process.cwd(), resolve(dir)).split(sep).join('/');
  if (inside.startsWith('..'))
    throw new CommandFailed(
      `${dir} is not inside this folder, whose settings VS Code reads. Change to the folder that you open in VS Code.`,
    );
  const known = readSettings(inside);
  mkdirSync(dirname(FILE), { recursive: true });
  writeFileSync(FILE, `${JSON.stringify(withSchemas(known, inside), null, 2)}\n`);
  return FILE;
}

/** The settings with the schemas of a folder in them; what else there is stays. */
export function withSchemas(known: Settings, inside: string): Settings {
  const ours = schemaSettings(inside);
  const urls = new Set(ours['json.schemas'].map(({ url }) => url));
  const others = (known['json.schemas'] ?? []).filter(({ url = '' }) => !urls.has(url));
  return {
    ...known,
    'json.schemas': [...others, ...ours['json.schemas']],
    'yaml.schemas': { ...known['yaml.schemas'], ...ours['yaml.schemas'] },
  };
}

function schemaSettings(
  inside: string,
): Required<{ 'json.schemas': { fileMatch: string[]; url: string }[]; 'yaml.schemas': Record<string, string[]> }> {
  const prefix = inside === '' ? '' : `${inside}/`;
  const url = (kind: string) => `./${prefix}.schemas/${kind}.json`;
  return {
    'json.schemas': kinds.map(({ name, folder, file = '*' }) => ({
      fileMatch: [`/${prefix}${folder}/${file}.json`],
      url: url(name),
    })),
    'yaml.schemas': Object.fromEntries(
      kinds.map(({ name, folder, file = '*' }) => [
        url(name),
        [`/${prefix}${folder}/${file}.yaml`, `/${prefix}${folder}/${file}.yml`],
      ]),
    ),
  };
}

function readSettings(inside: string): Settings {
  if (!existsSync(FILE)) return {};
  const known = parsed(readFileSync(FILE, 'utf8'));
  if (known) return known;
  // Comments are allowed there, and writing it anew would lose them, as it would what has one name.
  throw new CommandFailed(
    `${FILE} has comments, a name more than once in one object, or is no JSON, so it is left as it is. ` +
      `Add these by hand:\n` +
      `${JSON.stringify(schemaSettings(inside), null, 2)}`,
  );
}

function parsed(text: string): Settings | undefined {
  try {
    const { value, repeats } = readExactly(text);
    return isObject(value) && !repeats ? value : undefined;
  } catch {
    return undefined;
  }
}
