/**
 * The first request to try, with the answer's story: somebody configured a model, and the home page picks it up.
 * `keyed` where a key is asked for.
 */
export function tryIt(url: string, keyed = false): string {
  return `curl -s${keyed ? ' -u "$USHER_KEY:"' : ''} ${url}/v1/decisions -H 'content-type: application/json' -d '{
  "visitorId": "me", "placements": ["home.hero"],
  "events": [{ "type": "track", "messageId": "wren-1", "event": "Model Configured", "properties": { "model": "Wren" } }] }'`;
}
