FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
# Installed from outside, so that the environment that runs has no pip.
RUN python -m venv --without-pip /venv
# EXTRA="face heic", or one of them: docs/dependencies.md has what they are and their price.
ARG EXTRA=
COPY requirements.lock requirements-face.lock requirements-heic.lock /build/
# Behind a mirror of the package index, its address comes as a secret and stays in no layer.
RUN --mount=type=secret,id=pip_conf,target=/etc/pip.conf \
    for extra in "" $EXTRA; do python -m pip --python /venv/bin/python install --require-hashes \
      -r "/build/requirements${extra:+-$extra}.lock" || exit 1; done
COPY . /app
WORKDIR /app
# A throw-away key and data folder: neither the image nor a layer of it holds a secret.
# chmod because a checkout made under a strict umask can't be read by another user.
RUN SECRET_KEY=only-for-collecting DATA_DIR=/tmp/none STATIC_ROOT=/app/collected \
    /venv/bin/python manage.py collectstatic --noinput --verbosity 0 \
 && /venv/bin/python -m compileall -q dashboard avatars \
 && chmod -R a+rX,go-w /app

FROM python:3.13-slim
RUN useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin greenroom \
 && install -d -o greenroom -g greenroom -m 0700 /data
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DATA_DIR=/data STATIC_ROOT=/app/collected HOST=0.0.0.0 PORT=8000
# By number: Kubernetes can't tell from a name that it isn't root.
USER 10001:10001
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/healthz', timeout=4)"]
CMD ["python", "manage.py", "up"]
