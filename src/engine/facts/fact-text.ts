import type { FactReference } from '../language/condition-definition.js';
import { findDeclaration } from './facts.js';

/** A fact as people say it: `profile.address.city`, `count of Product Viewed (within 30d)`. */
export function factText({ fact, params = {}, path }: FactReference): string {
  const say = findDeclaration(fact)?.say;
  if (say) return say(params, path);
  const given = Object.keys(params).length > 0 ? JSON.stringify(params) : '';
  return `${fact}${given}${pathText(path)}`;
}

function pathText(path: string | undefined): string {
  if (path === undefined || path === '$') return '';
  return path.startsWith('$') ? path.slice(1) : `.${path}`;
}
