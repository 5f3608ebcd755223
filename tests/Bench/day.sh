#!/usr/bin/env bash
# A day of traffic at speed through two gateways that share Postgres and Redis, with a portal beside them, over loopback only: does memory stay flat, do handles and threads come back, does
# the journal drain, and is the ledger what the records say, to the nano-USD?
#
#   tests/Bench/day.sh build   publishes gateway, portal and the mock provider (some minutes; do it first)
#   tests/Bench/day.sh         the run (HOURS x SECONDS_PER_HOUR and half a minute)
#
# An hour of the day takes SECONDS_PER_HOUR; its load is the number of connections, which follows a working day (few at night, most at 11 and 15 o'clock). Of each hour the first half is plain
# requests, the second half streams. Only the load is compressed: what goes by the clock (leases, beats, roll-ups, limits of a minute, garbage collections) does so as ever. All keys take turns; limits and budgets are
# set on all of the eight scopes, so that every request goes through the ledger.
#
# HOURS (24) SECONDS_PER_HOUR (13) PEAK (24: connections to each gateway at the peak) LATENCY_MS (40) DAY_KEYS (1000) SAMPLE_SECONDS (3)
# OUT (artifacts/day): samples.csv and report.md. Exit code 1: a bound did not hold.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repository=$(cd "$here/../.." && pwd)
for part in processes stores targets; do source "$here/lib/$part.sh"; done
: "${HOURS:=24}" "${SECONDS_PER_HOUR:=13}" "${PEAK:=24}" "${LATENCY_MS:=40}" "${DAY_KEYS:=1000}" "${SAMPLE_SECONDS:=3}" "${MAX_SECONDS:=470}"
: "${LOAD_CPUS=}" "${GW_CPUS=}" "${NICE=}" "${MOCK_PORT:=9200}"
artifacts=$here/artifacts
: "${OUT:=$artifacts/day}"
mkdir -p "$OUT"
need_for ours
begin_work

if [[ ${1:-} == build ]]; then
  build_program upstream
  publish "$repository/Gateway" gateway
  publish "$repository/Portal" portal
  exit
fi
[[ -f $artifacts/portal/Portal.dll && -f $artifacts/gateway/Gateway.dll ]] || die "run '$0 build' first"

start_mock
start_stores
unset OPENAI_API_KEY ANTHROPIC_API_KEY GEMINI_API_KEY AZURE_OPENAI_API_KEY AZURE_OPENAI_ENDPOINT AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
token=$(random 24)
shared=(
  ASPNETCORE_ENVIRONMENT=Production
  "ConnectionStrings__gatewaydb=Host=127.0.0.1;Port=$postgres_port;Database=gatewaydb;Username=postgres;Password=$postgres_password"
  "ConnectionStrings__cache=127.0.0.1:$redis_port"
  "Gateway__MasterKey=$(random 32)"
)
env -C "$artifacts/portal" "${shared[@]}" "Seed__SimulatorUrl=$mock" "Seed__DemoKey=agw-$(random 24 | tr '+/' '-_')" timeout 120 dotnet Portal.dll migrate >"$work/migrate.log" 2>&1 ||
  { tail -20 "$work/migrate.log" >&2; die "Portal migrate failed"; }
for name in one two; do
  [[ $name == one ]] && port=$ours_port || port=$limited_port
  mkdir -p "$work/data-$name"
  launch "$name" "$port" env -C "$artifacts/gateway" "${shared[@]}" "ASPNETCORE_URLS=http://127.0.0.1:$port" "Gateway__DataPath=$work/data-$name" "OTEL_SERVICE_NAME=gateway-$name" dotnet Gateway.dll
done
launch portal "$cached_port" env -C "$artifacts/portal" "${shared[@]}" "ASPNETCORE_URLS=http://127.0.0.1:$cached_port" Portal__ApiOnly=true "Portal__AdminToken=$token" dotnet Portal.dll
for name in one two portal; do wait_for "${url[$name]}/health/ready" "$name" 40; done
add_keys "$DAY_KEYS" gatewaydb
set_limits gatewaydb one
for _ in {1..100}; do curl -s --max-time 2 "${url[two]}/health/ready" | jq -e '.checks.configuration.data.limits == 11' >/dev/null && break; sleep 0.1; done
curl -sf -o /dev/null --max-time 5 -X POST "$mock/knobs?LATENCY_MS=$LATENCY_MS&CHUNK_DELAY_MS=2"

