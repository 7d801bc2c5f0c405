import { stringify } from 'yaml';

/** `my-rule` is called "My rule". */
export function title(id: string): string {
  const text = wordsOf(id).join(' ') || id;
  return scalar(text.charAt(0).toUpperCase() + text.slice(1));
}

/** The words that an id is made of. */
export function wordsOf(id: string): string[] {
  return id.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
}

/** A text as YAML takes it: in quotes only where it would be something else without. Inside of lists too. */
export function scalar(text: string): string {
  return stringify([text], { collectionStyle: 'flow', lineWidth: 0 })
    .trim()
    .replace(/^\[\s*|\s*\]$/g, '');
}
