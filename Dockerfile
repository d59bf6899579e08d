# An image of the operators' commands: docker build --target commands -t storefront/commands .
# One image a service: docker build --build-arg APP=orders --build-arg GIT_COMMIT=$(git rev-parse --short HEAD) -t storefront/orders .
# Base images are arguments, so that a build can name a mirror. RUN_IMAGE has Node at /nodejs/bin/node.
ARG BUILD_IMAGE=node:24.21.0-trixie-slim@sha256:173f125896c3b47ddf056734c7ea789d04595a6a08769a8f78e0df642781fb66
ARG RUN_IMAGE=gcr.io/distroless/nodejs24-debian13:nonroot@sha256:9eeb7f5887d0e239e78264b06f7f11d2e14be534050481803a9e4728fcdd278e

FROM ${BUILD_IMAGE} AS dependencies
WORKDIR /storefront
COPY package.json package-lock.json .npmrc ./
# typescript is an optional peer of a dependency of ours: without --omit=optional it would come along
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund

FROM ${BUILD_IMAGE} AS build
WORKDIR /storefront
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY nest-cli.json tsconfig.json tsconfig.build.json ./
COPY apps ./apps
COPY libs ./libs
COPY embedded/*.ts ./embedded/
COPY scripts/*.ts ./scripts/
COPY scripts/kafka ./scripts/kafka
# what /actuator/info tells of the commit
ARG GIT_BRANCH
ARG GIT_COMMIT
ARG GIT_COMMIT_TIME
# not `npm run build`: `npm ci` installs a second Node for npm scripts
RUN node node_modules/tsx/dist/cli.mjs scripts/build.ts

FROM ${BUILD_IMAGE} AS service
ARG APP
RUN case "$APP" in accounts|orders|fulfillment|gateway) ;; *) echo "APP is accounts, orders, fulfillment or gateway" >&2; exit 1;; esac
WORKDIR /storefront
COPY --from=build /storefront/dist/build-info.json ./dist/
COPY --from=build /storefront/dist/libs ./dist/libs
COPY --from=build /storefront/dist/apps/${APP} ./dist/apps/${APP}
RUN echo "require('./dist/apps/$APP/src/main.js');" > main.js

# the command's name is a word of its own: `storefront reconcile`, also for kubectl exec
FROM ${BUILD_IMAGE} AS command-files
WORKDIR /storefront
COPY package.json ./
COPY --from=build /storefront/dist/libs ./dist/libs
COPY --from=build /storefront/dist/scripts ./dist/scripts
COPY --from=build /storefront/dist/embedded ./dist/embedded
RUN printf '#!/nodejs/bin/node\nprocess.chdir("/storefront");\nrequire("/storefront/dist/scripts/operate.js");\n' > storefront && chmod 555 storefront

FROM ${RUN_IMAGE} AS commands
LABEL org.opencontainers.image.title="storefront-commands" org.opencontainers.image.licenses="Apache-2.0"
WORKDIR /storefront
COPY LICENSE ./
COPY --from=dependencies /storefront/node_modules ./node_modules
COPY --from=command-files /storefront ./
COPY --from=command-files /storefront/storefront /usr/local/bin/storefront
ENV NODE_ENV=production NODE_OPTIONS="--enable-source-maps --max-old-space-size=256"
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/storefront"]
CMD ["--help"]

FROM ${RUN_IMAGE}
ARG APP
LABEL org.opencontainers.image.title="storefront-${APP}" org.opencontainers.image.licenses="Apache-2.0"
WORKDIR /storefront
COPY LICENSE ./
COPY --from=dependencies /storefront/node_modules ./node_modules
COPY --from=service /storefront ./
# PORT goes before SERVER_PORT: both can still be chosen where the image runs
ENV NODE_ENV=production NODE_OPTIONS="--enable-source-maps --max-semi-space-size=8 --max-old-space-size=256" MALLOC_ARENA_MAX=2 SERVER_PORT=8080
EXPOSE 8080
# nonroot; a number, so that Kubernetes can check runAsNonRoot
USER 65532:65532
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["/nodejs/bin/node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || process.env.SERVER_PORT}/actuator/health/readiness`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Node is process 1: signals reach it without a shell between
ENTRYPOINT ["/nodejs/bin/node"]
CMD ["main.js"]
