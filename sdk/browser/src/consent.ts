import type { ConsentFrom } from './options.js';
import { safely } from './safely.js';

/** What of the global names of consent platforms is used here. */
interface ConsentGlobals {
  __tcfapi?: (command: 'addEventListener', version: 2, heard: (data: TcfData) => void) => void;
  dataLayer?: unknown[];
}

interface TcfData {
  readonly gdprApplies?: boolean;
  readonly eventStatus?: string;
  readonly purpose?: { readonly consents?: Readonly<Record<number, boolean>> };
}

/** `gtag('consent', 'default' | 'update', { … })`, as it lies in the `dataLayer`. */
type ConsentEntry = readonly ['consent', 'default' | 'update', { personalization_storage?: string }];

/** Calls back with each word on whether something may be kept on the device; what is not known is a no. */
export function hearConsent(from: ConsentFrom | undefined, tell: (isGranted: boolean) => void): void {
  const globals = window as ConsentGlobals;
  const { __tcfapi: tcf } = globals;
  const source = from ?? (tcf ? 'tcf' : 'given');
  if (source === 'given') tell(true);
  if (source === 'google') hearGoogle((globals.dataLayer ??= []), tell);
  if (source === 'tcf')
    tcf?.('addEventListener', 2, ({ eventStatus, gdprApplies, purpose }) => {
      // While its dialogue is open nobody has said anything yet. The purposes of IAB TCF 2 are to store on the device,
      // to make a profile for content, and to use it for content.
      if (eventStatus !== 'cmpuishown')
        tell(gdprApplies === false || [1, 5, 6].every((one) => purpose?.consents?.[one]));
    });
}

/** A default may be for some regions only, and nobody here knows whose: an update alone grants. */
function hearGoogle(layer: unknown[], tell: (isGranted: boolean) => void): void {
  const read = safely((entry: unknown) => {
    const [command, kind, { personalization_storage: word }] = entry as ConsentEntry;
    if (command === 'consent' && word) tell(word === 'granted' && kind === 'update');
  });
  const { push } = layer;
  layer.forEach(read);
  layer.push = (...entries) => {
    entries.forEach(read);
    return push.apply(layer, entries);
  };
}