metric() { awk -v name="$1" '$1 == name { print $2 }'; }
sample() { # HOUR : one line a process
  local name text
  for name in one two portal; do
    text=
    [[ $name == portal ]] || text=$(curl -s --max-time 2 "${url[$name]}/metrics" || true)
    echo "$SECONDS,$1,$name,$(awk '/^VmRSS/ { print $2 }' "/proc/${real[$name]}/status"),$(metric dotnet_gc_heap_size_bytes <<<"$text"),$(ls "/proc/${real[$name]}/fd" | wc -l),$(awk '/^Threads/ { print $2 }' "/proc/${real[$name]}/status"),$(metric llm_journal_depth <<<"$text")"
  done >>"$OUT/samples.csv"
}
# What is launched is env, which becomes dotnet.
declare -A real
for name in one two portal; do real[$name]=$(pid_on_port "$(port_of "${url[$name]}")"); done
echo "second,hour,process,rss_kib,heap_bytes,handles,threads,journal" >"$OUT/samples.csv"

# Of a hundred, by the hour: a working day in one time zone.
curve=(6 4 3 3 4 8 18 35 62 84 96 100 82 88 97 100 92 76 58 44 34 24 15 9)
export MODEL=demo-small KEY=x KEYS=$work/keys
load() { # SCRIPT CONNECTIONS SECONDS : both gateways at once; prints requests and failures
  local name
  for name in one two; do
    wrk -t1 -c"$2" -d"$3s" --timeout 10s -s "$here/$1.lua" "${url[$name]}/v1/chat/completions" 2>/dev/null | grep '^{' >>"$work/loads" &
    loads+=("$!")
  done
  wait "${loads[@]}"
}
load chat "$PEAK" 12; sleep 2; sample warm
: >"$work/loads"
began=$SECONDS
organisation=$(sql "select replace(id::text, '-', '') from organisations limit 1")
ask_redis() { redis-cli -p "$redis_port" "$@"; }
(
  while :; do
    sample "$(cat "$work/hour" 2>/dev/null || echo 0)"
    echo "$(ask_redis hlen "agw:{$organisation}:h") $(ask_redis memory usage "agw:{$organisation}:h" samples 0) $(ask_redis memory usage "agw:{$organisation}:d" samples 0)" >>"$work/holds"
    sleep "$SAMPLE_SECONDS"
  done
) &
sampler=$!
started+=("$sampler")
for ((hour = 0; hour < HOURS; hour++)); do
  echo "$hour" >"$work/hour"
  connections=$((PEAK * ${curve[hour % 24]} / 100)); ((connections >= 1)) || connections=1
  loads=(); load chat "$connections" $(((SECONDS_PER_HOUR + 1) / 2))
  loads=(); load stream "$connections" $((SECONDS_PER_HOUR / 2))
done
took=$((SECONDS - began))
for _ in {1..150}; do
  left=0
  for name in one two; do depth=$(curl -s "${url[$name]}/metrics" | metric llm_journal_depth); left=$((left + ${depth%.*})); done
  held=$(ask_redis hlen "agw:{$organisation}:h")
  [[ $left -ne 0 || $held -ne 0 ]] || break
  sleep 0.2
done
sleep 3; kill "$sampler" 2>/dev/null || true; sample end

# Settled of each budget, as Redis counts it, and what the records say.
read_budgets='local r = {} local all = redis.call("HGETALL", KEYS[1]) for i = 1, #all, 2 do if string.sub(all[i], 1, 2) == "b:" then local s, h = struct.unpack("<dd", all[i + 1]) r[#r + 1] = string.format("%s %.0f %.0f", string.sub(all[i], 3, 34), s, h) end end return r'
ask_redis eval "$read_budgets" 1 "agw:{$organisation}:m" >"$work/budgets"
sums=$(sql "select coalesce(sum(cost_nano_usd), 0) || ' ' || count(*) || ' ' || count(*) filter (where status = 'ok') from usage_records")
read -r recorded records ok <<<"$sums"
faults=()
while read -r budget kind scope; do
  settled=$(awk -v id="$budget" '$1 == id { s += $2 } END { printf "%.0f", s }' "$work/budgets")
  case $kind in
    organisation) of=$recorded ;;
    team) of=$(sql "select coalesce(sum(cost_nano_usd), 0) from usage_records where team_id = '$scope'") ;;
    user) of=$(sql "select coalesce(sum(cost_nano_usd), 0) from usage_records where user_id is not null") ;;
    *) of=$(sql "select coalesce(sum(cost_nano_usd), 0) from usage_records where feature is not null") ;;
  esac
  echo "| budget of each $kind | $settled | $of |" >>"$work/compared"
  [[ $settled == "$of" ]] || faults+=("the ledger says $settled of the $kind's budget, the records $of")
