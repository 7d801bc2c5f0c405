import { factNames, facts } from '../../engine/facts/facts.js';
import { suggest } from '../read/suggest.js';

/**
 * The end of a message about a fact that there is not: the one meant; the fact that has a part of that name; or how a
 * trait, which it most likely is, is read.
 */
export function factAdvice(name: string): string {
  const nearest = suggest(name, factNames);
  if (nearest !== undefined) return `; did you mean "${nearest}"?`;
  const whole = facts.find(({ shape, form }) => form.length === 0 && Object.hasOwn(shape({}).parts ?? {}, name));
  if (whole) return `; write "fact": "${whole.name}" with "path": "${pathTo(name)}"`;
  return (
    `; for a trait of the person write "fact": "profile" with "path": "${pathTo(name)}", ` +
    `for what the request says "context"; the facts are ${factNames.join(', ')}`
  );
}

function pathTo(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? `$.${name}` : `$['${name}']`;
}
