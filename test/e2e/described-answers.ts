import type * as ajv from 'ajv/dist/2020.js';
import { plainUrl } from '../../src/http/plain-url.js';
import { importBuilt } from './built.js';
import type { Answer } from './service.js';

const { Ajv2020 } = await importBuilt<typeof ajv>('ajv/dist/2020.js');

/** The part of a description of the API that says what is answered. */
export interface DescribedApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>;
}

interface DescribedOperation {
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
}

interface Asked {
  readonly method: string;
  /** With its query, if any. */
  readonly path: string;
}

const REFUSAL = '/components/schemas/Refusal';

/** Holds answers against what `/docs-json` says of them. */
export class DescribedAnswers {
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true });
  private readonly compiled = new Map<string, ajv.ValidateFunction>();

  constructor(private readonly api: DescribedApi) {
    this.ajv.addSchema({ $id: 'api', ...api });
  }

  /** Throws where an answer is not as it is described, and says how it differs. */
  check(asked: Asked, answer: Answer): void {
    const schema = this.schemaFor(asked, answer);
    if (schema === undefined) return;
    const validate = this.validatorOf(schema);
    for (const value of valuesIn(answer))
      if (!validate(value)) throw new Error(`${told(asked, answer)}: ${this.ajv.errorsText(validate.errors)}`);
  }

  /** Where its schema stands in the description; undefined for an answer without a body. */
  private schemaFor(asked: Asked, answer: Answer): string | undefined {
    if (asked.method === 'HEAD' || asked.method === 'OPTIONS') return undefined;
    const found = this.findPath(asked);
    if (found === undefined && answer.status >= 400) return REFUSAL;
    if (found === undefined) return refuse(asked, answer, 'there is no such route in the description');
    const responses = this.api.paths[found]?.[asked.method.toLowerCase()]?.responses ?? {};
    const status = answer.status >= 400 ? 'default' : String(answer.status);
    const { content } =
      responses[status] ?? refuse(asked, answer, `only ${Object.keys(responses).join()} are described`);
    if (!content) return answer.text === '' ? undefined : refuse(asked, answer, 'is described without a body');
    const type = typeOf(answer);
    if (!(type in content)) refuse(asked, answer, `is ${type}, and described as ${Object.keys(content).join()}`);
    return pointer('paths', found, asked.method.toLowerCase(), 'responses', status, 'content', type, 'schema');
  }

  private findPath({ method, path }: Asked): string | undefined {
    const [plain = ''] = plainUrl(path).split('?');
    const fitting = Object.keys(this.api.paths).filter(
      (one) => method.toLowerCase() in (this.api.paths[one] ?? {}) && patternOf(one).test(plain),
    );
    return fitting.find((one) => one === plain) ?? fitting[0];
  }

  private validatorOf(schema: string): ajv.ValidateFunction {
    const known = this.compiled.get(schema) ?? this.ajv.compile({ $ref: `api#${schema}` });
    this.compiled.set(schema, known);
    return known;
  }
}

function valuesIn(answer: Answer): readonly unknown[] {
  const type = typeOf(answer);
  if (type === 'application/json') return [answer.body];
  if (type !== 'application/x-ndjson') return [answer.text];
  return answer.text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
}

function typeOf({ headers }: Answer): string {
  return headers.get('content-type')?.split(';')[0] ?? 'of no type';
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`);
}

function pointer(...parts: readonly string[]): string {
  return parts.map((part) => `/${encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('');
}

function refuse(asked: Asked, answer: Answer, why: string): never {
  throw new Error(`${told(asked, answer)}: ${why}`);
}

function told({ method, path }: Asked, { status, text }: Answer): string {
  return `${method} ${path} is answered ${status}, and not as /docs-json says: ${text.slice(0, 300)}`;
}
