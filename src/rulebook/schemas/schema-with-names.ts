import { facts } from '../../engine/facts/facts.js';
import { asksForElement, operatorNames } from '../../engine/match/operators.js';
import type { Kind } from '../read/rule-file.js';
import type { RulebookNames } from './rulebook-names.js';
import { schemaOf, type SchemaObject } from './schema-of.js';

/**
 * The schema of a kind that knows what this rulebook calls things: an editor completes offers, segments, placements,
 * purposes and groups by name, and refuses what is not there. Groups, channels and events are offered; others may be
 * new.
 */
export function schemaWithNames(kind: Kind, names: RulebookNames): SchemaObject {
  const schema = schemaOf(kind);
  const definitions = { ...schema.definitions };
  const put = (name: string, make: (definition: SchemaObject) => SchemaObject): void => {
    if (definitions[name]) definitions[name] = make(definitions[name]);
  };
  put('OfferId', (one) => ({ ...one, ...oneOf(names.offers) }));
  put('SegmentId', (one) => ({ ...one, ...oneOf(names.segments) }));
  put('PlacementId', (one) => ({ ...one, ...oneOf(names.placements) }));
  // The policy is where purposes are named, new ones too.
  put('PurposeName', (one) => ({
    ...one,
    ...(definitions['ConsentPolicyDefinition'] ? offered(names.purposes ?? []) : oneOf(names.purposes ?? [])),
  }));
  put('GroupName', (one) => ({ ...one, ...offered(names.groups) }));
  put('ChannelName', (one) => ({ ...one, ...offered(names.channels) }));
  put('EventName', (one) => ({ ...one, ...offered(names.events) }));
  put('Comparison', (one) => withSegmentValues(one, names));
  put('SegmentPropensities', (one) => withKeys(one, ['segments'], names.segments));
  put('OfferDefinition', (one) => withKeys(one, ['treatments'], names.treatments));
  put('CaseDefinition', (one) => caseWithNames(one, names));
  return { ...schema, $comment: 'Written by `usher schemas`: the names are those of this folder.', definitions };
}

const SEGMENT_LIST = facts.find(({ isSegmentList }) => isSegmentList)?.name ?? '';
const LOOKS_FOR_ONE = operatorNames.filter(asksForElement);

/** An empty choice could never be met, and says nothing to an editor. */
function oneOf(names: readonly string[]): SchemaObject {
  return names.length === 0 ? {} : { enum: names };
}

function offered(names: readonly string[]): SchemaObject {
  return names.length === 0 ? {} : { anyOf: [{ enum: names }, { type: 'string' }] };
}

function withSegmentValues(comparison: SchemaObject, { segments }: RulebookNames): SchemaObject {
  if (segments.length === 0) return comparison;
  const described = (name: string, description: string, schema: SchemaObject): SchemaObject => ({
    [name]: { ...schema, description },
  });
  const asked = {
    ...described('fact', 'The list of segments.', { const: SEGMENT_LIST }),
    ...described('operator', 'Whether one is in it.', { enum: LOOKS_FOR_ONE }),
    ...described('value', 'The id of a segment.', { type: 'string' }),
  };
  const rule = {
    if: { type: 'object', properties: asked, required: ['fact', 'operator', 'value'] },
    then: { type: 'object', properties: described('value', 'The id of a segment.', { enum: segments }) },
  };
  return { ...comparison, allOf: [...((comparison['allOf'] as SchemaObject[] | undefined) ?? []), rule] };
}

function caseWithNames(schema: SchemaObject, names: RulebookNames): SchemaObject {
  const { placements, purposes } = names;
  const keyed = ['expect', 'expectContent', 'expectGates'].reduce(
    (one, name) => withKeys(one, [name], placements),
    withKeys(schema, ['visitor', 'consents'], purposes),
  );
  return changed(keyed, ['properties', 'request', 'properties', 'placements', 'items', 'anyOf'], (choices) => {
    const [id, counted] = choices as unknown as readonly [SchemaObject, SchemaObject];
    return [
      { ...id, ...oneOf(placements) },
      changed(counted, ['properties', 'id'], (one) => ({ ...one, ...oneOf(placements) })),
    ];
  });
}

/** The property at this path with only these names in it. */
function withKeys(schema: SchemaObject, path: readonly string[], names: readonly string[] | undefined): SchemaObject {
  if (!names || names.length === 0) return schema;
  return changed(
    schema,
    path.flatMap((name) => ['properties', name]),
    (one) => ({ ...one, propertyNames: { enum: names } }),
  );
}

/** A copy with what stands at the path replaced; as it was, where nothing stands there. */
function changed(
  schema: SchemaObject,
  [step, ...rest]: readonly string[],
  make: (found: SchemaObject) => unknown,
): SchemaObject {
  const inner = step === undefined ? undefined : (schema[step] as SchemaObject | undefined);
  if (step === undefined || inner === undefined) return schema;
  return { ...schema, [step]: rest.length === 0 ? make(inner) : changed(inner, rest, make) };
}
