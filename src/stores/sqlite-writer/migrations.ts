/** Append only: entry N brings a file from `user_version` N to N + 1. */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE visitors (id TEXT NOT NULL PRIMARY KEY, version TEXT NOT NULL, document BLOB NOT NULL);
   CREATE TABLE decisions (seq INTEGER PRIMARY KEY, body TEXT NOT NULL);`,
  'CREATE TABLE set_aside (id TEXT NOT NULL PRIMARY KEY, document BLOB NOT NULL)',
  'CREATE TABLE rejected (id TEXT NOT NULL PRIMARY KEY, body TEXT NOT NULL)',
  `ALTER TABLE decisions ADD COLUMN visitor_id TEXT NOT NULL DEFAULT '';
   ALTER TABLE decisions ADD COLUMN decided_at INTEGER NOT NULL DEFAULT 0;
   UPDATE decisions SET visitor_id = json_extract(body, '$.visitorId'), decided_at = json_extract(body, '$.decidedAt');
   CREATE INDEX decisions_by_visitor ON decisions (visitor_id);`,
  `CREATE TABLE releases (version INTEGER PRIMARY KEY, summary TEXT NOT NULL, pieces TEXT NOT NULL);
   CREATE TABLE release_pieces (name TEXT NOT NULL PRIMARY KEY, body BLOB NOT NULL);
   CREATE TABLE release_events (seq INTEGER PRIMARY KEY, body TEXT NOT NULL);
   CREATE TABLE rollout (one INTEGER PRIMARY KEY, revision INTEGER NOT NULL, body TEXT NOT NULL);
   CREATE TABLE shadow_counts (version INTEGER NOT NULL, key TEXT NOT NULL, count INTEGER NOT NULL,
     PRIMARY KEY (version, key)) WITHOUT ROWID;
   CREATE TABLE recorded_inputs (seq INTEGER PRIMARY KEY, decided_at INTEGER NOT NULL,
     visitor_id TEXT NOT NULL, state_key TEXT, body TEXT NOT NULL);
   CREATE INDEX recorded_inputs_by_time ON recorded_inputs (decided_at);
   CREATE INDEX recorded_inputs_by_visitor ON recorded_inputs (visitor_id);
   CREATE INDEX recorded_inputs_by_state ON recorded_inputs (state_key);
   CREATE TABLE recorded_states (key TEXT NOT NULL PRIMARY KEY, id TEXT NOT NULL, document BLOB NOT NULL);
   CREATE INDEX recorded_states_by_id ON recorded_states (id);`,
  'CREATE TABLE erasures (key TEXT NOT NULL PRIMARY KEY, body TEXT NOT NULL)',
  `CREATE TABLE recorded_bytes (one INTEGER PRIMARY KEY, bytes INTEGER NOT NULL);
   INSERT INTO recorded_bytes SELECT 1, (SELECT coalesce(sum(length(body)), 0) FROM recorded_inputs)
                                      + (SELECT coalesce(sum(length(document)), 0) FROM recorded_states);
   CREATE TRIGGER recorded_input_came AFTER INSERT ON recorded_inputs
     BEGIN UPDATE recorded_bytes SET bytes = bytes + length(new.body); END;
   CREATE TRIGGER recorded_input_went AFTER DELETE ON recorded_inputs
     BEGIN UPDATE recorded_bytes SET bytes = bytes - length(old.body); END;
   CREATE TRIGGER recorded_state_came AFTER INSERT ON recorded_states
     BEGIN UPDATE recorded_bytes SET bytes = bytes + length(new.document); END;
   CREATE TRIGGER recorded_state_went AFTER DELETE ON recorded_states
     BEGIN UPDATE recorded_bytes SET bytes = bytes - length(old.document); END;`,
  `ALTER TABLE decisions RENAME TO old_decisions;
   DROP INDEX decisions_by_visitor;
   CREATE TABLE decision_blocks (seq INTEGER PRIMARY KEY, body TEXT NOT NULL);
   CREATE TABLE decision_spans (seq INTEGER PRIMARY KEY, count INTEGER NOT NULL, first_at INTEGER NOT NULL,
     last_at INTEGER NOT NULL,
                                length INTEGER NOT NULL, ids BLOB NOT NULL, states BLOB NOT NULL);
   CREATE INDEX decision_spans_by_time ON decision_spans (first_at);
   CREATE TABLE block_counts (kind TEXT NOT NULL PRIMARY KEY, next INTEGER NOT NULL, moved INTEGER NOT NULL,
     bytes INTEGER NOT NULL);
   INSERT INTO block_counts SELECT 'decision', coalesce(max(seq), 0) + 1, 1, 0 FROM old_decisions;`,
  `ALTER TABLE recorded_inputs RENAME TO old_recorded_inputs;
   ALTER TABLE recorded_states RENAME TO old_recorded_states;
   DROP INDEX recorded_inputs_by_time;
   DROP INDEX recorded_inputs_by_visitor;
   DROP INDEX recorded_inputs_by_state;
   DROP INDEX recorded_states_by_id;
   DROP TRIGGER recorded_input_came;
   DROP TRIGGER recorded_input_went;
   DROP TRIGGER recorded_state_came;
   DROP TRIGGER recorded_state_went;
   DROP TABLE recorded_bytes;
   CREATE TABLE recorded_blocks (seq INTEGER PRIMARY KEY, body TEXT NOT NULL);
   CREATE TABLE recorded_spans (seq INTEGER PRIMARY KEY, count INTEGER NOT NULL, first_at INTEGER NOT NULL,
     last_at INTEGER NOT NULL,
                                length INTEGER NOT NULL, ids BLOB NOT NULL, states BLOB NOT NULL);
   CREATE INDEX recorded_spans_by_time ON recorded_spans (first_at);
   CREATE TABLE recorded_keys (seq INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, id TEXT NOT NULL,
     uses INTEGER NOT NULL);
   CREATE TABLE recorded_documents (seq INTEGER PRIMARY KEY, document BLOB NOT NULL);
   CREATE TABLE recorded_awaited (key TEXT NOT NULL, block INTEGER NOT NULL, PRIMARY KEY (key, block)) WITHOUT ROWID;
   CREATE INDEX recorded_awaited_by_block ON recorded_awaited (block);
   INSERT INTO block_counts SELECT 'recorded', coalesce(max(seq), 0) + 1, 1, 0 FROM old_recorded_inputs;`,
  `CREATE TABLE limit_counters (id INTEGER PRIMARY KEY, offer TEXT NOT NULL, key TEXT NOT NULL,
     held INTEGER NOT NULL DEFAULT 0, ending INTEGER NOT NULL DEFAULT 0, ever INTEGER NOT NULL DEFAULT 0,
     stock INTEGER, told_at INTEGER NOT NULL DEFAULT 0, UNIQUE (offer, key));
   CREATE TABLE limit_places (counter INTEGER NOT NULL, ref BLOB NOT NULL, kind INTEGER NOT NULL,
     instant INTEGER NOT NULL, PRIMARY KEY (counter, ref)) WITHOUT ROWID;
   CREATE INDEX limit_places_by_instant ON limit_places (counter, kind, instant);
   CREATE TABLE secrets (name TEXT NOT NULL PRIMARY KEY, body TEXT NOT NULL);`,
  'CREATE TABLE offer_figures (one INTEGER PRIMARY KEY, version INTEGER NOT NULL, body TEXT NOT NULL)',
  `CREATE TABLE search_keys (key BLOB NOT NULL, id TEXT NOT NULL, PRIMARY KEY (key, id)) WITHOUT ROWID;
   CREATE INDEX search_keys_by_id ON search_keys (id);
   CREATE TABLE search_coverage (one INTEGER PRIMARY KEY, body TEXT NOT NULL);`,
  `CREATE TABLE drafts (id TEXT NOT NULL PRIMARY KEY, revision INTEGER NOT NULL, changed_at INTEGER NOT NULL,
     head TEXT NOT NULL, files TEXT NOT NULL);
   CREATE INDEX drafts_by_change ON drafts (changed_at);`,
];
