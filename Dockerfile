# The service without its database: give QUYHOACH_DATABASE_URL the address of a PostGIS; compose.yaml does.
FROM python:3.11-slim-bookworm AS made
WORKDIR /opt/quyhoach
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 QUYHOACH_LOCAL_DIR=/var/lib/quyhoach
COPY requirements.lock ./
RUN python -m venv .venv \
    && .venv/bin/pip install --no-deps --require-hashes --only-binary :all: -r requirements.lock
COPY pyproject.toml README.md package.json package-lock.json ./
COPY layers layers
COPY gis gis
COPY api api
COPY data data
RUN .venv/bin/pip install --no-deps --no-build-isolation --editable . && .venv/bin/python -m gis.assets

FROM python:3.11-slim-bookworm
# GDAL and its kin bring all they need but this.
RUN apt-get update && apt-get install --yes --no-install-recommends libexpat1 && rm -rf /var/lib/apt/lists/* \
    && useradd --system --create-home --home-dir /var/lib/quyhoach quyhoach
COPY --from=made /opt/quyhoach /opt/quyhoach
COPY --from=made --chown=quyhoach /var/lib/quyhoach /var/lib/quyhoach
USER quyhoach
WORKDIR /opt/quyhoach
# Within its container it listens to all; who may reach the container is decided outside.
ENV QUYHOACH_LOCAL_DIR=/var/lib/quyhoach QUYHOACH_HOST=0.0.0.0 PYTHONDONTWRITEBYTECODE=1
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD [ \
    "/opt/quyhoach/.venv/bin/python", "-c", \
    "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/health/live', timeout=3)"]
CMD ["/opt/quyhoach/.venv/bin/quyhoach", "up", "--workers", "2", "--no-sample"]
