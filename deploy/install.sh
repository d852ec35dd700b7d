#!/bin/sh
# Installs surveyapp from a wheel on Debian 12 or newer, or upgrades it beside the release that is running.
#
#   sh install.sh [--program-only] WHEEL [LOCK-FILE]
#
# --program-only leaves out what a container has no use for: services, nginx, settings. A lock file names every
# package with its hash; without one, pip takes the newest that fit. Run as root. DESTDIR, for trying this out, stands
# before every path, and then no account is made.
set -eu

all=yes
if [ "${1:-}" = --program-only ]; then
  all=no
  shift
fi
if [ $# -lt 1 ] || [ ! -f "$1" ]; then
  echo "Usage: sh install.sh [--program-only] WHEEL [LOCK-FILE]" >&2
  exit 2
fi
wheel=$(realpath "$1")
lock=${2:+$(realpath "$2")}
here=$(cd "$(dirname "$0")" && pwd)
root=${DESTDIR:-}
umask 022

if [ -n "$root" ]; then
  own() { install -d -m 700 "$@"; }
else
  getent passwd surveyapp >/dev/null || useradd --system --user-group ${SURVEYAPP_UID:+--uid "$SURVEYAPP_UID"} \
    --home-dir /var/lib/surveyapp --no-create-home --shell /usr/sbin/nologin surveyapp
  own() { install -d -o surveyapp -g surveyapp -m 700 "$@"; }
fi

# Each release has a folder of its own: what runs goes on reading its own files, and the one before can come back.
name=$(basename "$wheel" | cut -d- -f2)-$(date -u +%Y%m%dT%H%M%SZ)
release=$root/opt/surveyapp/$name
install -d -m 755 "$root/opt/surveyapp"
python3 -m venv "$release"
if [ -n "$lock" ]; then
  "$release/bin/pip" install --quiet --require-hashes --requirement "$lock"
  "$release/bin/pip" install --quiet --no-deps "$wheel"
else
  "$release/bin/pip" install --quiet "$wheel[celery,gunicorn,metrics,postgres]"
fi
cp -R "$here" "$release/deploy"
# Modes are lost where the wheel was unpacked by Python.
chmod 755 "$release/deploy/back-up"
own "$root/var/lib/surveyapp"
# Renaming replaces the link in one step.
ln -s "$name" "$root/opt/surveyapp/next"
mv -T "$root/opt/surveyapp/next" "$root/opt/surveyapp/current"

if [ "$all" = yes ]; then
  own "$root/var/backups/surveyapp"
  install -d -m 755 "$root/etc/surveyapp" "$root/etc/systemd/system" "$root/usr/local/sbin"
  install -d -m 700 "$root/etc/surveyapp/tls"
  # Passwords are in it. One that is there already is somebody’s own.
  [ -e "$root/etc/surveyapp/surveyapp.env" ] || install -m 600 "$here/surveyapp.env" "$root/etc/surveyapp/"
  install -m 755 "$here/surveyapp" "$root/usr/local/sbin/"
  install -m 644 "$here"/surveyapp-*.service "$here"/surveyapp-*.timer "$root/etc/systemd/system/"
  if [ -d "$root/etc/nginx/sites-available" ] && [ ! -e "$root/etc/nginx/sites-available/surveyapp" ]; then
    install -m 644 "$here/nginx-site.conf" "$root/etc/nginx/sites-available/surveyapp"
  fi
  if [ -z "$root" ] && [ -d /run/systemd/system ]; then
    systemctl daemon-reload
  fi
fi
echo "surveyapp is installed in $release."
