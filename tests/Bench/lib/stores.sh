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

sql() { # SQL [DATABASE]
  PGPASSWORD=$postgres_password "$(postgres_bin)/psql" -h 127.0.0.1 -p "$postgres_port" -U postgres -d "${2:-gatewaydb}" -tAc "$1"
}

announce() { # SQL [DATABASE] : a change of configuration that every gateway reloads whole
  sql "begin; $1; update configuration_state set revision = revision + 30000; commit" "${2:-gatewaydb}" >/dev/null
}

add_keys() { # COUNT DATABASE : keys of the seeded team; their secrets go to $work/keys
  announce "insert into virtual_keys (id, organisation_id, team_id, name, prefix, secret_hash, created_at, created_by)
    select gen_random_uuid(), k.organisation_id, k.team_id, 'load ' || n, 'agw-load', sha256(convert_to('agw-load-' || lpad(n::text, 22, '0'), 'UTF8')), now(), 'load'
    from (select organisation_id, team_id from virtual_keys limit 1) k, generate_series(1, $1) n" "$2"
  for ((n = 1; n <= $1; n++)); do printf 'agw-load-%022d\n' "$n"; done >"$work/keys"
}

set_limits() { # DATABASE GATEWAY : limits and budgets on all of the eight scopes, none of them ever reached
  announce "insert into budgets (id, organisation_id, scope_kind, scope_id, period, cap_nano_usd, on_exceeded, thresholds, created_at, created_by)
      select gen_random_uuid(), o.id, v.kind, case v.kind when 'team' then (select id::text from teams limit 1) end, 'monthly', 9000000000000000, 'reject', '{50,80,100}',
        now() - interval '1 hour', 'load'
      from organisations o, (values ('organisation'), ('team'), ('user'), ('feature')) v (kind);
    insert into limits (id, organisation_id, scope_kind, scope_id, unit, amount, period, on_limit, created_at, created_by)
      select gen_random_uuid(), o.id, v.kind, case v.kind when 'team' then (select id::text from teams limit 1) when 'model' then 'demo-small' end, v.unit, v.amount, v.period,
        'reject', now(), 'load'
      from organisations o, (values ('key', 'requests', 100000000, 'minute'), ('key', 'tokens', 9000000000, 'minute'), ('key', 'concurrency', 1000, null),
        ('team', 'tokens', 9000000000, 'minute'), ('agent', 'requests', 100000000, 'minute'), ('model', 'requests', 100000000, 'minute')) v (kind, unit, amount, period)
      union all select gen_random_uuid(), '00000000-0000-0000-0000-000000000000', 'global', null, 'requests', 100000000, 'minute', 'reject', now(), 'load'" "$1"
  for _ in {1..100}; do
    if curl -s --max-time 2 "${url[$2]}/health/ready" | jq -e '.checks.configuration.data.limits == 11 and .checks.ledger.data.rebuilding == 0' >/dev/null; then return; fi
    sleep 0.1
  done
  die "the gateway did not take over the limits"
}

stop_stores() { # their data is thrown away: no need for an orderly end
  [[ ! $redis_pid ]] || { kill "$redis_pid" 2>/dev/null && end "$redis_pid"; } || true
  [[ ! $postgres_pid ]] || { kill -QUIT "$postgres_pid" 2>/dev/null && end "$postgres_pid"; } || true
}
