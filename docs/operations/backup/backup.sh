#!/usr/bin/env bash
# Backs an installation up: everything that cannot be made again is in Postgres, and what opens it is the master key.
#
#   DATABASE_URL=postgresql://user:password@host:port/gatewaydb docs/operations/backup/backup.sh FOLDER
#   docs/operations/backup/backup.sh FOLDER --data .data       of a local host that runs: finds its database, and copies its secrets (mode 0600)
#
# Makes FOLDER/gateway-<time>.dump (pg_dump's custom format, one consistent moment, nobody is stopped) and beside it .sha256. Redis is not backed up: its counters are rebuilt from
# the dump. Needs pg_dump of the server's version or newer; PG_BIN names its folder where it is not on the PATH.
set -euo pipefail

folder=${1:?usage: docs/operations/backup/backup.sh FOLDER [--data DIR]}
data=
[[ ${2:-} != --data ]] || data=${3:?--data needs a folder}
bin=${PG_BIN:-$(dirname "$(command -v pg_dump || ls -d /usr/lib/postgresql/*/bin/pg_dump 2>/dev/null | sort -V | tail -1)")}
umask 077
mkdir -p "$folder"
stamp=$(date -u +%Y%m%dT%H%M%SZ)
dump=$folder/gateway-$stamp.dump

if [[ $data ]]; then
  cluster=$data/postgres
  [[ ! -f $data/postgres-outside ]] || cluster=/var/lib/aspire-gateway/$(<"$data/postgres-outside")/postgres
  port=$(sed -n 4p "$cluster/data/postmaster.pid" 2>/dev/null) || { echo "The local host of $data does not run; start it, then back it up." >&2; exit 1; }
  PGPASSWORD=$(sed -n 's/.*"[Pp]ostgres_\{0,1\}[Pp]assword": *"\([^"]*\)".*/\1/p' "$data/secrets.json")
  export PGPASSWORD
  DATABASE_URL=postgresql://postgres@127.0.0.1:$port/gatewaydb
  cp "$data/secrets.json" "$folder/secrets-$stamp.json"
fi
: "${DATABASE_URL:?set DATABASE_URL, or name a local host with --data}"

"$bin/pg_dump" --dbname="$DATABASE_URL" --format=custom --no-owner --no-privileges --file="$dump.part"
mv "$dump.part" "$dump"
(cd "$folder" && sha256sum "$(basename "$dump")" >"$(basename "$dump").sha256")
echo "$dump"
[[ $data ]] || echo "Keep Gateway__MasterKey with it, in another place: without it the credentials in the dump cannot be opened." >&2
