#!/usr/bin/env bash
# Measures this gateway beside others against the mock provider in upstream/, over loopback only, all in one run.
#
#   tests/Bench/load.sh [--quick] [all|throughput|latency|dialects|limits|caches|screened|telemetry] [TARGET...]
#
# TARGET is direct, nginx, yarp, portkey, ours, or NAME=URL for a running gateway that answers URL/v1/chat/completions.
# Default: direct nginx yarp portkey ours (about 40 minutes). --quick: yarp ours, shorter and one round (about 4 minutes).
#
#   throughput  closed loop at each of CONNS connections, the provider answers at once
#   latency     LAT_CONNS connections, the provider takes LATENCY_MS (streams: CHUNK_DELAY_MS per chunk);
#               then, with one connection, the time to the first streamed byte
#   limits      ours alone, LIMIT_KEYS keys, at each of CONNS connections, LIMIT_ROUNDS times in turn: a gateway without limits and one with limits and
#               budgets on all of the eight scopes (a tier of requests, tokens and concurrency for each key; budgets of organisation, team, user and
#               feature; rates of team, agent, model and all together: 11 meters, Redis on loopback); then what they add to the p50 at LAT_CONNS connections
#               and a provider that takes LATENCY_MS
#   caches      ours alone, at each of CACHE_CONNS connections, ROUNDS times in turn: the provider itself, which answers at once, a gateway whose organisation keeps
#               replies and is asked the same again (hits), and the same one asked something new each time (misses, each of which is kept)
#   screened    ours alone, at SCREENED_CONNS connections, ROUNDS times in turn: a gateway without guardrails, one that masks personal data and secrets in prompts
#               and refuses injections (prompts), and one that looks at replies as well (replies); then, with one connection and CHUNK_DELAY_MS between
#               LONG_CHUNKS chunks, the time to the first token that a caller can show
#   telemetry   ours alone, at each of CONNS connections, TELEMETRY_ROUNDS times in turn: a gateway that tells nothing and those of TELEMETRY (all every figures lines; see
#               lib/telemetry.sh): traces, metrics with exemplars and logs over OTLP to a collector that takes them, a line for each request in a file, /metrics
#               read by a real Prometheus each SCRAPE_EVERY. Not part of `all`. Needs prometheus
#   dialects    DIALECT_CONNS connections, the provider (which speaks OpenAI's dialect) answers at once, streams have LONG_CHUNKS events:
#               OpenAI's callers through YARP and ours, Anthropic's callers (translated) through ours only
#
# Each figure takes DURATION seconds after WARMUP, ROUNDS (LAT_ROUNDS) times, targets taking turns, after one priming of PRIME seconds per
# target and kind (KINDS: chat stream): .NET on one core needs about 20 s before its figures mean anything. After each
# figure the run waits until the target and the stores are idle; CPU spent in that time (a usage journal being copied)
# counts as the target's, and disturbs no other target. A figure during which other processes of the machine used more than
# FOREIGN_PERCENT of a core is taken again, up to TRIES times, and the least disturbed one counts.
#
# `ours` is the gateway of this repository, published Release, on the gateway's core alone, with a private Postgres and Redis
# on the load's core, seeded by `Portal migrate` with one key and the model demo-small: authentication, routing, pricing
# and usage recording on. It ends with PASS or FAIL for each floor; FAIL also makes the exit code 1.
#
# LOAD_CPUS GW_CPUS   cores of wrk, provider and stores, and of the gateway; empty: not pinned
# NICE                priority of all that is measured (root: -15), so that other processes of the machine disturb less
# OUT                 where results.json and results.md go; default: artifacts/load beside this file
# MOCK_PORT           first of seventeen ports (9100)
# MAX_SECONDS         after which the run gives up
#
# Needs dotnet 10, wrk, jq, curl, ss, taskset, pgrep; nginx for nginx; node + npm for portkey, which is installed into
# artifacts/ beside this file; redis-server and Postgres's server binaries for ours. Says what is missing, installs nothing else.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repository=$(cd "$here/../.." && pwd)
for part in processes stores targets measure telemetry; do source "$here/lib/$part.sh"; done

