import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { Findings } from '../read/findings.js';
import type { Kind, RuleFile } from '../read/rule-file.js';
import type { RuleIndex } from '../read/rule-index.js';
import { schemaOf, type SchemaObject } from '../schemas/schema-of.js';
import { shapeMessage } from './shape-message.js';
import type { SourceNode } from '../read/source-node.js';

/** Holds a file against its kind's JSON Schema and says in plain words what does not fit. */
export function checkShape(file: RuleFile, _index: RuleIndex, findings: Findings): void {
  if (!file.root) return;
  const validate = validatorOf(file.kind);
  if (validate(file.root.value)) return;
  for (const error of relevant(validate.errors ?? [])) {
    findings.add(file, offsetOf(error, file.root), shapeMessage(error));
  }
}

const validators = new Map<Kind, ValidateFunction>();

function validatorOf(kind: Kind): ValidateFunction {
  const known = validators.get(kind);
  if (known) return known;
  const ajv = new Ajv({ allErrors: true, verbose: true, strict: true, allowUnionTypes: true });
  const validate = ajv.compile(relaxed(schemaOf(kind)));
  validators.set(kind, validate);
  return validate;
}

/** What another check looks at more closely, with better words than a schema's choice of shapes gives. */
function relaxed(schema: SchemaObject): SchemaObject {
  const elsewhere: Record<string, SchemaObject> = {
    Json: {},
    JsonObject: { type: 'object' },
    Condition: {},
    RootCondition: {},
    When: { type: 'string' },
    ScheduleTime: { type: 'string' },
    CaseConsent: {},
    OfferPropensity: {},
    TimeOfDay: { type: 'string' },
  };
  return { ...schema, definitions: { ...schema.definitions, ...elsewhere } };
}

/** Of a choice of shapes, only what is wrong with the one that was meant. */
function relevant(errors: readonly ErrorObject[]): ErrorObject[] {
  const choices = errors.filter((error) => error.keyword === 'anyOf');
  return errors.filter((error) => {
    if (error.keyword === 'anyOf') return !errors.some((inner) => isMeant(inner, error));
    const choice = choices.find((outer) => isInside(error, outer));
    return !choice || isMeant(error, choice);
  });
}

function isMeant(error: ErrorObject, choice: ErrorObject): boolean {
  return isInside(error, choice) && !(error.keyword === 'type' && error.instancePath === choice.instancePath);
}

function isInside(error: ErrorObject, choice: ErrorObject): boolean {
  return error !== choice && error.schemaPath.startsWith(`${choice.schemaPath}/`);
}

/** An unknown property is at its name; anything else is at the value. */
function offsetOf({ instancePath, keyword, params }: ErrorObject, root: SourceNode): number {
  const path = instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const node = root.nearest(path);
  return keyword === 'additionalProperties' ? node.keyOffset(String(params['additionalProperty'])) : node.offset;
}
