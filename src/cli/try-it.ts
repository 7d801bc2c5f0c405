/** The first request to try, with the answer's story: somebody configured a model, and the home page picks it up. */
export function tryIt(url: string): string {
  return `curl -s ${url}/v1/decisions -H 'content-type: application/json' -d '{
  "visitorId": "me", "placements": ["home.hero"],
  "events": [{ "type": "track", "event": "Model Configured", "properties": { "model": "Wren" } }] }'`;
}