quick= mode=all targets=()
[[ ${1:-} != --quick ]] || { quick=1; shift; }
case ${1:-} in
  all | throughput | latency | dialects | limits | caches | screened | telemetry) mode=$1; shift ;;
  -*) sed -n '2,/^set /p' "${BASH_SOURCE[0]}" | sed -n 's/^# \{0,1\}//p'; exit 2 ;;
esac
if [[ $quick ]]; then
  : "${DURATION:=5}" "${WARMUP:=2}" "${PRIME:=15}" "${ROUNDS:=1}" "${FIRST_BYTES:=15}" "${TRIES:=1}" "${MAX_SECONDS:=900}"
  [[ $# -gt 0 ]] || set -- yarp ours
fi
: "${CONNS:=32 256}" "${DURATION:=10}" "${WARMUP:=3}" "${PRIME:=20}" "${ROUNDS:=2}" "${KINDS:=chat stream}"
: "${TELEMETRY:=all}" "${TELEMETRY_ROUNDS:=6}" "${SCRAPE_EVERY:=5s}"
: "${CACHE_CONNS:=1 32}" "${SCREENED_CONNS:=32 256}" "${LIMIT_KEYS:=10000}" "${LIMIT_ROUNDS:=6}" "${DIALECT_CONNS:=8}" "${LONG_CHUNKS:=1000}" "${LAT_CONNS:=32}" "${LAT_ROUNDS:=3}" "${LATENCY_MS:=50}" "${SPREAD_MS:=10}" "${CHUNK_DELAY_MS:=5}" "${FIRST_BYTES:=40}" "${TRIES:=3}" "${FOREIGN_PERCENT:=20}" "${SETTLE_TURNS:=240}" "${MAX_SECONDS:=3600}"
: "${LOAD_CPUS=0}" "${GW_CPUS=1}" "${NICE=$([[ $EUID -ne 0 ]] || echo -15)}" "${MOCK_PORT:=9100}" "${PORTKEY_VERSION:=1.15.2}"
[[ $# -gt 0 ]] || set -- direct nginx yarp portkey ours

artifacts=$here/artifacts
: "${OUT:=$artifacts/load}"
mkdir -p "$OUT"
exec 9>"$artifacts/lock"
flock -n 9 || die "another load.sh is running; two at once would measure each other"
need_for "$@"
begin_work

build_program upstream
start_mock
for target in "$@"; do add_target "$target"; done
for target in "${targets[@]}"; do check "$target"; done

prime 8 "$PRIME"
case $mode in all | throughput) series throughput "$ROUNDS" $CONNS ;; esac
case $mode in all | dialects) dialects ;; esac
case $mode in all | limits) [[ ! ${pid[ours]:-} || ! $stores ]] || limits ;; esac
case $mode in all | caches) [[ ! ${pid[ours]:-} || ! $stores ]] || caches ;; esac
case $mode in all | screened) [[ ! ${pid[ours]:-} || ! $stores ]] || screened ;; esac
[[ $mode != telemetry || ! ${pid[ours]:-} || ! $stores ]] || telemetry
if [[ $mode == all || $mode == latency ]]; then
  curl -sf -o /dev/null --max-time 5 -X POST "$mock/knobs?LATENCY_MS=$LATENCY_MS&CHUNK_DELAY_MS=$CHUNK_DELAY_MS"
  prime "$LAT_CONNS" "$WARMUP"
  series latency "$LAT_ROUNDS" $LAT_CONNS
  for ((round = 1; round <= LAT_ROUNDS; round++)); do
    for target in "${targets[@]}"; do first_byte "$target" "$round"; done
  done
fi
if [[ ${pid[ours]:-} && $stores ]]; then count_records; fi

write_results
jq -rf "$here/report.jq" "$OUT/results.json" >"$OUT/results.md"
jq -rf "$here/floors.jq" "$OUT/results.json" >>"$OUT/results.md"
cat "$OUT/results.md"
say "results: $OUT/results.json, $OUT/results.md"
! grep -q '^FAIL' "$OUT/results.md"
