#!/usr/bin/env bash
# Measures the portal's lists and costs in a large organisation: seeds a private Postgres and prints what each question takes.
#
#   tests/Bench/scale.sh [KEYS [TEAMS [RECORDS [DAYS]]]]        default: 1000000 10000 10000000 90
#
# KEEP=FOLDER keeps the database there and goes on with it the next time, without seeding. Needs dotnet 10 and Postgres's server binaries.
# Some 1.3 KB of disk a record with its roll-ups; 10,000,000 records take about half an hour on two cores.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repository=$(cd "$here/../.." && pwd)
for part in processes stores; do source "$here/lib/$part.sh"; done
keys=${1:-1000000} teams=${2:-10000} records=${3:-10000000} days=${4:-90}
port=${PORT:-9130} bin=$(postgres_bin)
[[ $bin ]] || { say "scale.sh: missing: postgres (server)"; exit 1; }

work=$(mktemp -d /var/tmp/gateway-scale-XXXXXX)
chmod 711 "$work"
data=${KEEP:-$work/postgres}
trap '[[ ! ${postgres_pid:-} ]] || { kill -INT "$postgres_pid" && wait "$postgres_pid"; } 2>/dev/null; rm -rf "$work"' EXIT
seeded=
if [[ -f $data/PG_VERSION ]]; then seeded=1; else
  mkdir -p -m 700 "$data"
  [[ $EUID -ne 0 ]] || chown postgres "$data"
  (cd / && as_postgres "$bin/initdb" -D "$data" -U postgres --auth=trust -E UTF8 --locale=C.UTF-8) >"$work/initdb.log" 2>&1 || { cat "$work/initdb.log" >&2; exit 1; }
fi
# fsync is off for the seeding's sake; nothing that is measured writes.
(cd / && as_postgres "$bin/postgres" -D "$data" -p "$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c shared_buffers=1GB -c work_mem=64MB \
  -c effective_cache_size=8GB -c max_wal_size=8GB -c fsync=off -c synchronous_commit=off -c jit=off) >"$work/postgres.log" 2>&1 &
postgres_pid=$!
for _ in {1..300}; do "$bin/pg_isready" -q -h 127.0.0.1 -p "$port" -U postgres && break; sleep 0.1; done
database="Host=127.0.0.1;Port=$port;Username=postgres;Database=scale"

dotnet build -c Release "$repository/tests/Portal.Tests" --nologo -v quiet -clp:NoSummary
if [[ ! $seeded ]]; then
  "$bin/psql" -h 127.0.0.1 -p "$port" -U postgres -qc 'create database scale'
  env "ConnectionStrings__gatewaydb=$database" "Gateway__MasterKey=$(random 32)" DOTNET_ENVIRONMENT=Development \
    dotnet "$repository/Portal/bin/Release/net10.0/Portal.dll" migrate >"$work/migrate.log" 2>&1 || { tail -20 "$work/migrate.log" >&2; exit 1; }
  dotnet run --project "$here/seeding" -c Release -- "$database" "$keys" "$teams" "$records" "$days"
fi
SCALE_DATABASE=$database "$repository/tests/Portal.Tests/bin/Release/net10.0/Portal.Tests" -class "*ScaleFigures" -explicit only -showliveoutput |
  sed -n 's/\x1b\[[0-9;]*m//g; s/.*\[OUTPUT\] //p; /\[FAIL\]/,$p'
"$bin/psql" -h 127.0.0.1 -p "$port" -U postgres -d scale -tAc "select 'database: ' || pg_size_pretty(pg_database_size('scale')) || ', roll-ups per day: ' || (select count(*) from usage_days) || ' rows, cubes: ' || (select count(*) from usage_cubes) || ' rows'"
