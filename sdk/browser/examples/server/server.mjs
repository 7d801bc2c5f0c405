/**
 * A server that renders pages: USHER_URL, USHER_KEY (of the scope `server`) and USHER_BROWSER_KEY say where it asks.
 */
import { renderDecisions, renderSlotStyle } from '@usher/browser/server';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';

const { PORT = '8080', USHER_URL = 'http://127.0.0.1:3000', USHER_KEY = '', USHER_BROWSER_KEY = '' } = process.env;

const server = createServer(async (request, response) => {
  const visitorId = /(?:^|; )shop_id=([\da-f-]{36})(?:;|$)/.exec(request.headers.cookie ?? '')?.[1] ?? randomUUID();
  const answer = await decide(visitorId);
  response
    .writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      // It is one person's page: no cache may give it to another.
      'cache-control': 'private, no-store',
      'set-cookie': `shop_id=${visitorId}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly`,
    })
    .end(page(visitorId, answer));
});
server.listen(Number(PORT), '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));

/** The answer; undefined where there is none in time. */
async function decide(visitorId) {
  try {
    const response = await fetch(`${USHER_URL}/v1/decisions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${USHER_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ visitorId, placements: ['home.hero'], channel: 'web' }),
      signal: AbortSignal.timeout(300),
    });
    return response.ok ? await response.json() : undefined;
  } catch {
    return undefined;
  }
}

/** Where the server has no answer, the page asks itself. */
function page(visitorId, answer) {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Our shop</title>
${renderSlotStyle()}
${answer ? renderDecisions(answer) : ''}
<script async src="${USHER_URL}/sdk/usher.js" data-key="${USHER_BROWSER_KEY}" data-visitor-id="${visitorId}"></script>
<section data-usher="home.hero">
  <h1 data-usher-text="title">Welcome</h1>
  <a data-usher-href="actions.0.url" data-usher-text="actions.0.label" href="/tour">Take the tour</a>
</section>
</html>`;
}
