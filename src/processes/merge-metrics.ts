/** All that is said of one metric. */
interface Family {
  readonly head: readonly string[];
  readonly samples: string[];
}

/**
 * Metrics of several processes as one text of Prometheus (text format 0.0.4): each sample with the label `process`, the
 * number of its process, and each metric in one place, as the format asks for.
 */
export function mergeMetrics(texts: ReadonlyMap<number, string>): string {
  const families = new Map<string, Family>();
  for (const [place, text] of texts) {
    let [head, family]: [string[], Family | undefined] = [[], undefined];
    for (const line of text.split('\n')) {
      if (line.startsWith('#')) {
        head = family ? [line] : [...head, line];
        family = undefined;
      } else if (line !== '') {
        family ??= familyOf(families, head, line);
        family.samples.push(labelled(line, place));
      }
    }
  }
  return [...families.values()].flatMap(({ head, samples }) => [...head, ...samples, '']).join('\n');
}

/** By what is said of it, or by the name of its first sample where nothing is. */
function familyOf(families: Map<string, Family>, head: readonly string[], sample: string): Family {
  const name = /^# (?:HELP|TYPE) (\S+)/.exec(head.at(-1) ?? '')?.[1] ?? /^[^{\s]+/.exec(sample)?.[0] ?? '';
  const known = families.get(name);
  if (known) return known;
  const family = { head, samples: [] };
  families.set(name, family);
  return family;
}

function labelled(sample: string, place: number): string {
  const name = /^[^{\s]+/.exec(sample)?.[0] ?? '';
  const rest = sample.slice(name.length);
  const label = `process="${place}"`;
  if (!rest.startsWith('{')) return `${name}{${label}}${rest}`;
  return `${name}{${label}${rest.startsWith('{}') ? '' : ','}${rest.slice(1)}`;
}
