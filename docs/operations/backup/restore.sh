#!/usr/bin/env bash
# Brings a backup of docs/operations/backup/backup.sh back, into a database that is there and empty.
#
#   DATABASE_URL=postgresql://user:password@host:port/gatewaydb docs/operations/backup/restore.sh FILE.dump
#
# All of it or nothing: one transaction. Stop gateways and portals first; start them afterwards with the master key of the backup and an empty Redis (or flush it: FLUSHALL). The first gateway
# rebuilds the counters from the records. Needs pg_restore and psql of the dump's version or newer; PG_BIN names their folder where they are not on the PATH.
set -euo pipefail

dump=${1:?usage: docs/operations/backup/restore.sh FILE.dump}
: "${DATABASE_URL:?set DATABASE_URL to an empty database}"
bin=${PG_BIN:-$(dirname "$(command -v pg_restore || ls -d /usr/lib/postgresql/*/bin/pg_restore 2>/dev/null | sort -V | tail -1)")}
ask() { "$bin/psql" --dbname="$DATABASE_URL" --no-psqlrc --tuples-only --no-align --command="$1"; }

[[ ! -f $dump.sha256 ]] || (cd "$(dirname "$dump")" && sha256sum --check --quiet "$(basename "$dump").sha256") || { echo "$dump is not what was backed up." >&2; exit 1; }
[[ $(ask "select count(*) from information_schema.tables where table_schema = 'public'") == 0 ]] || { echo "The database is not empty. Make a new one; what is there is not overwritten." >&2; exit 1; }
"$bin/pg_restore" --dbname="$DATABASE_URL" --no-owner --no-privileges --exit-on-error --single-transaction "$dump"
ask "analyze" >/dev/null
ask "select count(*) || ' usage records of ' || coalesce(sum(cost_nano_usd), 0) || ' nano-USD, configuration revision ' || (select revision from configuration_state) from usage_records"
