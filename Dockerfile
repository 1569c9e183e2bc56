# The server in a container: small, not root, and with nothing to write but what is mounted. Its settings
# are those of widget_backend/README.md. compose.yaml runs it with a database and a proxy.
FROM python:3.13-slim-trixie AS build
WORKDIR /source
COPY . .
RUN python -m venv --without-pip /opt/preference-widget \
 && pip --python /opt/preference-widget/bin/python install --no-cache-dir \
    --disable-pip-version-check '.[dns,evidence,metrics,postgres]'
# What backup and restore call, of the version that compose.yaml has; without the Perl around it.
RUN apt-get update \
 && apt-get download postgresql-client-17 \
 && dpkg --extract postgresql-client-17_*.deb /programs

FROM python:3.13-slim-trixie
RUN apt-get update \
 && apt-get install --yes --no-install-recommends libpq5 liblz4-1 libzstd1 zlib1g \
 && rm -rf /var/lib/apt/lists/*
COPY --from=build /programs/usr/lib/postgresql/17/bin/pg_dump /programs/usr/lib/postgresql/17/bin/pg_restore \
  /usr/lib/postgresql/17/bin/
# A volume that is new belongs to whom its folder here belongs to.
RUN install --directory --owner=10001 --group=10001 --mode=700 /suppressions /backups
COPY --from=build /opt/preference-widget /opt/preference-widget
ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    WIDGET_HOST=0.0.0.0
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["/opt/preference-widget/bin/python", "-c", "from http.client import HTTPConnection; here = HTTPConnection('127.0.0.1', 8000, timeout=4); here.request('GET', '/healthz'); raise SystemExit(here.getresponse().status != 200)"]
# No shell between: the signal to stop reaches the server itself.
ENTRYPOINT ["/opt/preference-widget/bin/preference-widget"]
CMD ["serve"]
