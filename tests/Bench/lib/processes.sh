# Starting, finding, measuring and ending processes. Sourced by load.sh, day.sh and scale.sh.

declare -A pid url key keys model headers unique
started=() mock_pid= work= watchdog=

say() { echo "$*" >&2; }
die() { say "${0##*/}: $*"; exit 1; }

need() { command -v "$1" >/dev/null || missing+=("$1"); }

need_for() { # TARGET... : names at once everything that these targets lack
  local missing=() command target
  for command in dotnet wrk jq curl ss taskset pgrep flock; do need "$command"; done
  for target in "$@"; do
    case $target in
      nginx) need nginx ;;
      portkey) need node; need npm ;;
      ours) need redis-server; [[ $EUID -ne 0 ]] || need setpriv; [[ $(postgres_bin) ]] || missing+=("postgres (server)") ;;
    esac
  done
  [[ ${#missing[@]} -eq 0 ]] || die "missing: ${missing[*]}"
}

# Postgres refuses to run as root and its user cannot look below /root: so the work lies in a folder anyone may enter.
begin_work() {
  work=$(mktemp -d /var/tmp/gateway-load-XXXXXX)
  chmod 711 "$work"
  mock=http://127.0.0.1:$MOCK_PORT
  nginx_port=$((MOCK_PORT + 1)) yarp_port=$((MOCK_PORT + 2)) portkey_port=$((MOCK_PORT + 3))
  ours_port=$((MOCK_PORT + 4)) postgres_port=$((MOCK_PORT + 5)) redis_port=$((MOCK_PORT + 6)) limited_port=$((MOCK_PORT + 7)) cached_port=$((MOCK_PORT + 8)) prompts_port=$((MOCK_PORT + 9)) replies_port=$((MOCK_PORT + 10))
  receiver_port=$((MOCK_PORT + 11)) prometheus_port=$((MOCK_PORT + 12)) telemetry_port=$((MOCK_PORT + 13))
  trap cleanup EXIT
  trap 'exit 130' INT TERM
  (exec 9>&-; sleep "$MAX_SECONDS" && say "${0##*/}: gave up after $MAX_SECONDS s" && kill -TERM $$) &
  watchdog=$!
  disown
}

cleanup() {
  local status=$? p
  [[ ! $watchdog ]] || kill "$watchdog" $(pgrep -P "$watchdog") 2>/dev/null || true
  for p in "${started[@]}" $mock_pid; do kill "$p" 2>/dev/null || true; done
  for p in "${started[@]}" $mock_pid; do end "$p"; done
  stop_stores
  if [[ $status -eq 0 || $status -eq 130 || ${rows_done:-} ]]; then rm -rf "$work"; else say "logs: $work"; rm -rf "$work/postgres" "$work/redis" "$work"/data-*; fi
}

end() { # PID : waits 5 s, then kills
  for _ in {1..50}; do kill -0 "$1" 2>/dev/null || return 0; sleep 0.1; done
  kill -9 "$1" 2>/dev/null || true
}

# spawn LOG CPUS COMMAND... : runs it in the background, its process id in $!
spawn() {
  local log=$work/$1.log cpus=$2
  shift 2
  exec_pinned "$cpus" "$@" >"$log" 2>&1 </dev/null 9>&- &
}

# Pinned, and where that is allowed before everything else that runs on the machine.
exec_pinned() {
  local cpus=$1 first=()
  shift
  [[ ! $NICE ]] || first+=(nice -n "$NICE")
  [[ ! $cpus ]] || first+=(taskset -c "$cpus")
  exec "${first[@]}" "$@"
}

wait_for() { # URL NAME [SECONDS]
  local tries=$((${3:-15} * 10))
  while ((tries-- > 0)); do
    curl -sf -o /dev/null --max-time 1 "$1" && return
    sleep 0.1
  done
  tail -20 "$work/$2.log" >&2
  die "$2 does not answer at $1"
}

free_port() { [[ -z $(ss -ltnH "sport = :$1") ]] || die "port $1 is taken; set MOCK_PORT to the first of eight free ones"; }

port_of() { sed -E 's|^[a-z]+://[^/:]*:([0-9]+).*|\1|' <<<"$1"; }

pid_on_port() { ss -ltnpH "sport = :$1" | sed -nE 's/.*pid=([0-9]+).*/\1/p' | head -1; }

tree() { # PID and its descendants
  echo "$1"
  local child
  for child in $(pgrep -P "$1" || true); do tree "$child"; done
}

cpu_ticks() { # PID... : user + system clock ticks used so far by their trees, children that ended included
  local root p sum=0 ticks
  for root in "$@"; do
    for p in $(tree "$root"); do
      ticks=$(sed 's/.*) //' "/proc/$p/stat" 2>/dev/null | awk '{ print $12 + $13 + $14 + $15 }') && sum=$((sum + ${ticks:-0}))
    done
  done
  echo "$sum"
}

busy_ticks() { awk '/^cpu / { print $2 + $3 + $4 + $7 + $8 + $9 }' /proc/stat; }

rss_kib() {
  local p
  for p in $(tree "$1"); do grep VmRSS "/proc/$p/status"; done | awk '{ sum += $2 } END { print sum }'
}
