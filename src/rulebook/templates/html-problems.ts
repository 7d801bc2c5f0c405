import type { Template } from 'liquidjs';
import { outputOf } from './guard-outputs.js';

/**
 * What is wrong with where a template of HTML puts its values: escaping keeps them harmless between tags and in quoted
 * attributes, and nowhere else. The text is read from front to back as one page would be, whichever branch is taken;
 * what is put out as `raw` is its author's word that it is safe.
 */
export function htmlProblems(text: string, parse: (text: string) => readonly Template[]): string[] {
  const state = new HtmlState();
  const problems: string[] = [];
  for (const part of text.split(/(\{\{[^]*?\}\}|\{%[^]*?%\})/)) {
    const output = isOutput(part) ? part : undefined;
    if (output === undefined) state.read(part.startsWith('{%') ? '' : part);
    else if (!saysRaw(output, parse)) problems.push(...state.problems());
    if (output !== undefined) state.pass();
  }
  return problems;
}

function isOutput(part: string): boolean {
  return part.startsWith('{{') || /^\{%-?\s*(?:echo|cycle)\b/.test(part);
}

function saysRaw(output: string, parse: (text: string) => readonly Template[]): boolean {
  const [template] = parse(output);
  return template !== undefined && outputOf(template)?.filters.at(-1)?.name === 'raw';
}

const REMEDY = 'put it between tags or in a quoted attribute, or end it with the filter raw if it is safe there';

/** Where in a page one is, as far as escaping cares. */
class HtmlState {
  /** Everything since the last place where the page was between tags, outside of scripts and styles. */
  private open = '';

  read(text: string): void {
    this.open += text;
    // What is closed is done with: comments, scripts and styles as a whole, then tags with their quoted attributes.
    this.open = this.open.replace(/<!--[^]*?-->|<(script|style)\b[^<>]*>[^]*?<\/\1\s*>/gi, '');
    const closed = /^(?:[^<]+|<(?!\/?[a-z]|!--|\/?$)|<(?!(?:script|style)\b)\/?[a-z](?:[^>"']|"[^"]*"|'[^']*')*>)*/i;
    this.open = this.open.replace(closed, '');
  }

  /** A value stands here. */
  pass(): void {
    if (this.open !== '' && !this.open.endsWith('x')) this.open += 'x';
  }

  problems(): string[] {
    if (this.open === '') return [];
    if (/^<!--/.test(this.open)) return [`a value can't stand in a comment of HTML; ${REMEDY}`];
    const element = /^<(script|style)\b(?:[^>"']|"[^"]*"|'[^']*')*>/i.exec(this.open)?.[1];
    if (element !== undefined) return [`a value can't be made safe inside <${element.toLowerCase()}>; ${REMEDY}`];
    const { name, value } = this.attribute();
    if (name === undefined) return [`a value in a tag must be in quotes, such as title="{{ … }}"; ${REMEDY}`];
    if (/^(?:on.*|style|srcdoc)$/i.test(name))
      return [`a value can't be made safe in the attribute ${name}; ${REMEDY}`];
    if (!LEADS.test(name) || value.trim() !== '') return [];
    return [`a value can't begin the address in ${name}, as it may run code; give it in the "url" of an action`];
  }

  /** The attribute whose quotes are open, if any are, with what is in them so far. */
  private attribute(): { readonly name: string | undefined; readonly value: string } {
    const open = this.open.replace(/"[^"]*"|'[^']*'/g, (quoted) => ' '.repeat(quoted.length));
    const quote = open.search(/["']/);
    const name = quote < 0 ? undefined : NAME.exec(open.slice(Math.max(0, quote - LONGEST_NAME), quote))?.[1];
    return { name, value: open.slice(quote + 1) };
  }
}

const NAME = /([^\s"'<>/=]+)\s*=\s*$/;
const LONGEST_NAME = 200;
const LEADS = /^(?:href|src|action|formaction|data|poster|xlink:href|ping)$/i;
