import type { RowKind } from '../../doors/mapping/mapping.js';

/** The help on mapping files, for each kind of row. */
export const mappingHelp: Readonly<Record<RowKind, string>> = {
  events: `A mapping says which column is what:
  {
    "visitorId": "user_id",
    "timestamp": "event_time",
    "event": { "column": "event_type", "names": { "view": "Product Viewed" } },
    "properties": { "category": "category_code", "price": { "column": "price", "type": "number" } },
    "channel": { "value": "web" }
  }
On the left are the names in Usher, on the right the columns; NDJSON may have paths such as user.id, and #row is
the number of the row. A type is string, number, boolean, date, list or json.
Also known: messageId, delimiter, encoding, timeZone; docs/doors.md says all of it.
Times are ISO, 2019-10-01 00:00:00 (UTC where no zone is named), or epoch seconds, milliseconds or microseconds.
No mapping is needed for NDJSON with events of the Segment API, nor for a CSV with no other columns than
visitorId, event, timestamp, channel, messageId and such as properties.price.`,
  visitors: `A mapping says which column is what:
  {
    "visitorId": "customer_no",
    "traits": { "age": { "column": "age", "type": "number" }, "job": "job" }
  }
On the left are the names in Usher, on the right the columns; NDJSON may have paths such as address.city, and #row
is the number of the row. A type is string, number (with "decimal": ","), boolean, date ("format": "dd.mm.yyyy"),
list ("separator": "|") or json. Also known: timestamp, consents, delimiter, encoding, timeZone; docs/doors.md says all of it.
The ids are those of known people; where they are those of devices, say "known": false.
No mapping is needed for NDJSON with visitorId and traits, or with whole histories as an export has them, nor for a CSV
with the column visitorId, where every other column is a trait.`,
};
