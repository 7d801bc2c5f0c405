import { readName } from '../../doors/read-name.js';

/**
 * Why a name in a rule file is none that data can have, and what to write; undefined for one that it can have. Doors
 * keep names by one rule, so that another would never be met, and nobody would be told.
 */
export function nameProblem(name: string): string | undefined {
  const kept = readName(name);
  if (kept === name) return undefined;
  const isComposed = name.normalize('NFC') === name;
  const fault = isComposed
    ? "blanks, or characters that can't be seen, at its ends"
    : 'accents as characters of their own';
  const remedy = kept === '' ? 'write a name' : `write ${JSON.stringify(kept)}`;
  return `the name ${JSON.stringify(name)} has ${fault}, and names are kept without; ${remedy}`;
}