done < <(sql "select replace(id::text, '-', '') || ' ' || scope_kind || ' ' || coalesce(scope_id, '-') from budgets order by 1")
for _ in {1..100}; do [[ $(sql "select not exists (select from usage_records where tx >= (select done from usage_rollups))") == t ]] && break; sleep 0.2; done
rolled=$(sql "select coalesce(sum(cost_nano_usd), 0) from usage_days where facet = 0")
[[ $rolled == "$recorded" ]] || faults+=("roll-ups say $rolled, records $recorded")
[[ $left -eq 0 ]] || faults+=("the journals hold $left records")
[[ $held -eq 0 ]] || faults+=("$held requests still hold something")
requests=$(jq -s 'map(.requests) | add' "$work/loads") bad=$(jq -s 'map(.bad_status + .socket_errors) | add' "$work/loads")
[[ $bad -eq 0 ]] || faults+=("$bad requests failed")

middle() { awk -F, -v p="$1" -v from="$2" -v to="$3" -v c="$4" '$3 == p && $2 ~ /^[0-9]+$/ && $2 >= from && $2 <= to && $c != "" { print $c }' "$OUT/samples.csv" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
last() { awk -F, -v p="$1" -v h="$2" -v c="$3" '$3 == p && $2 == h { print $c }' "$OUT/samples.csv" | tail -1; }
most() { awk -F, -v p="$1" -v c="$2" '$3 == p && $c > m { m = $c } END { print m }' "$OUT/samples.csv"; }
{
  echo "24 hours in $took s ($SECONDS_PER_HOUR s an hour, at most $PEAK connections to each of two gateways, provider $LATENCY_MS ms): $requests requests, $bad failed, $records records ($ok ok)."
  echo; echo "| | RSS 9-12 h | RSS 14-17 h | RSS at the end | heap 9-12 h | heap 14-17 h | handles warm / most / end | threads warm / most / end | journal at most |"; echo "|---|---|---|---|---|---|---|---|---|"
  for name in one two portal; do
    echo "| $name | $(($(middle "$name" 9 12 4) / 1024)) MB | $(($(middle "$name" 14 17 4) / 1024)) MB | $(($(last "$name" end 4) / 1024)) MB | $(($(middle "$name" 9 12 5) / 1048576)) MB | $(($(middle "$name" 14 17 5) / 1048576)) MB | $(last "$name" warm 6) / $(most "$name" 6) / $(last "$name" end 6) | $(last "$name" warm 7) / $(most "$name" 7) / $(last "$name" end 7) | $(most "$name" 8) |"
  done
  echo; echo "| | ledger (nano-USD) | records |"; echo "|---|---|---|"; cat "$work/compared"; echo "| roll-ups of days | $rolled | $recorded |"
  echo; echo "Postgres: $(sql "select round(sum(pg_total_relation_size(inhrelid)) / greatest((select count(*) from usage_records), 1)) from pg_inherits where inhparent = 'usage_records'::regclass") B a usage record and $(sql "select round(sum(pg_total_relation_size(inhrelid)) / greatest((select count(*) from journeys), 1)) from pg_inherits where inhparent = 'journeys'::regclass") B a journey, indexes included; Redis: $(ask_redis memory usage "agw:{$organisation}:m" samples 0) B in $(ask_redis hlen "agw:{$organisation}:m") meters; $(awk '$1 > most && $2 ~ /^[0-9]+$/ && $3 ~ /^[0-9]+$/ { most = $1; bytes = $2 + $3 } END { printf "%d B in %d holds with their details", bytes, most }' "$work/holds")."
} >"$OUT/report.md"
# Memory that grows is higher at the second peak than at the first, by more than the collector's own ups and downs.
for name in one two; do
  first=$(middle "$name" 9 12 4) second=$(middle "$name" 14 17 4)
  ((second * 100 <= first * 115)) || faults+=("$name held $((first / 1024)) MB at the first peak and $((second / 1024)) MB at the second")
  (($(last "$name" end 6) <= $(last "$name" warm 6) + 32)) || faults+=("$name has $(last "$name" end 6) handles, $(last "$name" warm 6) after warming up")
  (($(last "$name" end 7) <= $(last "$name" warm 7) + 16)) || faults+=("$name has $(last "$name" end 7) threads, $(last "$name" warm 7) after warming up")
done
cat "$OUT/report.md"
rows_done=1
for fault in "${faults[@]}"; do echo "FAIL $fault"; done
[[ ${#faults[@]} -eq 0 ]] && echo PASS || exit 1
