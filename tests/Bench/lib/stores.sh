# A private Postgres and Redis for `ours`, on the load's core. Sourced by load.sh.

stores= postgres_pid= redis_pid= postgres_password=

postgres_bin() { # the folder with initdb and postgres, or nothing
  local found
  found=$(command -v initdb || ls -d /usr/lib/postgresql/*/bin/initdb 2>/dev/null | sort -V | tail -1)
  [[ ! $found ]] || dirname "$(readlink -f "$found")"
}

random() { head -c "$1" /dev/urandom | base64 -w0; }

as_postgres() {
  if [[ $EUID -eq 0 ]]; then exec setpriv --reuid postgres --regid postgres --init-groups --inh-caps=-all --pdeathsig QUIT "$@"; else exec "$@"; fi
}

start_stores() {
  local bin data=$work/postgres
  bin=$(postgres_bin)
  free_port "$postgres_port"
  free_port "$redis_port"
  postgres_password=$(random 18 | tr '+/' '-_')
  mkdir -m 700 "$data" "$work/redis"
  (umask 077 && echo "$postgres_password" >"$work/postgres.password")
  [[ $EUID -ne 0 ]] || chown postgres "$data" "$work/postgres.password"
  (cd / && as_postgres "$bin/initdb" -D "$data" -U postgres --auth=scram-sha-256 "--pwfile=$work/postgres.password" -E UTF8 --locale=C.UTF-8) \
    >"$work/initdb.log" 2>&1 || { cat "$work/initdb.log" >&2; die "initdb failed"; }
  spawn postgres "$LOAD_CPUS" env -C / bash -c "$(declare -f as_postgres); as_postgres \"\$@\"" postgres \
    "$bin/postgres" -D "$data" -p "$postgres_port" -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
    -c shared_buffers=128MB -c max_wal_size=1GB -c jit=off -c max_connections=100
  postgres_pid=$!
  spawn redis "$LOAD_CPUS" redis-server --bind 127.0.0.1 --port "$redis_port" --dir "$work/redis" --save "" --appendonly no
  redis_pid=$!
  stores="$postgres_pid $redis_pid"
  for _ in {1..150}; do
    "$bin/pg_isready" -q -h 127.0.0.1 -p "$postgres_port" -U postgres && break
    kill -0 "$postgres_pid" 2>/dev/null || { tail -5 "$work/postgres.log" >&2; die "Postgres did not start"; }
    sleep 0.1
  done
}

sql() { PGPASSWORD=$postgres_password "$(postgres_bin)/psql" -h 127.0.0.1 -p "$postgres_port" -U postgres -d gatewaydb -tAc "$1"; }

stop_stores() { # their data is thrown away: no need for an orderly end
  [[ ! $redis_pid ]] || { kill "$redis_pid" 2>/dev/null && end "$redis_pid"; } || true
  [[ ! $postgres_pid ]] || { kill -QUIT "$postgres_pid" 2>/dev/null && end "$postgres_pid"; } || true
}
