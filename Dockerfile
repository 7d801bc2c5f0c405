# The npm package `node` brings Node 24 to machines that have another. Here the image is that Node: install scripts are
# left out, so nothing is downloaded, no `node` lands in node_modules/.bin, and every script finds the image's own.
FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
COPY sdk/browser/package.json ./sdk/browser/
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund
COPY build.mjs .swcrc ./
COPY src ./src
COPY sdk/browser/bundle.mjs ./sdk/browser/
COPY sdk/browser/src ./sdk/browser/src
# The compiler is the one optional dependency; with it goes TypeScript, which a dependency only takes where it is there.
RUN node build.mjs --without-types && npm prune --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund

FROM node:24-slim
WORKDIR /app
# On all addresses, so it does not start without USHER_KEYS: `docker run -e USHER_KEYS="admin:$(openssl rand -hex 16)" …`.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 USHER_DATA=/data USHER_RULES=/app/rules
RUN install -d -o node -g node /data
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY schemas ./schemas
COPY rules ./rules
COPY LICENSE ./
USER node
VOLUME /data
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/health/ready').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Node is the first process and handles SIGTERM itself: it answers what is under way, writes what is queued, and ends.
CMD ["node", "dist/cli/usher.js", "start"]
